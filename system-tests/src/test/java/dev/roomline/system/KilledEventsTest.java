package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * SIGKILL in the moment in which a reader is told of a key or a room: whatever anybody was told of
 * is told to the webhook by the next process, in order; what cannot be written down yet, nobody is
 * told of. Over SQLite and PostgreSQL.
 */
final class KilledEventsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<JsonNode> delivered = new CopyOnWriteArrayList<>();
    private final CountDownLatch restarted = new CountDownLatch(1);
    private BridgeProcess bridge;
    private HttpServer receiver;

    /** Keeps the server from writing anything down. */
    private interface Lock {
        Connection take() throws SQLException;
    }

    @BeforeEach
    void receive() throws IOException {
        bridge = BridgeProcess.named("killed-events");
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.createContext(
                "/hook",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    // before the kill it takes what it is sent and says nothing
                    awaitRestart();
                    delivered.add(JsonMapper.shared().readTree(body));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        receiver.start();
    }

    private void awaitRestart() {
        try {
            restarted.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        restarted.countDown();
        bridge.close();
        receiver.stop(0);
    }

    @Test
    void whatWasToldIsToldAgainOverSqlite() throws SQLException {
        survives(
                () -> {
                    String file =
                            bridge.configuration().resolveSibling("data/roomline.db").toString();
                    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                    connection.createStatement().execute("BEGIN IMMEDIATE");
                    return connection;
                });
    }

    @Test
    void whatWasToldIsToldAgainOverPostgresql() throws IOException, SQLException {
        try (EmbeddedPostgres database = EmbeddedPostgres.builder().start()) {
            String url = database.getJdbcUrl("postgres", "postgres");
            bridge.set("database.url=" + url);
            survives(
                    () -> {
                        Connection connection = DriverManager.getConnection(url);
                        connection.setAutoCommit(false);
                        connection
                                .createStatement()
                                .execute("LOCK TABLE deliveries IN EXCLUSIVE MODE");
                        return connection;
                    });
            bridge.close();
        }
    }

    private void survives(Lock lock) throws SQLException {
        bridge.section(
                        "webhooks",
                        """
                        webhooks:
                          - { url: "http://127.0.0.1:%d/hook", events: [dtmf.received, "room.*"], allow_private: true }
                        """
                                .formatted(receiver.getAddress().getPort()))
                .start();
        List<JsonNode> told = killedWhenTheLastKeyIsTold();
        assertThat(digits(told)).containsExactly("1", "2", "3", "4");
        restarted.countDown();
        bridge.restart();
        awaitDelivered(told, 1);

        List<JsonNode> toldThen = killedBeforeAKeyIsWrittenDown(lock);
        assertThat(digits(toldThen)).containsExactly("5");
        bridge.restart();
        awaitDelivered(toldThen, 2);
    }

    private List<JsonNode> killedWhenTheLastKeyIsTold() {
        try (EventFeed feed = EventFeed.of(bridge);
                RtpPhone phone = new RtpPhone(bridge)) {
            phone.call(BridgeProcess.ROOM_CODE);
            feed.await("room.started");
            for (char key : "1234".toCharArray()) {
                phone.press(key);
            }
            for (int key = 0; key < 4; key++) {
                feed.await("dtmf.received");
            }
            bridge.crash();
            return feed.untilTheEnd();
        }
    }

    private List<JsonNode> killedBeforeAKeyIsWrittenDown(Lock lock) throws SQLException {
        try (EventFeed feed = EventFeed.of(bridge);
                RtpPhone phone = new RtpPhone(bridge)) {
            phone.call(BridgeProcess.ROOM_CODE);
            phone.press('5');
            feed.await("dtmf.received");
            try (Connection _ = lock.take()) {
                for (char key : "789".toCharArray()) {
                    phone.press(key);
                    // a round trip over HTTP, in which a reader would have been told
                    bridge.get("/v1/server");
                }
                bridge.crash();
            }
            return feed.untilTheEnd();
        }
    }

    /** Each once or more, each for the first time in order, and the end of the room behind them. */
    private void awaitDelivered(List<JsonNode> told, int rooms) {
        List<String> wanted =
                told.stream().filter(KilledEventsTest::isWanted).map(KilledEventsTest::id).toList();
        await("the webhook to be told")
                .atMost(LIMIT)
                .untilAsserted(
                        () -> {
                            List<String> ids =
                                    delivered.stream()
                                            .map(KilledEventsTest::id)
                                            .distinct()
                                            .toList();
                            assertThat(ids).containsAll(wanted);
                            assertThat(
                                            delivered.stream()
                                                    .filter(it -> type(it).equals("room.ended"))
                                                    .map(KilledEventsTest::id)
                                                    .distinct())
                                    .hasSize(rooms);
                        });
        List<String> keys =
                told.stream()
                        .filter(it -> type(it).startsWith("dtmf."))
                        .map(KilledEventsTest::id)
                        .toList();
        assertThat(delivered.stream().map(KilledEventsTest::id).distinct().filter(keys::contains))
                .containsExactlyElementsOf(keys);
    }

    private static boolean isWanted(JsonNode event) {
        return type(event).startsWith("room.") || type(event).equals("dtmf.received");
    }

    private static String type(JsonNode event) {
        return event.path("type").asString("");
    }

    private static String id(JsonNode event) {
        return event.path("id").asString("");
    }

    private static List<String> digits(List<JsonNode> events) {
        return events.stream()
                .filter(it -> type(it).equals("dtmf.received"))
                .map(it -> it.at("/data/digit").asString())
                .toList();
    }
}

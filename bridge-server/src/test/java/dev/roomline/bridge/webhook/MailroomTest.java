package dev.roomline.bridge.webhook;

import static dev.roomline.bridge.webhook.MailBench.NOON;
import static dev.roomline.bridge.webhook.MailBench.SECRET;
import static dev.roomline.bridge.webhook.MailBench.row;
import static dev.roomline.bridge.webhook.MailBench.types;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallRecord;
import dev.roomline.bridge.call.Course;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.DeliveryRow;
import dev.roomline.bridge.webhook.MailBench.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens is written down, and reaches whoever asked for it, in order and once. */
final class MailroomTest {
    @AutoClose private final MailBench mail;

    MailroomTest(@TempDir Path folder) throws IOException {
        mail = new MailBench(folder);
    }

    @Test
    void whatHappensReachesWhoAskedForItSignedAndWithItsOwnHeaders() throws Exception {
        mail.hook("/calls", true, "call.ended");
        mail.hook("/rooms", true, "room.*");
        mail.begin();
        mail.publish(EventType.CALL_RINGING, "call_1");
        mail.publish(EventType.CALL_ENDED, "call_1");
        Received one = mail.take(1).getFirst();
        assertThat(one.path()).isEqualTo("/calls");
        assertThat(one.event().get("type").asString()).isEqualTo("call.ended");
        String id = one.header("Webhook-id");
        assertThat(id).isEqualTo(one.event().get("id").asString());
        Instant at = Instant.ofEpochSecond(Long.parseLong(one.header("Webhook-timestamp")));
        assertThat(Duration.between(at, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
        byte[] body = one.event().toString().getBytes(StandardCharsets.UTF_8);
        assertThat(one.headers().get("Webhook-signature"))
                .containsExactly(Signature.headers(id, at, body, SECRET).get("webhook-signature"));
        assertThat(one.headers().get("X-app")).containsExactly("mine");
        mail.bus.publish(new Happening.OfRoom(EventType.ROOM_ENDED, "room_1", "R", NOON));
        assertThat(mail.take(1).getFirst().path()).isEqualTo("/rooms");
    }

    @Test
    void readersAreToldOfWhatIsWrittenDownForWebhooksAlone() throws Exception {
        mail.hook("/", true, "room.*");
        mail.begin();
        try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + mail.database())) {
            writer.createStatement().execute("BEGIN IMMEDIATE");
            mail.bus.publish(new Happening.OfRoom(EventType.ROOM_STARTED, "room_1", "R", NOON));
            mail.publish(EventType.CALL_RINGING, "call_1");
            assertThat(mail.bus.last()).isEqualTo(2);
            assertThat(mail.received.poll(50, TimeUnit.MILLISECONDS)).isNull();
            assertThat(mail.bus.told()).isZero();
        }
        assertThat(mail.take(1).getFirst().event().get("type").asString())
                .isEqualTo("room.started");
        mail.awaitTold(2);
    }

    @Test
    void withoutWebhooksAndWhileTheStoreIsAwayReadersDoNotWait() throws Exception {
        String hook = mail.hook("/", true, "*");
        Mailroom running = mail.begin();
        mail.store.webhooks().delete(hook);
        running.changed();
        mail.publish(EventType.CALL_RINGING, "call_1");
        mail.awaitTold(1);
        mail.hook("/", true, "*");
        running.changed();
        mail.store.close();
        mail.publish(EventType.CALL_RINGING, "call_2");
        mail.awaitTold(2);
    }

    @Test
    void eventsOfACallWaitForTheOneBeforeThemAndOthersDoNot() throws Exception {
        mail.status = request -> request <= 2 ? 503 : 200;
        String hook = mail.hook("/", true, "*");
        mail.begin();
        mail.publish(EventType.CALL_RINGING, "call_1");
        assertThat(types(mail.take(1))).containsExactly("call_1 call.ringing");
        mail.publish(EventType.CALL_ANSWERED, "call_1");
        mail.publish(EventType.CALL_ENDED, "call_1");
        List<Received> rest = mail.take(4);
        assertThat(types(rest))
                .containsExactly(
                        "call_1 call.ringing",
                        "call_1 call.ringing",
                        "call_1 call.answered",
                        "call_1 call.ended");
        assertThat(rest.get(0).event().get("id")).isEqualTo(rest.get(1).event().get("id"));
        mail.publish(EventType.CALL_RINGING, "call_2");
        mail.take(1);
        List<DeliveryRow> rows = mail.settled(hook, 4);
        assertThat(rows).extracting(DeliveryRow::state).containsOnly("delivered");
        assertThat(rows).extracting(DeliveryRow::attempts).containsExactlyInAnyOrder(3, 1, 1, 1);
    }

    @Test
    void ourOwnNetworkIsNotCalledAndTheDeliverySaysWhy() throws Exception {
        String hook = mail.hook("/", false, "*");
        mail.begin();
        mail.publish(EventType.CALL_RINGING, "call_1");
        Optional<DeliveryRow> tried = Optional.empty();
        for (int tries = 0; tried.isEmpty() && tries < 200; tries++) {
            TimeUnit.MILLISECONDS.sleep(25);
            tried =
                    mail.store.deliveries().list(hook, null, 1).items().stream()
                            .filter(one -> one.attempts() > 0)
                            .findFirst();
        }
        DeliveryRow row = tried.orElseThrow();
        assertThat(row.state()).isEqualTo("waiting");
        assertThat(row.lastError()).contains("allow_private");
        assertThat(mail.received).isEmpty();
    }

    @Test
    void whatWasWrittenDownIsDeliveredByTheNextProcess() throws Exception {
        String hook = mail.hook("/", true, "*");
        mail.begin();
        mail.status = _ -> 500;
        mail.publish(EventType.CALL_RINGING, "call_1");
        mail.publish(EventType.CALL_ENDED, "call_1");
        mail.take(1);
        mail.end();
        mail.received.clear();
        mail.status = _ -> 200;
        mail.nextProcess();
        mail.begin();
        assertThat(types(mail.take(2))).containsExactly("call_1 call.ringing", "call_1 call.ended");
        assertThat(mail.settled(hook, 2)).extracting(DeliveryRow::state).containsOnly("delivered");
    }

    @Test
    void aWebhookThatIsMadeLaterIsToldOfWhatHappensFromThenOn() throws Exception {
        Mailroom running = mail.begin();
        mail.publish(EventType.CALL_RINGING, "call_1");
        mail.hook("/", true, "*");
        running.changed();
        running.after(row -> CompletableFuture.completedStage(null))
                .put(record(row("call_1", null).crashed(NOON)))
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        mail.publish(EventType.CALL_ENDED, "call_1");
        assertThat(types(mail.take(1))).containsExactly("call_1 call.ended");
    }

    @Test
    void aCallsLastRowIsStoredAfterItsLastEvent() throws Exception {
        String hook = mail.hook("/", true, "call.ended");
        Mailroom running = mail.begin();
        mail.publish(EventType.CALL_ENDED, "call_1");
        List<Integer> written = new ArrayList<>();
        running.after(
                        _ -> {
                            written.add(mail.store.deliveries().list(hook, null, 9).items().size());
                            return CompletableFuture.completedStage(null);
                        })
                .put(record(row("call_1", NOON).crashed(NOON)))
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        assertThat(written).containsExactly(1);
    }

    private static CallRecord record(CallRow row) {
        return new CallRecord(row, Course.NONE, Optional.empty(), List.of(), null);
    }
}

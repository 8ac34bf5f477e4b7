package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.ApiServer.ADMIN;
import static dev.roomline.bridge.api.ApiServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.event.EventBus;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.room.LegSound;
import dev.roomline.media.loop.MediaRoom.Direction;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code /v1/events} as a reader of SSE sees it, and what webhooks were told. */
final class EventsApiTest {
    private static final Map<String, @Nullable Object> QUALITY =
            LegSound.words(
                    new LegReport(
                            "",
                            "none",
                            "PCMU",
                            "PCMU",
                            new Direction(900, 9_000, 0.02, 7, 1.5, 4.1),
                            new Direction(900, 9_000, 0.1, -1, -1, 3.2),
                            0.01,
                            40,
                            -30));

    @AutoClose private final ApiServer api;

    EventsApiTest(@TempDir Path folder) {
        api = new ApiServer(folder);
    }

    /** A reader of a stream, by hand: what is not read stays in the sockets. */
    private final class Reader implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;

        Reader(String query, String token, String lastEventId) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), api.port);
            socket.setSoTimeout(5000);
            String request =
                    "GET /v1/events"
                            + query
                            + " HTTP/1.0\r\nHost: a\r\nAuthorization: Bearer "
                            + token
                            + "\r\n"
                            + (lastEventId.isEmpty()
                                    ? ""
                                    : "Last-Event-ID: " + lastEventId + "\r\n")
                            + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            lines =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            while (!lines.readLine().equals(": roomline")) {
                // the head
            }
        }

        /** Its {@code id}, {@code event} and {@code data}; empty where the stream has ended. */
        Map<String, String> next() throws IOException {
            Map<String, String> fields = new java.util.LinkedHashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty() && !fields.isEmpty()) {
                    return fields;
                }
                int colon = line.indexOf(": ");
                if (colon > 0) {
                    fields.put(line.substring(0, colon), line.substring(colon + 2));
                }
            }
            return Map.of();
        }

        List<String> types(int count) throws IOException {
            List<String> types = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                types.add(next().get("event"));
            }
            return types;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Happening room(EventType type, String room) {
        return new Happening.OfRoom(type, room, "R", ApiServer.NOON);
    }

    private static Happening.Person person(String room) {
        return new Happening.Person(
                "part_1",
                new Happening.Place(room, "R", ApiServer.NOON),
                "Ann",
                "u",
                "phone",
                "guest",
                "joined",
                false,
                false,
                ApiServer.NOON,
                true,
                "call_1",
                Map.of("sip.h.x-a", "b"));
    }

    private List<Happening> oneOfEach(String room) {
        List<Happening> all = new ArrayList<>();
        for (EventType type : EventType.values()) {
            all.add(
                    switch (type.label().split("\\.")[0]) {
                        case "call" ->
                                new Happening.OfCall(
                                        type,
                                        ApiServer.call("call_1", "ringing").crashed(ApiServer.NOON),
                                        null,
                                        type == EventType.CALL_ENDED ? QUALITY : null);
                        case "participant" ->
                                new Happening.OfParticipant(
                                        type,
                                        person(room),
                                        type == EventType.PARTICIPANT_LEFT ? "left" : "");
                        case "dtmf" -> new Happening.Digit(person(room), '5', 120);
                        case "room" -> room(type, room);
                        default -> new Happening.OfTrunk(type, "t", "down", "No answer.");
                    });
        }
        return all;
    }

    @Test
    void everyKindOfEventIsToldAsItHappensAndFitsItsSchema() throws IOException {
        try (Reader reader = new Reader("", ADMIN, "")) {
            List<Happening> all = oneOfEach("room_1");
            all.forEach(api.events::publish);
            for (Happening happening : all) {
                Map<String, String> event = reader.next();
                assertThat(event).containsOnlyKeys("id", "event", "data");
                assertThat(event.get("event")).isEqualTo(happening.type().label());
                Contract.fits(
                        String.valueOf(event.get("data")),
                        Contract.reference("event"),
                        String.valueOf(event.get("data")));
                assertThat(ApiServer.JSON.readTree(event.get("data")).get("id").asString())
                        .isEqualTo(event.get("id"));
            }
        }
    }

    @Test
    void aReaderSeesWhatItAskedForAndWhatItsScopeAllows() throws IOException {
        String mine = json(api.post("/v1/rooms", "{}")).get("id").asString();
        try (Reader calls = new Reader("", ApiServer.CALLER, "");
                Reader reads = new Reader("?types=trunk.*,dtmf.received", ApiServer.READER, "");
                Reader ofRoom = new Reader("?room=" + mine + "&types=room.*", ADMIN, "")) {
            oneOfEach("room_other").forEach(api.events::publish);
            oneOfEach(mine).forEach(api.events::publish);
            assertThat(calls.types(5)).allMatch(type -> type.startsWith("call."));
            assertThat(reads.types(4))
                    .containsExactly("dtmf.received", "trunk.up", "trunk.down", "trunk.registered");
            assertThat(ofRoom.types(2)).containsExactly("room.started", "room.ended");
        }
    }

    @Test
    void wishesThatCannotBeServedAreRefused() {
        assertThat(api.get("/v1/events?types=call.over").statusCode()).isEqualTo(422);
        assertThat(api.get("/v1/events?room=nowhere").statusCode()).isEqualTo(404);
        assertThat(api.send("GET", "/v1/events?types=trunk.*", ApiServer.CALLER, "").statusCode())
                .isEqualTo(403);
        assertThat(api.send("GET", "/v1/events", "", "").statusCode()).isEqualTo(401);
        assertThat(api.send("HEAD", "/v1/events", ADMIN, "").statusCode()).isEqualTo(200);
    }

    @Test
    void whoComesAgainGetsWhatItMissed() throws IOException {
        String seen;
        try (Reader reader = new Reader("", ADMIN, "")) {
            api.events.publish(room(EventType.ROOM_STARTED, "room_1"));
            seen = String.valueOf(reader.next().get("id"));
        }
        api.events.publish(room(EventType.ROOM_ENDED, "room_1"));
        api.events.publish(room(EventType.ROOM_STARTED, "room_2"));
        try (Reader reader = new Reader("", ADMIN, seen)) {
            assertThat(reader.types(2)).containsExactly("room.ended", "room.started");
        }
    }

    @Test
    void aGapIsToldWhereWhatWasMissedIsNotKeptAnyMore() throws IOException {
        api.events.publish(room(EventType.ROOM_STARTED, "room_1"));
        try (Reader fromAnotherRun = new Reader("", ADMIN, "evt_abc-7")) {
            assertThat(fromAnotherRun.types(2)).containsExactly("gap", "room.started");
        }
        String first;
        try (Reader reader = new Reader("", ADMIN, "evt_abc-7")) {
            reader.next();
            first = String.valueOf(reader.next().get("id"));
        }
        for (int i = 0; i < EventBus.HISTORY + 5; i++) {
            api.events.publish(room(EventType.ROOM_ENDED, "room_" + i));
        }
        try (Reader late = new Reader("", ADMIN, first)) {
            assertThat(late.types(2)).containsExactly("gap", "room.ended");
        }
    }

    @Test
    void aReaderThatDoesNotReadIsCutOffAndCountedAndHarmsNobody() throws Exception {
        try (Reader idle = new Reader("", ADMIN, "")) {
            for (int i = 0;
                    i < 40 && !api.metrics.scrape().contains("readers_cut_total 1.0");
                    i++) {
                for (int j = 0; j < EventBus.HISTORY; j++) {
                    api.events.publish(room(EventType.ROOM_ENDED, "room_" + j));
                }
                Thread.sleep(50);
                if (i > 2) {
                    // it looks up when its connection has room again
                    for (int j = 0; j < 500; j++) {
                        idle.next();
                    }
                }
            }
            assertThat(api.metrics.scrape()).contains("roomline_events_readers_cut_total 1.0");
            while (!idle.next().isEmpty()) {
                // what was on its way
            }
        }
    }

    @Test
    void aDeliveryIsTestedListedAndToldAgain() {
        String hook =
                json(api.post("/v1/webhooks", "{\"url\":\"https://a.test/\"}"))
                        .get("id")
                        .asString();
        String path = "/v1/webhooks/" + hook;
        JsonNode test = json(api.post(path + "/test", ""));
        assertThat(test.get("type").asString()).isEqualTo("webhook.test");
        assertThat(test.get("state").asString()).isEqualTo("waiting");
        String id = test.get("id").asString();
        JsonNode again = json(api.post(path + "/deliveries/" + id + "/redeliver", ""));
        assertThat(again.get("event")).isEqualTo(test.get("event"));
        assertThat(api.wakes).hasValue(2);
        api.store
                .deliveries()
                .failed(id, 503, "answered with 503", java.util.Optional.empty(), Instant.now());
        assertThat(json(api.get(path + "/deliveries")).get("items")).hasSize(2);
        assertThat(json(api.get(path + "/deliveries")).get("items").findValuesAsString("state"))
                .containsExactlyInAnyOrder("waiting", "given_up");
        for (String unknown : List.of("/v1/webhooks/x/test", path + "/deliveries/x/redeliver")) {
            assertThat(api.post(unknown, "").statusCode()).isEqualTo(404);
        }
        assertThat(api.get("/v1/webhooks/x/deliveries").statusCode()).isEqualTo(404);
    }
}

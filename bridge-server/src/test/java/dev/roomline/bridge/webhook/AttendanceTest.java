package dev.roomline.bridge.webhook;

import static dev.roomline.bridge.webhook.MailBench.NOON;
import static dev.roomline.bridge.webhook.MailBench.row;
import static dev.roomline.bridge.webhook.MailBench.types;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.webhook.MailBench.Received;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who was in a room and which calls were open is told by the next process to be over. */
final class AttendanceTest {
    @AutoClose private final MailBench mail;

    AttendanceTest(@TempDir Path folder) throws IOException {
        mail = new MailBench(folder);
    }

    @Test
    void callsThatACrashLeftOpenAreToldOnceAndWhatWasToldIsNotToldAgain() throws Exception {
        mail.hook("/", true, "call.*");
        mail.store.calls().put(row("call_1", NOON));
        mail.store.calls().put(row("call_2", null));
        mail.begin().close();
        // killed before it could end the rows: the next start finds them open again
        mail.begin();
        List<String> told = types(mail.take(3));
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "call_1 call.answered", "call_1 call.ended", "call_2 call.ended");
        assertThat(told.indexOf("call_1 call.answered"))
                .isLessThan(told.indexOf("call_1 call.ended"));
        assertThat(mail.store.deliveries().typesOf("call_1")).hasSize(2);
        assertThat(mail.received.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }

    private static Happening.Person person(String id) {
        return new Happening.Person(
                id,
                new Happening.Place("room_1", "R", NOON.plusNanos(1_234_567)),
                "Ann",
                "u7",
                "browser",
                "guest",
                "joined",
                false,
                false,
                NOON,
                true,
                null,
                Map.of("sip.from", "+15550100"));
    }

    private void seen(EventType type, String person) {
        mail.bus.publish(new Happening.OfParticipant(type, person(person), ""));
    }

    @Test
    void whoWasInARoomWhenTheProcessDiedIsToldToHaveLeftOnce() throws Exception {
        mail.hook("/", true, "participant.joined", "participant.left", "room.*");
        mail.begin();
        Instant since = person("part_1").place().since();
        mail.bus.publish(new Happening.OfRoom(EventType.ROOM_STARTED, "room_1", "R", since));
        seen(EventType.PARTICIPANT_JOINED, "part_1");
        seen(EventType.PARTICIPANT_JOINED, "part_2");
        seen(EventType.PARTICIPANT_LEFT, "part_2");
        mail.take(4);
        // the process died: nobody told that part_1 left
        mail.nextProcess();
        mail.begin().close();
        mail.begin();
        List<Received> told = mail.take(2);
        assertThat(told)
                .extracting(one -> one.event().get("type").asString())
                .containsExactly("participant.left", "room.ended");
        JsonNode left = told.getFirst().event();
        assertThat(left.get("participant").asString()).isEqualTo("part_1");
        assertThat(left.at("/data/reason").asString()).isEqualTo("server_crashed");
        assertThat(left.at("/data/attributes/sip.from").asString()).isEqualTo("+15550100");
        assertThat(mail.received.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void whoNobodyAsksAboutIsNotWrittenDown() throws Exception {
        mail.hook("/", true, "call.*");
        Mailroom running = mail.begin();
        seen(EventType.PARTICIPANT_JOINED, "part_1");
        mail.publish(EventType.CALL_RINGING, "call_1");
        mail.take(1);
        assertThat(mail.store.deliveries().present("person")).isEmpty();
        running.close();
    }

    @Test
    void withTheLastWebhookItIsForgottenWhoIsThere() throws Exception {
        String hook = mail.hook("/", true, "*");
        Mailroom running = mail.begin();
        seen(EventType.PARTICIPANT_JOINED, "part_1");
        mail.bus.publish(new Happening.OfRoom(EventType.ROOM_STARTED, "room_1", "R", NOON));
        mail.take(2);
        assertThat(mail.store.deliveries().present("person")).hasSize(1);
        assertThat(mail.store.deliveries().present("room")).hasSize(1);
        assertThat(mail.store.webhooks().delete(hook)).isInstanceOf(Change.Done.class);
        running.changed();
        mail.publish(EventType.CALL_RINGING, "call_1");
        mail.awaitTold(3);
        assertThat(mail.store.deliveries().present("person")).isEmpty();
        assertThat(mail.store.deliveries().present("room")).isEmpty();
    }

    /**
     * What is told of a session is told by its very name: the instant is kept to the nanosecond.
     */
    @Test
    void whatIsWrittenDownOfAPersonIsReadAsItWas() {
        mail.store
                .deliveries()
                .addAll(
                        List.of(),
                        Attendance.changes(
                                new Event(
                                        1,
                                        "evt_1",
                                        NOON,
                                        new Happening.OfParticipant(
                                                EventType.PARTICIPANT_JOINED,
                                                person("part_1"),
                                                "")),
                                _ -> true));
        assertThat(Attendance.untoldLeaving(mail.store.deliveries()))
                .containsExactly(
                        new Happening.OfParticipant(
                                EventType.PARTICIPANT_LEFT, person("part_1"), "server_crashed"));
    }
}

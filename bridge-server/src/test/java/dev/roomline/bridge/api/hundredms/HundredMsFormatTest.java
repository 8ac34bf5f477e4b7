package dev.roomline.bridge.api.hundredms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.config.Declared.Webhook;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.webhook.Format.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HundredMsFormatTest {
    private static final Instant SINCE = Instant.parse("2026-11-21T12:00:00.250Z");
    private static final Instant JOINED = Instant.parse("2026-11-21T12:00:05Z");
    private static final Instant NOW = Instant.parse("2026-11-21T12:01:05.5Z");
    private static final String ROOM = Aliases.hex24("room_1");
    private static final String SESSION = Aliases.hex24("room_1" + SINCE);

    private final HundredMsFormat format = new HundredMsFormat();

    private static Webhook asking(String... events) {
        return new Webhook(
                "https://a.test/", "100ms", Secret.NONE, List.of(events), Map.of(), false);
    }

    private static Happening.Person person(String kind, boolean joined) {
        return new Happening.Person(
                "part_1",
                new Happening.Place("room_1", "Standup", SINCE),
                "Ann",
                "user.1",
                kind,
                "guest",
                "joined",
                false,
                false,
                JOINED,
                joined,
                kind.equals("phone") ? "call_1" : null,
                Map.of("sip.from", "+15550100"));
    }

    private static Happening participant(EventType type, String kind, String reason) {
        return new Happening.OfParticipant(type, person(kind, true), reason);
    }

    private static Happening room(EventType type) {
        return new Happening.OfRoom(type, "room_1", "Standup", SINCE);
    }

    private List<Message> told(Happening what, String... events) {
        return format.messages(new Event(1, "evt_x-1", NOW, what), asking(events));
    }

    private Message one(Happening what) {
        List<Message> all = told(what, "*");
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static String envelope(String type, String data) {
        return ("{'version':'2.0','id':'b2ab9c33-dc70-3dd2-8d7b-f54b59a08dda','account_id':'"
                        + Aliases.hex24("customer")
                        + "','app_id':'"
                        + Aliases.hex24("app")
                        + "','timestamp':'2026-11-21T12:01:05.500Z','type':'"
                        + type
                        + "','data':{'room_id':'"
                        + ROOM
                        + "','room_name':'Standup','session_id':'"
                        + SESSION
                        + "','session_started_at':'2026-11-21T12:00:00.250Z','template_id':'"
                        + Aliases.hex24("roles")
                        + "'"
                        + data
                        + "}}")
                .replace('\'', '"');
    }

    private static final String PEER =
            ",'peer_id':'part_1','user_id':'user.1','user_name':'Ann','user_data':'',"
                    + "'role':'guest','type':'%s','joined_at':'2026-11-21T12:00:05Z'";

    @Test
    void aRoomThatComesToLifeIsASessionThatOpens() {
        assertThat(one(room(EventType.ROOM_STARTED)))
                .isEqualTo(
                        new Message(
                                "session.open.success",
                                envelope("session.open.success", ""),
                                "room_1"));
    }

    @Test
    void anEmptyRoomIsASessionThatCloses() {
        assertThat(one(room(EventType.ROOM_ENDED)).body())
                .isEqualTo(
                        envelope(
                                "session.close.success",
                                ",'session_duration':65,"
                                        + "'session_stopped_at':'2026-11-21T12:01:05.500Z'"));
    }

    @Test
    void aPhoneThatJoinsIsAPeerOfTypeSip() {
        assertThat(one(participant(EventType.PARTICIPANT_JOINED, "phone", "")))
                .isEqualTo(
                        new Message(
                                "peer.join.success",
                                envelope("peer.join.success", PEER.formatted("sip")),
                                "room_1"));
    }

    @Test
    void aBrowserThatLeavesIsARegularPeerAndItsTimeIsCountedFromItsJoining() {
        assertThat(one(participant(EventType.PARTICIPANT_LEFT, "browser", "left")).body())
                .isEqualTo(
                        envelope(
                                "peer.leave.success",
                                PEER.formatted("regular")
                                        + ",'left_at':'2026-11-21T12:01:05.500Z','duration':60,"
                                        + "'reason':'client request','message':'left'"));
    }

    @ParameterizedTest
    @CsvSource({
        "hangup_caller, client request",
        "hangup_callee, client request",
        "left, client request",
        "hangup_api, peer kicked",
        "removed, peer kicked",
        "room_ended, peer kicked",
        "transport_lost, websocket closed",
        "session_expired, websocket closed",
        "media_timeout, ice connection state closed",
        "max_duration, server removed peer",
        "server_stopped, server removed peer"
    })
    void whyAPeerLeftIsSaidInTheWordsOf100ms(String ours, String theirs) {
        assertThat(one(participant(EventType.PARTICIPANT_LEFT, "phone", ours)).body())
                .contains("\"reason\":\"" + theirs + "\",\"message\":\"" + ours + "\"");
    }

    @Test
    void whoNeverJoinedNeitherJoinedNorLeft() {
        Happening gone =
                new Happening.OfParticipant(
                        EventType.PARTICIPANT_LEFT, person("phone", false), "no_answer");
        assertThat(told(gone, "*")).isEmpty();
    }

    @Test
    void nothingElseIsTold() {
        Stream.of(
                        EventType.PARTICIPANT_RINGING,
                        EventType.PARTICIPANT_UPDATED,
                        EventType.PARTICIPANT_TALKING)
                .forEach(type -> assertThat(told(participant(type, "phone", ""), "*")).isEmpty());
        assertThat(told(new Happening.Digit(person("phone", true), '1', 100), "*")).isEmpty();
        assertThat(told(new Happening.OfTrunk(EventType.TRUNK_UP, "t", "up", ""), "*")).isEmpty();
    }

    @Test
    void aWebhookIsToldOfWhatItAskedForByNameOrFamily() {
        Happening joined = participant(EventType.PARTICIPANT_JOINED, "phone", "");
        assertThat(told(joined, "peer.join.success")).hasSize(1);
        assertThat(told(joined, "peer.*")).hasSize(1);
        assertThat(told(joined, "session.*", "peer.leave.success")).isEmpty();
    }

    @Test
    void itIsTriedAgainAfterOneThreeAndTenSecondsAndThenEverMoreSeldomForADay() {
        Duration young = Duration.ofSeconds(20);
        assertThat(Stream.of(1, 2, 3, 4, 5).map(n -> format.retryAfter(n, young)))
                .containsExactly(
                        Optional.of(Duration.ofSeconds(1)),
                        Optional.of(Duration.ofSeconds(3)),
                        Optional.of(Duration.ofSeconds(10)),
                        Optional.of(Duration.ofSeconds(27)),
                        Optional.of(Duration.ofSeconds(81)));
        assertThat(format.retryAfter(40, Duration.ofHours(23).plusMinutes(1))).isEmpty();
    }

    @Test
    void aTestHasTheEnvelopeToo() {
        assertThat(format.test("evt_x-1", NOW).body())
                .startsWith("{\"version\":\"2.0\",\"id\":\"b2ab9c33-")
                .contains("\"type\":\"webhook.test\"");
    }
}

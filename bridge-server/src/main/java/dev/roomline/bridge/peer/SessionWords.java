package dev.roomline.bridge.peer;

import dev.roomline.bridge.room.PublicParticipant;
import dev.roomline.bridge.room.RoomEvent;
import dev.roomline.media.loop.MediaRoom.Direction;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the session protocol's messages look like. */
final class SessionWords {
    private SessionWords() {}

    static Map<String, Object> ok(String id) {
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("type", "ok");
        words.put("id", id);
        return words;
    }

    static Map<String, Object> error(String id, SessionFault fault) {
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("type", "error");
        words.put("id", id);
        words.put("status", fault.status());
        words.put("title", fault.title());
        words.put("detail", fault.detail());
        if (!fault.reason().isEmpty()) {
            words.put("reason", fault.reason());
        }
        if (fault.retryAfterSeconds() > 0) {
            words.put("retry_after_s", fault.retryAfterSeconds());
        }
        return words;
    }

    static Map<String, Object> participant(PublicParticipant participant) {
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("id", participant.id());
        words.put("name", participant.name());
        words.put("user_id", participant.userId());
        words.put("kind", participant.kind());
        words.put("role", participant.role());
        words.put("state", participant.state());
        words.put("muted", participant.muted());
        words.put("talking", participant.talking());
        words.put("joined_at", participant.joinedAt().truncatedTo(ChronoUnit.MILLIS).toString());
        words.put("attributes", participant.attributes());
        return words;
    }

    static Map<String, Object> event(RoomEvent event) {
        return switch (event) {
            case RoomEvent.Started started -> bare(started);
            case RoomEvent.Ended ended -> bare(ended);
            case RoomEvent.Ringing ringing -> about(ringing, ringing.participant(), Map.of());
            case RoomEvent.Joined joined -> about(joined, joined.participant(), Map.of());
            case RoomEvent.Left left ->
                    about(left, left.participant(), Map.of("reason", left.reason()));
            case RoomEvent.Updated updated -> about(updated, updated.participant(), Map.of());
            case RoomEvent.Talking talking ->
                    about(
                            talking,
                            talking.participant(),
                            Map.of("talking", talking.participant().talking()));
            case RoomEvent.Dtmf dtmf ->
                    about(
                            dtmf,
                            dtmf.participant(),
                            Map.of(
                                    "digit",
                                    String.valueOf(dtmf.digit()),
                                    "duration_ms",
                                    dtmf.durationMillis()));
            case RoomEvent.Slots slots -> slots(slots.slots());
        };
    }

    static Map<String, Object> slots(Map<String, String> slots) {
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("type", "slots");
        words.put("slots", slots);
        return words;
    }

    static Map<String, Object> quality(LegReport report) {
        Map<String, Object> received = direction(report.received());
        putKnown(received, "concealed", report.concealedShare());
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("type", "quality");
        words.put("sent", direction(report.sent()));
        words.put("received", received);
        putKnown(words, "rtt_ms", report.rttMillis());
        return words;
    }

    private static Map<String, Object> direction(Direction direction) {
        Map<String, Object> words = new LinkedHashMap<>();
        putKnown(words, "loss", direction.lossShare());
        putKnown(words, "jitter_ms", direction.jitterMillis());
        putKnown(words, "burst_ratio", direction.burstRatio());
        putKnown(words, "mos", direction.mos());
        return words;
    }

    /** The media relay says −1 for what it does not know. */
    private static void putKnown(Map<String, Object> words, String name, double value) {
        if (value >= 0) {
            words.put(name, value);
        }
    }

    private static Map<String, Object> about(
            RoomEvent event, PublicParticipant participant, Map<String, Object> data) {
        Map<String, Object> words = bare(event);
        words.put("participant", participant(participant));
        words.put("data", data);
        return words;
    }

    private static Map<String, Object> bare(RoomEvent event) {
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("type", event.type());
        words.put("id", event.stamp().id());
        words.put("at", event.stamp().at().truncatedTo(ChronoUnit.MILLIS).toString());
        words.put("room", event.stamp().room());
        return words;
    }
}

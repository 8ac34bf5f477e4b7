package dev.roomline.bridge.api.hundredms;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.config.Declared.Webhook;
import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.event.Happening.OfParticipant;
import dev.roomline.bridge.event.Happening.OfRoom;
import dev.roomline.bridge.event.Happening.Person;
import dev.roomline.bridge.event.Happening.Place;
import dev.roomline.bridge.store.DeliveryRow;
import dev.roomline.bridge.webhook.Format;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/**
 * Webhooks as 100ms sends them: sessions that open and close, peers that join and leave. Who trusts
 * them knows them by the headers that were configured. Of a room all go out in order, and so of a
 * call. Thread-safe.
 */
public final class HundredMsFormat implements Format {
    private static final String SESSION_OPEN = "session.open.success";
    private static final String SESSION_CLOSE = "session.close.success";
    private static final String PEER_JOIN = "peer.join.success";
    private static final String PEER_LEAVE = "peer.leave.success";

    /** What 100ms documents; then as seldom as any webhook, since nothing is to be lost. */
    private static final List<Duration> WAITS =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(10));

    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public List<Message> messages(Event event, Webhook to) {
        Optional<Told> told =
                switch (event.what()) {
                    case OfRoom room -> session(room, event.at());
                    case OfParticipant one -> peer(one, event.at());
                    case Happening.OfCall _,
                            Happening.OfTransfer _,
                            Happening.OfMove _,
                            Happening.Digit _,
                            Happening.OfTrunk _ ->
                            Optional.empty();
                };
        return told.filter(it -> wanted(to, it))
                .map(it -> List.of(message(event.id(), event.at(), it)))
                .orElse(List.of());
    }

    private static boolean wanted(Webhook to, Told told) {
        return Format.wants(to, told.type());
    }

    /**
     * @param room whose messages keep their order
     */
    private record Told(String type, String room, Map<String, Object> data) {}

    private static Message message(String eventId, Instant at, Told told) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("version", "2.0");
        body.put("id", uuid(eventId));
        body.put("account_id", HundredMs.CUSTOMER);
        body.put("app_id", HundredMs.APP);
        body.put("timestamp", HundredMs.time(at));
        body.put("type", told.type());
        body.put("data", told.data());
        return new Message(told.type(), JSON.writeValueAsString(body), told.room());
    }

    private static String uuid(String eventId) {
        return UUID.nameUUIDFromBytes(eventId.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static Optional<Told> session(OfRoom what, Instant at) {
        Place place = new Place(what.room(), what.name(), what.since());
        return switch (what.type()) {
            case ROOM_STARTED -> Optional.of(new Told(SESSION_OPEN, what.room(), of(place)));
            case ROOM_ENDED -> {
                Map<String, Object> data = of(place);
                data.put("session_duration", Duration.between(what.since(), at).toSeconds());
                data.put("session_stopped_at", HundredMs.time(at));
                yield Optional.of(new Told(SESSION_CLOSE, what.room(), data));
            }
            default -> Optional.empty();
        };
    }

    private static Map<String, Object> of(Place place) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("room_id", Aliases.hex24(place.room()));
        data.put("room_name", place.name());
        data.put("session_id", Aliases.session(place.room(), place.since()));
        data.put("session_started_at", HundredMs.time(place.since()));
        data.put("template_id", HundredMs.TEMPLATE);
        return data;
    }

    /** Who never joined never left: of a call that nobody answered nothing is told. */
    private static Optional<Told> peer(OfParticipant what, Instant at) {
        Person person = what.person();
        return switch (what.type()) {
            case PARTICIPANT_JOINED ->
                    Optional.of(new Told(PEER_JOIN, person.place().room(), of(person)));
            case PARTICIPANT_LEFT -> {
                if (!person.hasJoined()) {
                    yield Optional.empty();
                }
                Map<String, Object> data = of(person);
                data.put("left_at", HundredMs.time(at));
                data.put("duration", Duration.between(person.joinedAt(), at).toSeconds());
                data.put("reason", reason(what.reason()));
                data.put("message", what.reason());
                yield Optional.of(new Told(PEER_LEAVE, person.place().room(), data));
            }
            default -> Optional.empty();
        };
    }

    private static Map<String, Object> of(Person person) {
        Map<String, Object> data = of(person.place());
        data.put("peer_id", person.id());
        data.put("user_id", person.userId());
        data.put("user_name", person.name());
        data.put("user_data", "");
        data.put("role", person.role());
        data.put("type", person.kind().equals("phone") ? "sip" : "regular");
        data.put("joined_at", HundredMs.time(person.joinedAt()));
        return data;
    }

    /** One of the five that 100ms knows; ours stands in {@code message}. */
    private static String reason(String ours) {
        return switch (ours) {
            case "removed", "hangup_api", "room_ended" -> "peer kicked";
            case "transport_lost", "session_expired" -> "websocket closed";
            case "media_timeout" -> "ice connection state closed";
            case "server_stopped", "server_crashed", "max_duration" -> "server removed peer";
            default -> "client request";
        };
    }

    @Override
    public Map<String, String> headers(DeliveryRow delivery, byte[] body, Webhook to, Instant now) {
        return Map.of();
    }

    @Override
    public Message test(String eventId, Instant at) {
        return message(
                eventId,
                at,
                new Told("webhook.test", "", Map.of("text", "Somebody asked for this test.")));
    }

    /** It tells of peers, not of calls. */
    @Override
    public boolean told(EventType type, Set<String> written) {
        return false;
    }

    @Override
    public Optional<Duration> retryAfter(int failed, Duration age) {
        return failed <= WAITS.size()
                ? Optional.of(WAITS.get(failed - 1))
                : Format.super.retryAfter(failed, age);
    }
}

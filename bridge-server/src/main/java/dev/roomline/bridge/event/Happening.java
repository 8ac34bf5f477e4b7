package dev.roomline.bridge.event;

import dev.roomline.bridge.store.CallRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that happened, as its owner tells it. Immutable; made into text elsewhere. */
public sealed interface Happening {

    EventType type();

    /** The room that it happened in, by id. */
    @Nullable String room();

    default @Nullable String call() {
        return null;
    }

    default @Nullable String participant() {
        return null;
    }

    /** The event's {@code data}, as the API shows it. */
    Map<String, @Nullable Object> data();

    /** It happened to a call. */
    sealed interface InCall extends Happening {
        /** The call, as it is now; its detail is not told. */
        CallRow row();

        /** When its far end began to ring; null: it did not, or nobody knows. */
        @Nullable Instant rangAt();

        @Override
        default @Nullable String room() {
            return row().room();
        }

        @Override
        default String call() {
            return row().id();
        }

        @Override
        default @Nullable String participant() {
            return row().participant();
        }
    }

    /** Somebody in a room did it, or had it done to him. */
    sealed interface InRoom extends Happening {
        Person person();

        @Override
        default String room() {
            return person().place().room();
        }

        @Override
        default @Nullable String call() {
            return person().call();
        }

        @Override
        default String participant() {
            return person().id();
        }
    }

    /**
     * A call has come so far.
     *
     * @param quality how it sounded until it ended; null: not known, or of another type
     */
    record OfCall(
            EventType type,
            CallRow row,
            @Nullable Instant rangAt,
            @Nullable Map<String, @Nullable Object> quality)
            implements InCall {
        public OfCall(EventType type, CallRow row, @Nullable Instant rangAt) {
            this(type, row, rangAt, null);
        }

        public OfCall(EventType type, CallRow row) {
            this(type, row, null);
        }

        @Override
        public Map<String, @Nullable Object> data() {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("direction", row.direction());
            data.put("state", row.state());
            put(data, "trunk", row.trunk());
            put(data, "account", row.account());
            data.put("from", row.from());
            data.put("to", row.to());
            put(data, "name", row.name());
            put(data, "user_id", row.userId());
            data.put("started_at", time(row.startedAt()));
            put(data, "answered_at", row.answeredAt() == null ? null : time(row.answeredAt()));
            put(data, "ended_at", row.endedAt() == null ? null : time(row.endedAt()));
            data.put("end", row.endReason() == null ? null : end());
            put(data, "quality", quality);
            return data;
        }

        private Map<String, @Nullable Object> end() {
            Map<String, @Nullable Object> end = new LinkedHashMap<>();
            end.put("culprit", row.endCulprit() == null ? "unknown" : row.endCulprit());
            end.put("reason", row.endReason());
            end.put("sip_status", row.endSipStatus() == 0 ? null : row.endSipStatus());
            end.put("text", row.endText() == null ? "" : row.endText());
            return end;
        }
    }

    /** A transfer of a call has come a step further. */
    record OfTransfer(CallRow row, @Nullable Instant rangAt, TransferStep step) implements InCall {
        @Override
        public EventType type() {
            return EventType.CALL_TRANSFER;
        }

        @Override
        public Map<String, @Nullable Object> data() {
            Map<String, @Nullable Object> data = new OfCall(type(), row, rangAt).data();
            Map<String, @Nullable Object> transfer = new LinkedHashMap<>();
            transfer.put("to", step.to());
            transfer.put("state", step.state());
            transfer.put("sip_status", step.sipStatus() == 0 ? null : step.sipStatus());
            transfer.put("text", step.text());
            data.put("transfer", transfer);
            return data;
        }
    }

    /**
     * @param state {@code requested|accepted|trying|ringing|transferred|failed|unknown}
     * @param sipStatus 0: none was told
     */
    record TransferStep(String to, String state, int sipStatus, String text) {}

    /** A call goes into another room, or has. */
    record OfMove(CallRow row, @Nullable Instant rangAt, MoveStep step) implements InCall {
        @Override
        public EventType type() {
            return EventType.CALL_MOVED;
        }

        @Override
        public Map<String, @Nullable Object> data() {
            Map<String, @Nullable Object> data = new OfCall(type(), row, rangAt).data();
            Map<String, @Nullable Object> move = new LinkedHashMap<>();
            move.put("state", step.state());
            move.put("from_room", step.from());
            move.put("to_room", step.to());
            move.put("text", step.text());
            data.put("move", move);
            return data;
        }
    }

    /**
     * @param state {@code initiated|completed|failed}
     */
    record MoveStep(String state, String from, String to, String text) {}

    /**
     * @param reason why it left, a label of the end table; empty for other types
     * @param quality how a browser or program sounded until it left; null: not known, or of another
     *     type
     */
    record OfParticipant(
            EventType type,
            Person person,
            String reason,
            @Nullable Map<String, @Nullable Object> quality)
            implements InRoom {
        public OfParticipant(EventType type, Person person, String reason) {
            this(type, person, reason, null);
        }

        @Override
        public Map<String, @Nullable Object> data() {
            Map<String, @Nullable Object> data = person.data();
            put(data, "reason", reason.isEmpty() ? null : reason);
            put(data, "quality", quality);
            return data;
        }
    }

    /** Somebody pressed a key. */
    record Digit(Person person, char digit, int durationMillis) implements InRoom {
        @Override
        public EventType type() {
            return EventType.DTMF_RECEIVED;
        }

        @Override
        public Map<String, @Nullable Object> data() {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("digit", String.valueOf(digit));
            data.put("duration_ms", durationMillis);
            return data;
        }
    }

    /**
     * @param name the room's
     * @param since when somebody came into the empty room
     */
    record OfRoom(EventType type, String room, String name, Instant since) implements Happening {
        @Override
        public Map<String, @Nullable Object> data() {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("name", name);
            return data;
        }
    }

    /**
     * @param state {@code up|down|unknown}
     * @param lastError a sentence; empty: none
     */
    record OfTrunk(EventType type, String trunk, String state, String lastError)
            implements Happening {
        @Override
        public @Nullable String room() {
            return null;
        }

        @Override
        public Map<String, @Nullable Object> data() {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("trunk", trunk);
            data.put("state", state);
            put(data, "last_error", lastError.isEmpty() ? null : lastError);
            return data;
        }
    }

    /**
     * A participant as the API's readers see it.
     *
     * @param place where it is
     * @param joinedAt when it joined, or was seated if it has not
     * @param hasJoined whether it was ever heard: not, where nobody answered
     */
    record Person(
            String id,
            Place place,
            String name,
            String userId,
            String kind,
            String role,
            String state,
            boolean muted,
            boolean talking,
            Instant joinedAt,
            boolean hasJoined,
            @Nullable String call,
            Map<String, String> attributes) {

        private Map<String, @Nullable Object> data() {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("name", name);
            data.put("user_id", userId);
            data.put("kind", kind);
            data.put("role", role);
            data.put("state", state);
            data.put("muted", muted);
            data.put("talking", talking);
            data.put("joined_at", time(joinedAt));
            data.put("attributes", attributes);
            return data;
        }
    }

    /**
     * A room in which somebody is.
     *
     * @param since when somebody came into the empty room
     */
    record Place(String room, String name, Instant since) {}

    private static void put(Map<String, @Nullable Object> data, String name, @Nullable Object it) {
        if (it != null) {
            data.put(name, it);
        }
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}

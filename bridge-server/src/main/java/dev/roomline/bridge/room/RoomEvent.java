package dev.roomline.bridge.room;

import java.time.Instant;
import java.util.Map;

/**
 * What happened in a room, in order. Their names, as the API contract lists them, are {@link
 * #type}.
 */
public sealed interface RoomEvent {

    /** When and where, under which running number. */
    Stamp stamp();

    /** {@code participant.joined} and so on. */
    default String type() {
        return switch (this) {
            case Started _ -> "room.started";
            case Ended _ -> "room.ended";
            case Ringing _ -> "participant.ringing";
            case Joined _ -> "participant.joined";
            case Left _ -> "participant.left";
            case Updated _ -> "participant.updated";
            case Talking _ -> "participant.talking";
            case Dtmf _ -> "dtmf.received";
            case Slots _ -> "slots";
        };
    }

    /**
     * @param id {@code evt_…}, growing with time
     */
    record Stamp(String id, Instant at, String room) {}

    /** The first participant came. */
    record Started(Stamp stamp) implements RoomEvent {}

    /** The last one left, or somebody ended the room. */
    record Ended(Stamp stamp) implements RoomEvent {}

    /** It is being called, and has not answered. */
    record Ringing(Stamp stamp, PublicParticipant participant) implements RoomEvent {}

    record Joined(Stamp stamp, PublicParticipant participant) implements RoomEvent {}

    /**
     * @param reason label of the end table
     */
    record Left(Stamp stamp, PublicParticipant participant, String reason) implements RoomEvent {}

    /** Name, mute or hold changed. */
    record Updated(Stamp stamp, PublicParticipant participant) implements RoomEvent {}

    record Talking(Stamp stamp, PublicParticipant participant) implements RoomEvent {}

    record Dtmf(Stamp stamp, PublicParticipant participant, char digit, int durationMillis)
            implements RoomEvent {}

    /**
     * For one browser alone: whom each of its slots carries.
     *
     * @param browser the participant that it is for
     * @param slots MID to participant id
     */
    record Slots(Stamp stamp, String browser, Map<String, String> slots) implements RoomEvent {
        public Slots {
            slots = Map.copyOf(slots);
        }
    }
}

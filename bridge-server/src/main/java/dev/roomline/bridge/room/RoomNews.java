package dev.roomline.bridge.room;

import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import java.util.function.Consumer;

/** What happens in rooms, told to the API's readers of events. Owner: the signalling loop. */
final class RoomNews {
    private Consumer<Happening> reader = _ -> {};

    void tell(Consumer<Happening> to) {
        reader = to;
    }

    void started(LiveRoom room) {
        of(room, EventType.ROOM_STARTED);
    }

    void ended(LiveRoom room) {
        of(room, EventType.ROOM_ENDED);
    }

    private void of(LiveRoom room, EventType type) {
        reader.accept(new Happening.OfRoom(type, room.row.id(), room.row.name(), room.since));
    }

    void of(Participant participant, EventType type) {
        reader.accept(new Happening.OfParticipant(type, person(participant), ""));
    }

    void left(Participant participant, String reason) {
        reader.accept(
                new Happening.OfParticipant(
                        EventType.PARTICIPANT_LEFT, person(participant), reason));
    }

    void digit(Participant participant, char digit, int durationMillis) {
        reader.accept(new Happening.Digit(person(participant), digit, durationMillis));
    }

    private static Happening.Person person(Participant p) {
        return new Happening.Person(
                p.id,
                new Happening.Place(p.room.row.id(), p.room.row.name(), p.room.since),
                p.name,
                p.userId,
                p.kindLabel(),
                p.role,
                p.stateLabel(),
                p.muted(),
                p.talking,
                p.joinedAt(),
                p.hasJoined(),
                p.call,
                p.attributes);
    }
}

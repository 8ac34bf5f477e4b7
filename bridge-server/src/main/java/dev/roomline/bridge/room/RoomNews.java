package dev.roomline.bridge.room;

import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.room.RoomEvent.Stamp;
import dev.roomline.bridge.signal.Signal;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What happens in rooms, told to those who are in them, then to the API's readers of events. Owner:
 * the signalling loop.
 */
final class RoomNews {
    private final Signal signal;

    /** Of this run of the server: names of events are never used again. */
    private final String boot;

    private Consumer<Happening> reader = _ -> {};
    private long lastEvent;

    RoomNews(Signal signal) {
        this.signal = signal;
        this.boot = Long.toString(signal.now().toEpochMilli(), Character.MAX_RADIX);
    }

    void tell(Consumer<Happening> to) {
        reader = to;
    }

    private Stamp stamp(LiveRoom room) {
        String id = "evt_" + boot + "_" + ++lastEvent;
        return new Stamp(id, signal.now(), room.row.id());
    }

    void started(LiveRoom room) {
        of(room, EventType.ROOM_STARTED);
    }

    void ended(LiveRoom room) {
        room.tell(new RoomEvent.Ended(stamp(room)));
        of(room, EventType.ROOM_ENDED);
    }

    private void of(LiveRoom room, EventType type) {
        reader.accept(new Happening.OfRoom(type, room.row.id(), room.row.name(), room.since));
    }

    void ringing(Participant who) {
        who.room.tell(new RoomEvent.Ringing(stamp(who.room), who.shown()));
        of(who, EventType.PARTICIPANT_RINGING);
    }

    void joined(Participant who) {
        who.room.tell(new RoomEvent.Joined(stamp(who.room), who.shown()));
        of(who, EventType.PARTICIPANT_JOINED);
    }

    void updated(Participant who) {
        who.room.tell(new RoomEvent.Updated(stamp(who.room), who.shown()));
        of(who, EventType.PARTICIPANT_UPDATED);
    }

    void talking(Participant who) {
        who.room.tell(new RoomEvent.Talking(stamp(who.room), who.shown()));
        of(who, EventType.PARTICIPANT_TALKING);
    }

    private void of(Participant who, EventType type) {
        reader.accept(new Happening.OfParticipant(type, person(who), ""));
    }

    void left(Participant who, String reason) {
        who.room.tell(new RoomEvent.Left(stamp(who.room), who.shown(), reason));
        reader.accept(new Happening.OfParticipant(EventType.PARTICIPANT_LEFT, person(who), reason));
    }

    void digit(Participant who, char digit, int durationMillis) {
        who.room.tell(new RoomEvent.Dtmf(stamp(who.room), who.shown(), digit, durationMillis));
        reader.accept(new Happening.Digit(person(who), digit, durationMillis));
    }

    /**
     * Whom a browser hears in which of its slots; it alone wants to know.
     *
     * @param carries participants by MID
     */
    void slots(Participant browser, Map<String, String> carries) {
        browser.room.tell(new RoomEvent.Slots(stamp(browser.room), browser.id, carries));
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

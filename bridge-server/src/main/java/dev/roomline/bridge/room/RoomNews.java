package dev.roomline.bridge.room;

import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.room.RoomEvent.Stamp;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happens in rooms, told to those who are in them, then to the API's readers of events. Owner:
 * the signalling loop.
 */
final class RoomNews {
    /** A media loop answers within milliseconds, or is gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Signal signal;

    /** Of this run of the server: names of events are never used again. */
    private final String boot;

    private Consumer<Happening> reader = _ -> {};
    private Consumer<LegReport> meter = _ -> {};

    /** In the order in which they happened; the first waits to be known. */
    private final Deque<Told> untold = new ArrayDeque<>();

    private long lastEvent;

    RoomNews(Signal signal) {
        this.signal = signal;
        this.boot = Long.toString(signal.now().toEpochMilli(), Character.MAX_RADIX);
    }

    void tell(Consumer<Happening> to) {
        reader = to;
    }

    /** Who counts how browsers and programs sounded. */
    void measure(Consumer<LegReport> by) {
        meter = by;
    }

    /** Something that happened, which may not be known wholly yet. */
    private static final class Told {
        @Nullable Happening what;
    }

    /** Nothing overtakes what happened before it. */
    private void publish(Happening what) {
        if (untold.isEmpty()) {
            reader.accept(what);
        } else {
            Told behind = new Told();
            behind.what = what;
            untold.add(behind);
        }
    }

    private void settle(Told told, Happening what) {
        if (told.what == null) {
            told.what = what;
            while (!untold.isEmpty() && untold.getFirst().what != null) {
                reader.accept(Objects.requireNonNull(untold.removeFirst().what));
            }
        }
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
        publish(new Happening.OfRoom(type, room.row.id(), room.row.name(), room.since));
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
        publish(new Happening.OfParticipant(type, person(who), ""));
    }

    /**
     * @param last how it sounded; null: nobody asked
     */
    void left(Participant who, String reason, @Nullable CompletionStage<Optional<LegReport>> last) {
        who.room.tell(new RoomEvent.Left(stamp(who.room), who.shown(), reason));
        Happening.Person person = person(who);
        if (last == null) {
            publish(gone(person, reason, null));
            return;
        }
        Told told = new Told();
        untold.add(told);
        Signal.Later unknown =
                signal.after(PATIENCE, () -> settle(told, gone(person, reason, null)));
        signal.whenKnown(
                last,
                (known, _) -> {
                    unknown.cancel();
                    LegReport report = known == null ? null : known.orElse(null);
                    if (report != null) {
                        meter.accept(report);
                    }
                    settle(told, gone(person, reason, report));
                });
    }

    private static Happening gone(
            Happening.Person person, String reason, @Nullable LegReport report) {
        return new Happening.OfParticipant(
                EventType.PARTICIPANT_LEFT,
                person,
                reason,
                report == null ? null : LegSound.words(report));
    }

    void digit(Participant who, char digit, int durationMillis) {
        who.room.tell(new RoomEvent.Dtmf(stamp(who.room), who.shown(), digit, durationMillis));
        publish(new Happening.Digit(person(who), digit, durationMillis));
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

package dev.roomline.bridge.room;

import dev.roomline.bridge.config.RoomlineConfig.Permission;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.room.Participant.Kind;
import dev.roomline.bridge.room.Participant.Person;
import dev.roomline.bridge.room.Participant.State;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.media.loop.LegId;
import dev.roomline.media.loop.MediaRelay;
import dev.roomline.media.loop.MediaRoom;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms that this server holds, and who is in them. A room comes to life with its first
 * participant and goes with its last. Owner: the signalling loop; HTTP comes in by {@link
 * PostedRooms}.
 */
public final class LocalRooms {
    /** Nobody waits for what media loops say, that stop too. */
    private static final String STOPPED = "server_stopped";

    private static final Logger LOG = LoggerFactory.getLogger(LocalRooms.class);

    private final MediaRelay relay;
    private final Signal signal;
    private final Permissions permissions;
    private final Ids ids;
    private final Map<String, LiveRoom> live = new LinkedHashMap<>();
    private final AtomicInteger roomCount = new AtomicInteger();
    private final AtomicInteger participantCount = new AtomicInteger();
    private final RoomNews news;
    private final KeptPlaces places;
    private int lastLeg;

    public LocalRooms(MediaRelay relay, Signal signal, Permissions permissions, Ids ids) {
        this.relay = relay;
        this.signal = signal;
        this.permissions = permissions;
        this.ids = ids;
        this.news = new RoomNews(signal);
        this.places = new KeptPlaces(signal, lost -> left(lost, "transport_lost"));
    }

    /** Who reads the API's events, from now on; given once, before anybody comes. */
    public void tell(Consumer<Happening> reader) {
        news.tell(reader);
    }

    /** Who counts how browsers and programs sounded, from now on; given once. */
    public void measure(Consumer<LegReport> meter) {
        news.measure(meter);
    }

    /** Any thread. */
    public int roomCount() {
        return roomCount.get();
    }

    /** Any thread. */
    public int participantCount() {
        return participantCount.get();
    }

    /**
     * A seat for a caller; counts against the room's limit from now on.
     *
     * @param leaving the call whose place it takes, which does not count beside it; empty: none
     */
    public PhoneSeat.Seating seatPhone(
            RoomRow row,
            String role,
            String name,
            String userId,
            Map<String, String> attributes,
            String call,
            PhoneLine line,
            String leaving) {
        if (isFull(row, leaving)) {
            return new PhoneSeat.Seating.Full();
        }
        Person person = new Person(name, userId, attributes, call);
        LegId leg = new LegId(++lastLeg);
        Participant participant = seat(row, leg, Kind.PHONE, person, role, line, "");
        return new PhoneSeat.Seating.Seated(new PhoneSeat(this, signal, participant));
    }

    /** A seat for a caller who is still asked for a room: alone, seen by nobody. */
    public PhoneSeat seatWaiting(String name, String call, PhoneLine line) {
        return new PhoneSeat(
                this,
                signal,
                Lobby.seat(relay, signal, ids, new LegId(++lastLeg), name, call, line));
    }

    boolean isFull(RoomRow row) {
        return isFull(row, "");
    }

    private boolean isFull(RoomRow row, String leaving) {
        LiveRoom room = live.get(row.id());
        long seated =
                room == null
                        ? 0
                        : room.participants.values().stream()
                                .filter(participant -> !leaving.equals(participant.call))
                                .count();
        return seated >= row.maxParticipants();
    }

    Participant seatBrowser(RoomRow row, Kind kind, Person person, String role) {
        return seat(row, new LegId(++lastLeg), kind, person, role, null, ids.secret());
    }

    Participant seat(
            RoomRow row,
            LegId leg,
            Kind kind,
            Person person,
            String role,
            @Nullable PhoneLine line,
            String secret) {
        LiveRoom room = live.computeIfAbsent(row.id(), _ -> open(row));
        room.row = row;
        Participant participant =
                new Participant(
                        ids.next("part_"),
                        leg,
                        room,
                        kind,
                        person,
                        role,
                        permissions.may(role, Permission.SPEAK),
                        line,
                        secret,
                        signal.now());
        room.seat(participant);
        participantCount.incrementAndGet();
        places.keep(participant);
        return participant;
    }

    private LiveRoom open(RoomRow row) {
        MediaRoom media = relay.openRoom(label(row), new MediaNews(row.id(), this, news, signal));
        roomCount.incrementAndGet();
        LOG.info("event=room_started room={}", row.id());
        LiveRoom room = new LiveRoom(row, media, signal.now());
        news.started(room);
        return room;
    }

    /** What people know the room by. */
    private static String label(RoomRow row) {
        return row.codes().isEmpty() ? row.id() : row.codes().getFirst().code();
    }

    /** It is being called: the room sees it before it answers. */
    void ringing(Participant participant) {
        if (participant.state == State.RINGING && !participant.announced) {
            participant.announced = true;
            news.ringing(participant);
        }
    }

    /** What it sends is heard before it answers: a ringing tone, an announcement. */
    void heardEarly(Participant participant) {
        if (participant.state == State.RINGING) {
            muteUnlessAllowed(participant);
            participant.room.media.join(participant.leg);
        }
    }

    private static void muteUnlessAllowed(Participant participant) {
        if (!participant.maySpeak) {
            participant.room.media.setMuted(participant.leg, true);
        }
    }

    /** Its media stands: the room is told. */
    void joined(Participant participant) {
        if (participant.state != State.RINGING || participant.isWaiting()) {
            return;
        }
        participant.state = State.JOINED;
        participant.joinedAt = signal.now();
        muteUnlessAllowed(participant);
        LOG.info(
                "event=joined room={} participant={} kind={} role={}",
                participant.room.row.id(),
                participant.id,
                participant.kindLabel(),
                participant.role);
        news.joined(participant);
        participant.room.media.join(participant.leg);
    }

    void left(Participant participant, String reason) {
        if (participant.state == State.LEFT) {
            return;
        }
        if (participant.isWaiting()) {
            participant.state = State.LEFT;
            participant.room.media.remove(participant.leg);
            participant.room.media.close();
            return;
        }
        CompletionStage<Optional<LegReport>> last = lastReport(participant, reason);
        participant.room.media.remove(participant.leg);
        gone(participant, reason, last);
    }

    /** How a browser or program sounded; a phone's call says that itself. */
    private static @Nullable CompletionStage<Optional<LegReport>> lastReport(
            Participant participant, String reason) {
        boolean stays = participant.state == State.JOINED && !reason.equals(STOPPED);
        return participant.line == null && stays
                ? participant.room.media.report(participant.leg)
                : null;
    }

    /**
     * Its seat is free.
     *
     * @param reason label of the end table, or {@code moved} into another room
     */
    void gone(Participant participant, String reason) {
        gone(participant, reason, null);
    }

    private void gone(
            Participant participant,
            String reason,
            @Nullable CompletionStage<Optional<LegReport>> last) {
        boolean wasSeen = participant.state == State.JOINED || participant.announced;
        participant.state = State.LEFT;
        participant.talking = false;
        places.giveUp(participant);
        LiveRoom room = participant.room;
        room.unseat(participant);
        participantCount.decrementAndGet();
        LOG.info(
                "event=left room={} participant={} kind={} reason={}",
                room.row.id(),
                participant.id,
                participant.kindLabel(),
                reason);
        if (wasSeen) {
            news.left(participant, reason, last);
        }
        if (room.participants.isEmpty()) {
            close(room);
        }
    }

    private void close(LiveRoom room) {
        if (live.remove(room.row.id(), room)) {
            roomCount.decrementAndGet();
            room.media.close();
            news.ended(room);
            LOG.info("event=room_ended room={}", room.row.id());
        }
    }

    /** Removes one: a phone's call hangs up and gives the seat back itself. */
    void remove(Participant participant) {
        if (participant.line != null) {
            participant.line.removed();
        } else {
            left(participant, "removed");
        }
    }

    /** Everybody out: phones get BYE, browsers are told that the room ended. */
    public void end(String roomId) {
        LiveRoom room = live.get(roomId);
        if (room == null) {
            return;
        }
        for (Participant participant : List.copyOf(room.participants.values())) {
            if (participant.line != null) {
                participant.line.roomEnded();
            } else {
                left(participant, "room_ended");
            }
        }
    }

    /** The server stops: browsers and programs are told; phones are their calls' affair. */
    public void sendEverybodyAway() {
        for (LiveRoom room : live()) {
            seated(room).stream()
                    .filter(participant -> participant.line == null)
                    .forEach(participant -> left(participant, STOPPED));
        }
    }

    void setMuted(Participant participant, boolean muted) {
        if (participant.mutedByChoice == muted) {
            return;
        }
        participant.mutedByChoice = muted;
        participant.room.media.setMuted(participant.leg, participant.muted());
        updated(participant);
    }

    void setHeld(Participant participant, boolean held) {
        if (participant.heldByUs != held) {
            participant.heldByUs = held;
            participant.room.media.setHeld(participant.leg, held);
            if (participant.line != null) {
                participant.line.held(held);
            }
            updated(participant);
        }
    }

    void heldByPeer(Participant participant, boolean held) {
        if (participant.heldByPeer != held) {
            participant.heldByPeer = held;
            updated(participant);
        }
    }

    void rename(Participant participant, String name) {
        if (!participant.name.equals(name)) {
            participant.name = name;
            updated(participant);
        }
    }

    private void updated(Participant participant) {
        if (participant.state == State.JOINED) {
            news.updated(participant);
        }
    }

    void dtmf(Participant participant, char digit, int durationMillis) {
        if (participant.isWaiting() && participant.line != null) {
            participant.line.pressed(digit);
        }
        if (participant.state == State.JOINED) {
            news.digit(participant, digit, durationMillis);
        }
    }

    /** Those of browsers and programs. */
    KeptPlaces places() {
        return places;
    }

    /** The seat whose secret this is, its farewell called off. */
    public Optional<BrowserSeat> back(String secret) {
        return places.back(secret).map(participant -> new BrowserSeat(this, participant));
    }

    Optional<LiveRoom> live(String roomId) {
        return Optional.ofNullable(live.get(roomId));
    }

    Collection<LiveRoom> live() {
        return List.copyOf(live.values());
    }

    Optional<Participant> find(String roomId, String participantId) {
        return live(roomId).map(room -> room.participants.get(participantId));
    }

    boolean may(Participant participant, Permission permission) {
        return permissions.may(participant.role, permission);
    }

    List<Participant> seated(LiveRoom room) {
        return new ArrayList<>(room.participants.values());
    }
}

package dev.roomline.bridge.room;

import dev.roomline.bridge.config.RoomlineConfig.Permission;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.media.loop.MediaRoom.LegReport;
import dev.roomline.media.loop.MediaRoom.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A browser's place in a room, as its session holds it. Owner: the signalling loop; stages end on
 * the room's media loop.
 */
public final class BrowserSeat {
    private final LocalRooms rooms;
    private final Participant participant;

    BrowserSeat(LocalRooms rooms, Participant participant) {
        this.rooms = rooms;
        this.participant = participant;
    }

    public String participantId() {
        return participant.id;
    }

    public String secret() {
        return participant.secret;
    }

    public String roomId() {
        return participant.room.row.id();
    }

    public String roomName() {
        return participant.room.row.name();
    }

    public PublicParticipant self() {
        return participant.shown();
    }

    /** Everybody whom the room shows, oneself included. */
    public List<PublicParticipant> everybody() {
        return rooms.seated(participant.room).stream()
                .filter(p -> p.state == Participant.State.JOINED || p.announced)
                .map(Participant::shown)
                .toList();
    }

    /** MID to participant id, as last told. */
    public Map<String, String> slots() {
        return participant.slots;
    }

    public void watch(Consumer<RoomEvent> watcher) {
        participant.room.watch(watcher);
    }

    public void unwatch(Consumer<RoomEvent> watcher) {
        participant.room.unwatch(watcher);
    }

    /** As it was stored when somebody last came in. */
    public RoomRow room() {
        return participant.room.row;
    }

    /** What its role lets it do, as the session protocol writes it. */
    public List<String> permissions() {
        return Arrays.stream(Permission.values())
                .filter(this::may)
                .map(permission -> permission.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    public boolean may(Permission permission) {
        return rooms.may(participant, permission);
    }

    public CompletionStage<Outcome> reoffer(byte[] offer) {
        return participant.room.media.reoffer(participant.leg, offer, null);
    }

    public void setMuted(boolean muted) {
        rooms.setMuted(participant, muted);
    }

    public void dtmf(char digit, int durationMillis) {
        rooms.dtmf(participant, digit, durationMillis);
    }

    /** Somebody else in the same room; false if it is not there. */
    public boolean remove(String participantId) {
        Optional<Participant> other = rooms.find(roomId(), participantId);
        other.ifPresent(rooms::remove);
        return other.isPresent();
    }

    /** What became of muting somebody else. */
    public enum Muting {
        DONE,
        NOT_THERE,
        /** A microphone is opened by whoever sits before it, and by nobody else. */
        THEIR_OWN
    }

    /** Somebody else in the same room. Only a phone, which cannot itself, is unmuted by others. */
    public Muting muteOther(String participantId, boolean muted) {
        Optional<Participant> other = rooms.find(roomId(), participantId);
        if (other.isEmpty()) {
            return Muting.NOT_THERE;
        }
        if (!muted && other.get().kind != Participant.Kind.PHONE) {
            return Muting.THEIR_OWN;
        }
        rooms.setMuted(other.get(), muted);
        return Muting.DONE;
    }

    public CompletionStage<Optional<LegReport>> report() {
        return participant.room.media.report(participant.leg);
    }

    /** The socket is away: the place is kept for half a minute. */
    public void away() {
        rooms.places().away(participant);
    }

    public void leave() {
        rooms.left(participant, "left");
    }
}

package dev.roomline.bridge.room;

import dev.roomline.bridge.config.RoomlineConfig.Permission;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.media.loop.MediaRoom;
import dev.roomline.media.loop.MediaRoom.BlackBox;
import dev.roomline.media.loop.MediaRoom.LegReport;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A phone's place in a room, held by its call from admission to the end. Owner: the signalling
 * loop; stages end on the room's media loop.
 */
public final class PhoneSeat {
    private final LocalRooms rooms;
    private final Signal signal;
    private boolean switching;

    /** Another one when it has gone into another room. */
    Participant participant;

    PhoneSeat(LocalRooms rooms, Signal signal, Participant participant) {
        this.rooms = rooms;
        this.signal = signal;
        this.participant = participant;
    }

    /** What became of asking for a seat. */
    public sealed interface Seating {
        record Seated(PhoneSeat seat) implements Seating {}

        record Full() implements Seating {}
    }

    public String participantId() {
        return participant.id;
    }

    /** Whoever waits hears this; none: silence. */
    public void announce(short[] samples) {
        if (participant.isWaiting()) {
            media().announce(samples);
        }
    }

    /**
     * From the lobby into a room, whose people see it from then on; the phone sees nothing of it.
     *
     * @return ends on the signalling loop; fails if the media is gone
     */
    public CompletionStage<Seating> enter(
            RoomRow row,
            String role,
            String name,
            String userId,
            Map<String, String> attributes,
            String call) {
        return new Relocation(rooms, signal)
                .begin(this, row, role, new Participant.Person(name, userId, attributes, call));
    }

    /** The room that it is in, by its id; of who waits in the lobby it is nobody else's. */
    public String room() {
        return participant.room.row.id();
    }

    /** Its room, where its role may call somebody into it; empty where not. */
    public Optional<RoomRow> mayDialInto() {
        boolean may =
                participant.state == Participant.State.JOINED
                        && rooms.may(participant, Permission.DIAL);
        return may ? Optional.of(participant.room.row) : Optional.empty();
    }

    /** It takes part in a room, and is not on its way into another. */
    public boolean maySwitch() {
        return participant.state == Participant.State.JOINED && !switching;
    }

    /**
     * From its room into another: who was there sees it leave, those who are here see it join.
     *
     * @param userId as the other room knows it; empty: as this one
     * @return ends on the signalling loop; fails if the media is gone
     */
    public CompletionStage<Seating> switchTo(RoomRow row, String userId) {
        Participant now = participant;
        switching = true;
        return new Relocation(rooms, signal)
                .begin(
                        this,
                        row,
                        now.role,
                        new Participant.Person(
                                now.name,
                                userId.isEmpty() ? now.userId : userId,
                                now.attributes,
                                now.call))
                .whenComplete((_, _) -> switching = false);
    }

    public CompletionStage<Outcome> addMedia(PhoneRequest request) {
        return media().addPhone(participant.leg, request);
    }

    /** Prepares for a new offer of the peer's; null: we shall offer. */
    public CompletionStage<Outcome> reoffer(
            byte @Nullable [] offer, InetSocketAddress signallingAddress) {
        return media().reoffer(participant.leg, offer, signallingAddress);
    }

    /** Prepares an offer of ours that says whether we hold. */
    public CompletionStage<Outcome> propose() {
        return media().propose(participant.leg);
    }

    /** What was prepared has left. */
    public void commit() {
        media().commit(participant.leg);
    }

    /** What was prepared or offered came to nothing. */
    public void abandon() {
        media().abandon(participant.leg);
    }

    /** The answer to our offer. */
    public CompletionStage<Outcome> answer(byte[] answer) {
        return media().answer(participant.leg, answer);
    }

    /**
     * The answer of one whom we call; an early one may be followed by another.
     *
     * @param answer null: what was agreed early holds
     */
    public CompletionStage<Outcome> answerCalled(
            byte @Nullable [] answer, InetSocketAddress from, boolean early) {
        return media().answerCalled(participant.leg, answer, from, early);
    }

    /** Closes the media and keeps the place: another carrier is tried, with media of its own. */
    public void dropMedia() {
        media().remove(participant.leg);
    }

    /** The room sees that it is being called. */
    public void ringing() {
        rooms.ringing(participant);
    }

    /** The room hears what comes before the answer. */
    public void heardEarly() {
        rooms.heardEarly(participant);
    }

    /** The ACK came. */
    public void release() {
        media().release(participant.leg);
    }

    /** The room sees it from here on. */
    public void joined() {
        rooms.joined(participant);
    }

    /** The peer put us on hold, or took us off it. */
    public void heldByPeer(boolean held) {
        rooms.heldByPeer(participant, held);
    }

    /**
     * Presses keys on the far end by RTP.
     *
     * @param asTones where no telephone events are agreed they are sent as tones
     * @return false where it takes none so
     */
    public CompletionStage<Boolean> press(
            String digits, int toneMillis, int gapMillis, boolean asTones) {
        return media().press(participant.leg, digits, toneMillis, gapMillis, asTones);
    }

    /** A digit that came by signalling (INFO). */
    public void dtmf(char digit, int durationMillis) {
        rooms.dtmf(participant, digit, durationMillis);
    }

    public CompletionStage<Optional<LegReport>> report() {
        return media().report(participant.leg);
    }

    /** The last half minute of what came in. */
    public CompletionStage<Optional<BlackBox>> blackBox() {
        return media().blackBox(participant.leg);
    }

    /**
     * Gives the seat back; its media closes at once. A second time without effect.
     *
     * @param reason label of the end table
     */
    public void leave(String reason) {
        rooms.left(participant, reason);
    }

    private MediaRoom media() {
        return participant.room.media;
    }
}

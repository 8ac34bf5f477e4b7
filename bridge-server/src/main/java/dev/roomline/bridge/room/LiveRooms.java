package dev.roomline.bridge.room;

import dev.roomline.media.loop.MediaRoom.Flow;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The live side of rooms as HTTP sees it. Thread-safe: each method posts to the signalling loop;
 * virtual threads may wait on the stages. Rooms are named by their stored id.
 */
public interface LiveRooms {

    CompletionStage<List<ParticipantView>> participants(String roomId);

    CompletionStage<Optional<ParticipantView>> participant(String roomId, String participantId);

    /** Joins a browser or program by its offer. */
    CompletionStage<JoinOutcome> join(BrowserJoin join);

    CompletionStage<Optional<ParticipantView>> update(
            String roomId, String participantId, ParticipantPatch patch);

    /**
     * Removes a participant (a phone gets BYE with reason {@code removed}); false if it is not
     * there.
     */
    CompletionStage<Boolean> remove(String roomId, String participantId);

    /** A browser leaves by its own secret; false if the secret is not that participant's. */
    CompletionStage<Boolean> leave(String roomId, String participantId, String secret);

    /** What holds of who publishes or listens; empty: the secret is of no such one. */
    CompletionStage<Optional<Described>> described(
            String roomId, String participantId, String secret);

    /**
     * A new offer of it, as an ICE restart makes it.
     *
     * @param before what the offer is meant to follow
     */
    CompletionStage<Reoffered> reoffer(
            String roomId, String participantId, String secret, Described before, byte[] offer);

    /** Ends a room: BYE to all phones, browsers told; reason {@code room_ended}. */
    CompletionStage<Void> end(String roomId);

    /** Live rooms: id to number of participants. */
    CompletionStage<Map<String, Live>> live();

    /**
     * @param since when its first participant joined
     */
    record Live(int participants, Instant since) {}

    /**
     * @param roomCode as given by the client, not yet checked; null with a token
     * @param room the id that a join token names; null with a code
     * @param kind {@code browser} or {@code program}
     * @param source the client's address: wrong codes are counted against it
     * @param loopback whether the client's own address is loopback
     * @param flow which way its media may flow
     */
    @SuppressWarnings("ArrayRecordComponent")
    record BrowserJoin(
            @Nullable String roomCode,
            @Nullable String room,
            @Nullable String role,
            String name,
            String userId,
            String kind,
            byte[] offer,
            InetAddress source,
            boolean loopback,
            Flow flow) {}

    /**
     * The last offer of who publishes or listens, and our answer to it. Each is another object: it
     * stands for one ICE session.
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Described(byte[] offer, byte[] answer) {}

    /** What became of a new offer of such a one. */
    sealed interface Reoffered {
        record Agreed(Described now) implements Reoffered {}

        /** Its session goes on as it was. */
        record Refused(String detail) implements Reoffered {}

        /** Another came first. */
        record Overtaken() implements Reoffered {}
    }

    /** Absent values leave things as they are. */
    record ParticipantPatch(
            Optional<Boolean> muted,
            OptionalDouble volumeDb,
            Optional<Boolean> held,
            Optional<String> name) {}

    /** What became of a join. */
    sealed interface JoinOutcome {
        /**
         * @param secret the participant's credential for leaving and resuming
         * @param answer SDP answer
         */
        @SuppressWarnings("ArrayRecordComponent")
        record Joined(ParticipantView participant, String roomName, String secret, byte[] answer)
                implements JoinOutcome {}

        /** 404. */
        record UnknownCode() implements JoinOutcome {}

        /** 429: too many wrong codes from this source. */
        record TooFast(Duration retryAfter) implements JoinOutcome {}

        /** 409. */
        record Full() implements JoinOutcome {}

        /** 503: draining, overloaded. */
        record Unavailable(String detail) implements JoinOutcome {}

        /** 422: the offer cannot be served. */
        record BadOffer(String detail) implements JoinOutcome {}
    }
}

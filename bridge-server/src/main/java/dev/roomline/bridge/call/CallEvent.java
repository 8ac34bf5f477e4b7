package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.message.HeaderField;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can happen to a call, from whichever side. */
sealed interface CallEvent {

    /** The caller may enter a room. */
    record Admitted() implements CallEvent {}

    /** The caller is asked for its credentials; it comes again with a new INVITE. */
    record Challenged(int status, List<HeaderField> headers) implements CallEvent {
        public Challenged {
            headers = List.copyOf(headers);
        }
    }

    /** Our side of the media is ready. */
    record MediaReady() implements CallEvent {}

    /**
     * The call's first row is stored.
     *
     * @param weOffer the INVITE had no offer: ours goes out in the 200 (RFC 3264 §5)
     */
    record Stored(boolean weOffer) implements CallEvent {}

    /** Setting the call up takes so long that the caller should hear a ringing tone. */
    record Slow() implements CallEvent {}

    /**
     * The ACK of our 200.
     *
     * @param answer null if it brought none
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Acked(byte @Nullable [] answer) implements CallEvent {}

    /** The answer in the ACK suits our offer. */
    record AnswerTaken() implements CallEvent {}

    /**
     * A re-INVITE or UPDATE came.
     *
     * @param offer null: the peer asks for ours
     * @param source where it came from: a phone that changed its network says so by this
     * @param tag the peer's: before the answer there may be several
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Reinvited(
            RequestId request, byte @Nullable [] offer, InetSocketAddress source, String tag)
            implements CallEvent {}

    /**
     * The media follows the new description.
     *
     * @param weOffer the re-INVITE had no offer: our 200 carries one, the ACK its answer
     * @param sdp what our 200 carries
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record ReofferReady(boolean weOffer, byte[] sdp) implements CallEvent {}

    /** What we want of the session is not what was agreed: the phone is to be told. */
    record OfferDue() implements CallEvent {}

    /** The offer for a re-INVITE of ours is made. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record ProposalReady(byte[] sdp) implements CallEvent {}

    /** The phone answered our re-INVITE with 2xx. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record ProposalAnswered(byte[] answer) implements CallEvent {}

    /**
     * An offer of ours in a running call came to nothing: it was refused, or its answer does not
     * suit it. The session stays as it was (RFC 3261 §14.1).
     */
    record ProposalFailed(String why) implements CallEvent {}

    /** The new description cannot be served; the session stays as it was (RFC 3261 §14.2). */
    record ReofferRefused(CallEnd why) implements CallEvent {}

    /** What happens on the way to the answer of a call that we place. */
    sealed interface Placing extends CallEvent {}

    /** It has a seat in the room, and at least one way to go. */
    record Ordered() implements Placing {}

    /**
     * Its trunk lets it go, and it is known by which of our addresses the carrier is reached; or
     * the carrier is to be reached by another one.
     */
    record Turn(Road road) implements Placing {}

    /** The way leads nowhere, or failed before anything rang: the next is taken. */
    record NextWay() implements Placing {}

    /** The carrier named another address within its own domain: the call goes there. */
    record Moved() implements Placing {}

    /** The far end rings: 180 and its like. */
    record Rang() implements Placing {}

    /**
     * There is sound before the answer.
     *
     * @param from where the response came from
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record EarlyAnswer(byte[] answer, InetSocketAddress from) implements Placing {}

    /**
     * The far end answered.
     *
     * @param answer null: neither it nor its early dialog described anything
     * @param tag of its early dialog, if it was one
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record PickedUp(byte @Nullable [] answer, InetSocketAddress from, String tag)
            implements Placing {}

    /** What ends the call, or refuses it when it was not answered yet. */
    sealed interface Ending extends CallEvent {
        CallEnd end();
    }

    /** Refused before anybody authenticated: no call came to be. */
    record TurnedAway(CallEnd end) implements Ending {}

    /** Refused by the room, a limit or the media. */
    record Refused(CallEnd end) implements Ending {}

    /** The store did not take the row: what is not recorded is not answered. */
    record StoreFailed(CallEnd end) implements Ending {}

    /** Setting up took longer than anybody should wait. */
    record SetupExpired(CallEnd end) implements Ending {}

    /** The caller's CANCEL; the core has answered 487. */
    record Cancelled(CallEnd end) implements Ending {}

    /** The ACK brought no answer, or one that does not suit our offer. */
    record AnswerRefused(CallEnd end) implements Ending {}

    /** Our side ends it: API, room, media, time limit, stop. */
    record HangUp(CallEnd end) implements Ending {}

    /** The dialog is over: the peer's BYE, ours answered, or the peer lost. */
    record DialogOver(CallEnd end) implements Ending {}
}

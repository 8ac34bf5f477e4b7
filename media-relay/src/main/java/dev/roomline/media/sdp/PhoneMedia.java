package dev.roomline.media.sdp;

import dev.roomline.media.codec.AudioCodec;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What was agreed with a SIP peer: everything that its leg is assembled from.
 *
 * @param codec the one codec of both directions
 * @param payloadTypeSent on what we send
 * @param payloadTypeReceived on what comes in
 * @param ptimeMillis length of the packets that we send: 10 to 60, a multiple of 10
 * @param remoteRtp where we send RTP; its address is {@code 0.0.0.0} on an old-style hold
 * @param remoteRtcp where we send RTCP; equal to {@code remoteRtp} when muxed
 * @param rtcpMux both on one port, both ways (RFC 5761)
 * @param direction ours: whether we send and whether we receive
 * @param heldByPeer the peer put us on hold: sendonly, inactive, {@code c=0.0.0.0} or port 0
 * @param telephoneEvent null: not negotiated
 * @param comfortNoise payload type of CN (RFC 3389) at this clock rate, −1: not negotiated
 * @param opus the peer's wishes; the defaults for other codecs
 * @param protection what protects both directions on the wire
 * @param ice how its addresses are found; null: they are those above
 */
public record PhoneMedia(
        AudioCodec codec,
        int payloadTypeSent,
        int payloadTypeReceived,
        int ptimeMillis,
        InetSocketAddress remoteRtp,
        InetSocketAddress remoteRtcp,
        boolean rtcpMux,
        Direction direction,
        boolean heldByPeer,
        @Nullable TelephoneEvent telephoneEvent,
        int comfortNoise,
        OpusParameters opus,
        MediaProtection protection,
        @Nullable IceAgreement ice) {

    /** Plain RTP, without ICE. */
    public PhoneMedia(
            AudioCodec codec,
            int payloadTypeSent,
            int payloadTypeReceived,
            int ptimeMillis,
            InetSocketAddress remoteRtp,
            InetSocketAddress remoteRtcp,
            boolean rtcpMux,
            Direction direction,
            boolean heldByPeer,
            @Nullable TelephoneEvent telephoneEvent,
            int comfortNoise,
            OpusParameters opus) {
        this(
                codec,
                payloadTypeSent,
                payloadTypeReceived,
                ptimeMillis,
                remoteRtp,
                remoteRtcp,
                rtcpMux,
                direction,
                heldByPeer,
                telephoneEvent,
                comfortNoise,
                opus,
                MediaProtection.Plain.RTP,
                null);
    }

    /** What its payload types mean on what comes in. */
    public Incoming incoming() {
        return new Incoming(codec, payloadTypeReceived, telephoneEvent, comfortNoise);
    }

    /**
     * Whether what the peer sends is for us to hear. Whoever puts us on hold may send music, and a
     * room is not the place for it.
     */
    public boolean isHeard() {
        return direction.receives() && !heldByPeer;
    }

    /** The peer sends and does not hear. */
    boolean onlySends() {
        return direction == Direction.RECVONLY;
    }

    /** The same before the call is answered: who only sends then announces, and holds nobody. */
    PhoneMedia unanswered() {
        return onlySends() ? with(direction, false) : this;
    }

    /** Whether the peer has an address to send to: {@code 0.0.0.0} is none, but ICE finds one. */
    public boolean hasAddress() {
        return ice != null || !remoteRtp.getAddress().isAnyLocalAddress();
    }

    PhoneMedia with(Direction newDirection, boolean newlyHeld) {
        return with(newDirection, newlyHeld, protection, ice);
    }

    /** The same under another protection. */
    public PhoneMedia protectedBy(MediaProtection by) {
        return with(direction, heldByPeer, by, ice);
    }

    /** The same by ICE. */
    public PhoneMedia reachedBy(@Nullable IceAgreement agreed) {
        return with(direction, heldByPeer, protection, agreed);
    }

    private PhoneMedia with(
            Direction newDirection,
            boolean newlyHeld,
            MediaProtection by,
            @Nullable IceAgreement agreed) {
        return new PhoneMedia(
                codec,
                payloadTypeSent,
                payloadTypeReceived,
                ptimeMillis,
                remoteRtp,
                remoteRtcp,
                rtcpMux,
                newDirection,
                newlyHeld,
                telephoneEvent,
                comfortNoise,
                opus,
                by,
                agreed);
    }
}

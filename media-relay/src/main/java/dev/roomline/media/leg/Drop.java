package dev.roomline.media.leg;

import dev.roomline.media.ice.IceLiteAgent;
import dev.roomline.media.srtp.SrtpFault;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why something was dropped or refused: a closed set, counted per loop. */
public enum Drop {
    /** A datagram, or what it carries, larger than any packet of sound. */
    OVERSIZE,
    /** No RTP packet. */
    RTP_MALFORMED,
    /** From an address that may not be heard. */
    RTP_STRANGER,
    /** From a permitted address that has not proven itself yet. */
    RTP_UNPROVEN,
    /** From a permitted address while another is the phone's. */
    RTP_SUPERSEDED,
    /** From a peer with a right to be heard, but more than any sound has packets. */
    RTP_FLOOD,
    /** Of a payload type that was not negotiated. */
    RTP_UNNEGOTIATED,
    /** Sound of a leg that is muted, held, or heard by nobody. */
    RTP_UNHEARD,
    /** The jitter buffer would not have it: late, twice, or no packet of its codec. */
    RTP_UNPLAYABLE,
    /** No RTCP. */
    RTCP_MALFORMED,
    /** RTCP from another host than the leg's. */
    RTCP_STRANGER,
    /** Telephone-event payload that is none. */
    DTMF_MALFORMED,
    /** A key of somebody who sends more of them than can be pressed. */
    DTMF_FLOOD,
    /** On a WebRTC port, neither STUN nor DTLS nor RTP. */
    WEBRTC_GARBAGE,
    /** STUN for a user name that nobody here has. */
    STUN_UNKNOWN_USER,
    /** STUN that its agent refused: integrity, fingerprint, too many addresses. */
    STUN_REFUSED,
    /** A browser none of whose checks ever led to a nominated pair. */
    ICE_NEVER_CONNECTED,
    /** DTLS or SRTP from an address that has passed no authenticated check. */
    WEBRTC_STRANGER,
    /** DTLS that the association refused. */
    DTLS_REFUSED,
    /** SRTP before the handshake was done. */
    SRTP_EARLY,
    /** SRTP or SRTCP that is forged, damaged or under another key. */
    SRTP_NOT_AUTHENTIC,
    /** SRTP or SRTCP that was there before. */
    SRTP_REPLAYED,
    /** SRTP under a key that has protected as many packets as its owner said it would. */
    SRTP_KEY_SPENT,
    /** SRTP that could not be handled for another reason. */
    SRTP_REFUSED,
    /** A speaker's packet for a browser whose slots all carry others. */
    NO_SLOT,
    /** A packet that came too late for the slot it belongs to. */
    SLOT_LATE,
    /** A packet of a speaker who has sent a slot a second more of sound than of time. */
    SLOT_FLOOD,
    /** A packet that the kernel would not take. */
    SEND_FAILED,
    /** A message to a loop whose queue is full. */
    POST_REFUSED,
    /** A bug of ours ended a leg. */
    LEG_FAULT,
    /** A bug of ours, caught at the loop's edge: what it struck was dropped, and no leg ended. */
    LOOP_FAULT;

    /** Why a check was not answered with success; null: it was, or none was due. */
    static @Nullable Drop of(IceLiteAgent.Verdict verdict) {
        return switch (verdict) {
            case ANSWERED, ANSWERED_WITH_ERROR, IGNORED -> null;
            case MALFORMED, BAD_FINGERPRINT, BAD_INTEGRITY, TOO_MANY_ADDRESSES -> STUN_REFUSED;
            case UNKNOWN_USER -> STUN_UNKNOWN_USER;
        };
    }

    /** Why a packet could not be opened. */
    static Drop of(SrtpFault fault) {
        return switch (fault) {
            case NOT_AUTHENTIC -> SRTP_NOT_AUTHENTIC;
            case REPLAYED -> SRTP_REPLAYED;
            case MALFORMED, TOO_MANY_SSRCS, CIPHER -> SRTP_REFUSED;
        };
    }

    /** As in metrics: {@code rtp_stranger}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.roomline.media.loop;

import java.net.InetSocketAddress;
import java.util.Map;

/**
 * What a room's media tells the product. Called on the room's loop: an implementation must only
 * post elsewhere.
 */
public interface MediaListener {

    /**
     * The leg's media works: first accepted RTP of a phone, DTLS done and ICE nominated for a
     * browser. Told once.
     */
    void onConnected(LegId leg);

    /**
     * A phone's RTP was accepted from this address for the first time, or from another than before.
     * Told a bounded number of times in a call.
     *
     * @param why one sentence, without secrets
     */
    default void onAddress(LegId leg, InetSocketAddress remote, String why) {}

    /** It began or ceased to speak. */
    void onTalking(LegId leg, boolean talking);

    /**
     * Which leg each slot of a browser now carries, by MID; a MID that is absent carries nobody.
     */
    void onSlots(LegId browser, Map<String, LegId> slots);

    /** A telephone event ended. {@code digit} is one of {@code 0-9*#A-D}. */
    void onDtmf(LegId leg, char digit, int durationMillis);

    /**
     * The leg's media is over for a reason of its own; the product decides what follows and then
     * removes it.
     */
    void onLost(LegId leg, Loss loss, String detail);

    /** Closed set. */
    enum Loss {
        /** Neither RTP nor RTCP for the silence time-out. */
        MEDIA_TIMEOUT,
        /** No authenticated STUN check within 30 s (RFC 7675). */
        CONSENT_EXPIRED,
        /**
         * The DTLS handshake failed, timed out, or showed another certificate than the SDP's
         * fingerprint.
         */
        DTLS_FAILED,
        /** The peer closed DTLS. */
        DTLS_CLOSED,
        /** The peer's media port answers "port unreachable". */
        PORT_CLOSED,
        /** A bug of ours ended this leg alone; it is logged and counted. */
        FAULT
    }
}

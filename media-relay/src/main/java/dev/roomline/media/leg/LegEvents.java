package dev.roomline.media.leg;

import java.net.InetSocketAddress;

/** What a leg tells its room, on the loop that owns both. */
public interface LegEvents {
    /** Its media works. Told once. */
    void onConnected(Leg leg);

    /** Sound came that the next ticks may play. */
    void onSound(Leg leg);

    /**
     * One Opus packet of a browser, still encoded, to be forwarded.
     *
     * @param levelDbov as the browser tells it (RFC 6464), −127 to 0
     */
    void onOpus(
            BrowserLeg leg,
            long sequence,
            long timestamp,
            int levelDbov,
            byte[] payload,
            int offset,
            int length,
            long nowNanos);

    /**
     * Its sound comes from this address from now on. Told a bounded number of times.
     *
     * @param why one sentence
     */
    default void onAddress(Leg leg, InetSocketAddress remote, String why) {}

    /** A telephone event ended. */
    void onDtmf(Leg leg, char digit, int durationMillis);

    /** Its media is over for a reason of its own. Told once. */
    void onLost(Leg leg, LegLoss loss, String detail);
}

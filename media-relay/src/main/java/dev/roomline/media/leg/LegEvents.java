package dev.roomline.media.leg;

import java.net.InetSocketAddress;

/** What a leg tells its room, on the loop that owns both. */
public interface LegEvents {
    /** Its media works. Told once. */
    void onConnected(Leg leg);

    /** Sound came that the next ticks may play. */
    void onSound(Leg leg);

    /**
     * A packet of its sound, still encoded, to be handed on as it is; the level is the peer's own
     * word (RFC 6464) or measured.
     *
     * @return whether anybody could play it so
     */
    boolean onPacket(Leg leg, SoundPacket sound, long nowNanos);

    /** Its sound pauses for sure: it sends comfort noise, or a key. */
    default void onPause(Leg leg) {}

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

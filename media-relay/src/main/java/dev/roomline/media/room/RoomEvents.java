package dev.roomline.media.room;

import dev.roomline.media.leg.LegLoss;
import java.net.InetSocketAddress;

/** What a room tells the loop that owns it; legs by their numbers. */
public interface RoomEvents {
    void onConnected(int leg);

    void onTalking(int leg, boolean talking);

    /**
     * @param carries for each slot the leg that it carries, 0: nobody
     */
    void onSlots(int browser, int[] carries);

    /**
     * A phone's sound comes from this address from now on.
     *
     * @param why one sentence
     */
    default void onAddress(int leg, InetSocketAddress remote, String why) {}

    void onDtmf(int leg, char digit, int durationMillis);

    void onLost(int leg, LegLoss loss, String detail);

    /** A bug of ours struck while this leg was served; it is to be taken out. */
    void onFault(int leg, RuntimeException fault);

    /** The room wants ticks from now on, if it has none yet. */
    void onWake();
}

package dev.roomline.media.loop;

import dev.roomline.media.leg.Leg;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A leg's place on a loop: the leg, its description and its sockets. Owner: the loop. */
sealed interface Seat permits PhoneSeat, BrowserSeat {
    Leg leg();

    /** A new offer of the peer's, or with null the wish that we offer. */
    MediaRoom.Outcome reoffer(
            byte @Nullable [] offer, @Nullable InetSocketAddress signallingAddress);

    /** An offer of ours in a running call. */
    MediaRoom.Outcome propose();

    /** What was prepared has left. */
    void commit();

    /** What was prepared, or offered, came to nothing. */
    void abandon();

    /** Held by us, or not any more. */
    void hold(boolean held);

    /** The answer to an offer of ours. */
    MediaRoom.Outcome answer(byte[] answer);

    /** The room has been told of it. */
    void join();

    /** Media may be sent. */
    void release();

    /** Frees what the seat holds; the leg has said goodbye before. */
    void close();
}

package dev.roomline.bench;

import dev.roomline.media.codec.AudioCodec;
import java.net.InetSocketAddress;
import java.util.List;

/** A server that joins phones' sound in rooms, some of PCMU and some of Opus. */
interface MediaPlane extends AutoCloseable {
    /**
     * Joins phones in a room that nobody is in; they all hear at one port of {@link
     * SipCaller#ADDRESS}.
     *
     * @param phones PCMU or OPUS
     * @return where each of them sends to
     */
    List<InetSocketAddress> join(int room, List<AudioCodec> phones, int port)
            throws InterruptedException;

    /** Ends all rooms. */
    void leave() throws InterruptedException;

    /** What must be done while one waits. */
    default void rest(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    /** Whether it is compiled while it runs, so that it needs a longer warm-up. */
    default boolean compiles() {
        return false;
    }

    /** Whether a room may have more than two phones. */
    default boolean mixes() {
        return true;
    }

    long pid();

    String name();

    @Override
    void close();
}

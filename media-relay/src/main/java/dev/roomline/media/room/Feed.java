package dev.roomline.media.room;

import org.jspecify.annotations.Nullable;

/** How one phone hears: a lone speaker's own packets, or mixes. Owner: the room. */
final class Feed {
    /** Whose packets it is sent as they come; null: it hears a mix. */
    @Nullable Member source;

    /** Whose it was sent last: while all pause, that one is heard breathing. */
    @Nullable Member last;

    /** It has been sent packets since a tick sent it something. */
    boolean relayed;

    /** Whose sound a mix is to go on with behind the last packet that was sent; null: nobody's. */
    @Nullable Member spliced;

    /** It has heard nothing yet, was held, or its packets ended: what it hears next rises. */
    boolean silent = true;

    /** Ticks that have waited for that. */
    int waited;

    /** Several spoke: mixes go on until then, whoever pauses. */
    long mixUntilNanos = Long.MIN_VALUE;

    /** When a tick sent it something last. */
    long frameNanos = Long.MIN_VALUE / 2;

    /** Whether ticks have nothing to send it, but for what packets leave out. */
    boolean isOn() {
        return source != null;
    }
}

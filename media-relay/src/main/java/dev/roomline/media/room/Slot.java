package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.MediaClock;
import dev.roomline.media.leg.SoundPacket;
import org.jspecify.annotations.Nullable;

/**
 * One slot of a browser: whom it carries, and how that source's numbers and times lie on its own.
 * Timestamps come from our own clock ({@link SourceClock}): inside a spurt the source's differences
 * are kept while they agree with our clock and with what its packets play for, through silence they
 * advance, and they never go back. Sequence numbers go by an offset: what was lost before us stays
 * a gap, what we withhold does not. Sans-IO. Owner: its {@link SlotForwarder}.
 */
final class Slot {
    private static final long PAUSE_NANOS = 500_000_000L;

    private static final long NEVER = Long.MIN_VALUE / 2;

    /** A source whose clock jumps by so much within a sound begins anew. */
    private static final long JUMP_TICKS = MediaClock.TICKS_PER_SECOND;

    /**
     * So far its timestamps may stray within a sound, step by step, ahead of our clock or behind
     * what its packets play for: there are phones that count 40 ms of G.722 for each 20.
     */
    private static final long MOST_STRAY_TICKS = MediaClock.TICKS_PER_SECOND / 5;

    /** So much more sound than time may be sent: what a network held back is none of it. */
    private static final long MOST_AHEAD_TICKS = MediaClock.TICKS_PER_SECOND;

    /** The leg that it carries, 0: nobody. */
    int source;

    /** Of whose numbering its packets are: its own, or that of our encoder. */
    @Nullable SourceClock clock;

    AudioCodec codec = AudioCodec.OPUS;
    boolean inSpurt;
    double loudnessDbov;
    long lastSentNanos;

    /** Of our numbering. */
    int lastSequence;

    long lastTicks = NEVER;

    /** How long the packet at {@link #lastTicks} plays. */
    private int lastLength;

    /** Of the source's numbering. */
    long highest;

    private long highestTimestamp;

    private long firstOfSpurt;
    long sequenceOffset;
    long transit;

    /** By how much packets of this spurt have begun before those ahead of them had ended. */
    private long overlap;

    /** Bit n: {@code highest − n} was sent. */
    private long window;

    final SoundEdges edges = new SoundEdges();

    /**
     * @param before the number before its first packet's
     */
    Slot(int before) {
        lastSequence = before;
    }

    /** Nothing of it can still be in the browser's buffer. */
    boolean rested(long nowNanos) {
        return nowNanos - lastSentNanos >= PAUSE_NANOS;
    }

    /** A browser flushes its buffer at another codec: nothing may be in it then. */
    boolean takes(AudioCodec next, long nowNanos) {
        return codec == next || lastTicks == NEVER || rested(nowNanos);
    }

    /** Where what was sent last ends. */
    long lastEnd() {
        return lastTicks + lastLength;
    }

    /** This is the newest packet of ours. */
    void sent(int sequence, long ticks, int length) {
        lastSequence = sequence;
        lastTicks = ticks;
        lastLength = length;
    }

    /** It has been sent more sound than there was time for. */
    boolean isTooFarAhead(long clockTicks) {
        return lastEnd() - clockTicks > MOST_AHEAD_TICKS;
    }

    /** In this spurt a packet of that number was sent, or has no place any more. */
    boolean isLate(SoundPacket sound) {
        long behind = highest - sound.sequence();
        if (behind < 0) {
            return false;
        }
        boolean placed =
                sound.sequence() >= firstOfSpurt
                        && sound.timestamp() < highestTimestamp
                        && behind < 64;
        return !placed || (window >>> behind & 1) != 0;
    }

    /** A packet begins a spurt. */
    void begin(SourceClock by, SoundPacket sound) {
        inSpurt = true;
        clock = by;
        codec = sound.codec();
        firstOfSpurt = sound.sequence();
        highest = sound.sequence();
        highestTimestamp = sound.timestamp();
        window = 1;
        overlap = 0;
        sequenceOffset = lastSequence + 1L - sound.sequence();
        // A clock mapped anew may not run back over what was sent.
        transit = Math.max(by.transit(), lastEnd() - sound.timestamp());
    }

    /** A newer packet of the spurt is not of the time that those before it lead one to expect. */
    boolean strays(SoundPacket sound) {
        long step = sound.timestamp() - highestTimestamp;
        overlap = Math.max(0, overlap + lastLength - step);
        return Math.abs(step) > JUMP_TICKS || overlap > MOST_STRAY_TICKS;
    }

    /** A packet of the spurt. */
    void goOn(SoundPacket sound, long clockTicks) {
        long ahead = sound.sequence() - highest;
        if (ahead <= 0) {
            window |= 1L << -ahead;
            return;
        }
        long ticks = sound.timestamp() + transit;
        boolean early = ticks - clockTicks > MOST_STRAY_TICKS && ticks > lastEnd();
        if (early || ticks <= lastTicks) {
            follow(sound);
        }
        window = ahead >= 64 ? 1 : window << ahead | 1;
        highest = sound.sequence();
        highestTimestamp = sound.timestamp();
    }

    /**
     * A packet is to follow where the one before ended, and what comes late from before it has no
     * place any more. To end the sound instead would take two frames of time, again and again.
     */
    private void follow(SoundPacket sound) {
        transit = lastEnd() - sound.timestamp();
        firstOfSpurt = sound.sequence();
        overlap = 0;
    }
}

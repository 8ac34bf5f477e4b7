package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One participant's ear and mouth as its room sees it. Owner: the room's media loop. */
public sealed interface Leg extends Hearer permits PhoneLeg, BrowserLeg {
    /** Names it in this process; also its CSRC. */
    int id();

    /** How it is heard. */
    Ear ear();

    /**
     * The most that one of those loses who hear its packets as they come, 0 to 1: redundancy of
     * Opus follows what its sender is told of loss, and must do for the way to them too.
     */
    void listenersLose(double share);

    /**
     * Adds what was lost, late and made up since the last time to the loop's {@link Traffic}; about
     * once a second.
     *
     * @return what the jitter buffer adds now, in milliseconds; −1 while nothing is buffered
     */
    int tally();

    /** Whether it speaks. */
    TalkDetector talk();

    /** Nothing forbids that it is heard: not muted, not held, it may speak and it sends. */
    boolean audible();

    /**
     * The codec in which its packets are handed on as they come, and by which it is judged whether
     * it speaks; null where only its decoded sound goes to others.
     */
    @Nullable AudioCodec forwards();

    /** A mix is sent to it, and nothing forbids that it hears one now. */
    boolean hearsMix();

    /** What is mixed can be sent to it, also its end when it is held. */
    boolean reachedByMix();

    /** It must be sent a packet each ptime even when there is nothing to hear. */
    boolean owedPackets();

    /** Lets frames of 20 ms pass without a packet. */
    void skipMix(long frames);

    /** A key is pressed: what it says is not heard as sound. */
    boolean pressingKey(long nowNanos);

    /** Reports, time-outs, everything slow; ten times a second. */
    void maintain(long nowNanos);

    void setMuted(boolean muted);

    void setHeld(boolean held);

    /**
     * @param gainDb −40 to +20
     */
    void setVolume(double gainDb);

    /** A snapshot. */
    LegStatus status(String roomLabel, long nowNanos);

    /** The last half minute of what came in; empty before anything did. */
    Optional<BlackBox.Rows> blackBox();

    /** Says goodbye to the peer and frees what it holds. */
    void close(long nowNanos);
}

package dev.roomline.sip.dialog;

import dev.roomline.sip.transaction.TimerQueue;
import dev.roomline.sip.transaction.TimerSettings;
import org.jspecify.annotations.Nullable;

/**
 * A response to an INVITE that is sent again until it is acknowledged, on every transport: after
 * T1, then after twice as long each time, for 64·T1. Owner: the signalling loop.
 *
 * <ul>
 *   <li>A 2xx until its ACK, at least each T2 (RFC 3261 §13.3.1.4).
 *   <li>A reliable provisional response until its PRACK, ever more rarely (RFC 3262 §3).
 * </ul>
 */
public final class Unacknowledged {
    private final long number;
    private final long longestNanos;
    private final TimerSettings settings;
    private final TimerQueue timers;
    private final Listener listener;
    private long intervalNanos;
    private TimerQueue.@Nullable Timer repeat;
    private TimerQueue.@Nullable Timer giveUp;

    /** Who sends it and who is told. */
    public interface Listener {
        void sendAgain(long nowNanos);

        /** Neither ACK nor PRACK in 64·T1. */
        void notAcknowledged(long nowNanos);
    }

    private Unacknowledged(
            long number,
            long longestNanos,
            TimerQueue timers,
            TimerSettings settings,
            Listener listener) {
        this.number = number;
        this.longestNanos = longestNanos;
        this.settings = settings;
        this.timers = timers;
        this.listener = listener;
    }

    /**
     * @param cseq the INVITE's
     */
    public static Unacknowledged answer(
            long cseq, TimerQueue timers, TimerSettings settings, Listener listener) {
        return new Unacknowledged(cseq, settings.t2Nanos(), timers, settings, listener);
    }

    public static Unacknowledged provisional(
            long rseq, TimerQueue timers, TimerSettings settings, Listener listener) {
        return new Unacknowledged(rseq, Long.MAX_VALUE, timers, settings, listener);
    }

    /** What its acknowledgement names: the INVITE's CSeq, or the response's RSeq. */
    public long number() {
        return number;
    }

    /** Call when it has been sent for the first time. */
    public void start(long nowNanos) {
        intervalNanos = settings.t1Nanos();
        giveUp = timers.schedule(nowNanos + settings.patienceNanos(), this::giveUp);
        repeat = timers.schedule(nowNanos + intervalNanos, this::repeat);
    }

    /** It is acknowledged, or nobody waits for that any more. */
    public void stop() {
        if (repeat != null) {
            repeat.cancel();
        }
        if (giveUp != null) {
            giveUp.cancel();
        }
    }

    private void repeat(long nowNanos) {
        listener.sendAgain(nowNanos);
        intervalNanos = Math.min(2 * intervalNanos, longestNanos);
        repeat = timers.schedule(nowNanos + intervalNanos, this::repeat);
    }

    private void giveUp(long nowNanos) {
        stop();
        listener.notAcknowledged(nowNanos);
    }
}

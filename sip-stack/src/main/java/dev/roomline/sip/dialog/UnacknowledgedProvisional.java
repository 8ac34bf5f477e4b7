package dev.roomline.sip.dialog;

import dev.roomline.sip.transaction.TimerQueue;
import dev.roomline.sip.transaction.TimerSettings;
import org.jspecify.annotations.Nullable;

/**
 * A reliable provisional response, sent again until its PRACK: after T1, then after twice as long
 * each time, for 64·T1 (RFC 3262 §3). Owner: the signalling loop.
 */
public final class UnacknowledgedProvisional {
    private final long rseq;
    private final TimerSettings settings;
    private final TimerQueue timers;
    private final Listener listener;
    private long intervalNanos;
    private TimerQueue.@Nullable Timer repeat;
    private TimerQueue.@Nullable Timer giveUp;

    /** Who sends it and who is told. */
    public interface Listener {
        void sendAgain(long nowNanos);

        /** No PRACK in 64·T1. */
        void notAcknowledged(long nowNanos);
    }

    public UnacknowledgedProvisional(
            long rseq, TimerQueue timers, TimerSettings settings, Listener listener) {
        this.rseq = rseq;
        this.timers = timers;
        this.settings = settings;
        this.listener = listener;
    }

    public long rseq() {
        return rseq;
    }

    /** Call when it has been sent for the first time. */
    public void start(long nowNanos) {
        intervalNanos = settings.t1Nanos();
        giveUp = timers.schedule(nowNanos + settings.patienceNanos(), this::giveUp);
        repeat = timers.schedule(nowNanos + intervalNanos, this::repeat);
    }

    /** The PRACK came, or the INVITE has its final answer. */
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
        intervalNanos *= 2;
        repeat = timers.schedule(nowNanos + intervalNanos, this::repeat);
    }

    private void giveUp(long nowNanos) {
        stop();
        listener.notAcknowledged(nowNanos);
    }
}

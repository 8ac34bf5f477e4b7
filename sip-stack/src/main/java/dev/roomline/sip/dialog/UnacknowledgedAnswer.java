package dev.roomline.sip.dialog;

import dev.roomline.sip.transaction.TimerQueue;
import dev.roomline.sip.transaction.TimerSettings;
import org.jspecify.annotations.Nullable;

/**
 * A 2xx to an INVITE, sent again until its ACK, on every transport: T1, doubling up to T2, for
 * 64·T1 (RFC 3261 §13.3.1.4). Owner: the signalling loop.
 */
public final class UnacknowledgedAnswer {
    private final long inviteCseq;
    private final TimerSettings settings;
    private final TimerQueue timers;
    private final Listener listener;
    private long intervalNanos;
    private TimerQueue.@Nullable Timer repeat;
    private TimerQueue.@Nullable Timer giveUp;

    /** Who sends it and who is told. */
    public interface Listener {
        void sendAgain(long nowNanos);

        /** No ACK in 64·T1. */
        void notAcknowledged(long nowNanos);
    }

    public UnacknowledgedAnswer(
            long inviteCseq, TimerQueue timers, TimerSettings settings, Listener listener) {
        this.inviteCseq = inviteCseq;
        this.timers = timers;
        this.settings = settings;
        this.listener = listener;
    }

    public long inviteCseq() {
        return inviteCseq;
    }

    /** Call when the 2xx has been sent for the first time. */
    public void start(long nowNanos) {
        intervalNanos = settings.t1Nanos();
        giveUp = timers.schedule(nowNanos + settings.patienceNanos(), this::giveUp);
        repeat = timers.schedule(nowNanos + intervalNanos, this::repeat);
    }

    /** The ACK came, or the dialog is over. */
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
        intervalNanos = Math.min(2 * intervalNanos, settings.t2Nanos());
        repeat = timers.schedule(nowNanos + intervalNanos, this::repeat);
    }

    private void giveUp(long nowNanos) {
        stop();
        listener.notAcknowledged(nowNanos);
    }
}

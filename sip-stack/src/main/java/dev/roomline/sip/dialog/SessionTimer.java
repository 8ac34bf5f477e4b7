package dev.roomline.sip.dialog;

import dev.roomline.sip.transaction.TimerQueue;
import org.jspecify.annotations.Nullable;

/**
 * The session timer of one dialog (RFC 4028 §10): who refreshes does so at half of the time, and
 * either side ends a session that nobody refreshed. Each 2xx to an INVITE or UPDATE in the dialog
 * starts it anew. Owner: the signalling loop.
 *
 * <pre>
 *  2xx ───────── half ───────────────────── end − min(32 s, a third) ── end
 *   start         refreshDue, where it is    expired
 *                 ours; again by retry
 * </pre>
 */
public final class SessionTimer {
    private final TimerQueue timers;
    private final Listener listener;
    private @Nullable SessionTerms terms;
    private TimerQueue.@Nullable Timer next;
    private TimerQueue.@Nullable Timer again;
    private boolean due;
    private long leastSeconds = SessionHeaders.LEAST_SECONDS;

    /** Who does what is due. */
    public interface Listener {
        void refreshDue(long nowNanos);

        /** Nobody refreshed it: a BYE is due. */
        void expired(long nowNanos);
    }

    public SessionTimer(TimerQueue timers, Listener listener) {
        this.timers = timers;
        this.listener = listener;
    }

    /** A 2xx has left or come: this holds from now on. */
    public void start(@Nullable SessionTerms agreed, long nowNanos) {
        start(agreed, nowNanos, nowNanos);
    }

    /**
     * The peer has our 2xx only now, and counts from here until it refreshes: an earlier one may
     * have been lost.
     */
    public void arrived(long nowNanos) {
        if (terms != null && !terms.weRefresh()) {
            start(terms, nowNanos);
        }
    }

    /**
     * @param askedNanos when our request left: the peer has counted since it came, however late its
     *     answer reached us
     */
    public void start(@Nullable SessionTerms agreed, long askedNanos, long nowNanos) {
        stop();
        due = false;
        terms = agreed;
        if (agreed == null) {
            return;
        }
        long endNanos = nowNanos + agreed.endNanos();
        next =
                agreed.weRefresh()
                        ? timers.schedule(
                                Math.max(nowNanos, askedNanos + agreed.refreshNanos()),
                                now -> refresh(endNanos, now))
                        : timers.schedule(endNanos, listener::expired);
    }

    private void refresh(long endNanos, long nowNanos) {
        next = timers.schedule(endNanos, listener::expired);
        due = true;
        listener.refreshDue(nowNanos);
    }

    /** Our refresh did not go through, and is due again then, unless the session ends before. */
    public void retry(long atNanos) {
        if (again != null) {
            again.cancel();
        }
        again = timers.schedule(atNanos, listener::refreshDue);
    }

    /** The dialog is over, or is about to be. */
    public void stop() {
        if (next != null) {
            next.cancel();
            next = null;
        }
        if (again != null) {
            again.cancel();
            again = null;
        }
    }

    /** Our refresh is due, and has not been answered yet. */
    public boolean isDue() {
        return due;
    }

    /** What holds; null: the session has no end. */
    public @Nullable SessionTerms terms() {
        return terms;
    }

    /** A 422 said that less is not wanted (§7.4: the largest counts from then on). */
    public void atLeast(long seconds) {
        leastSeconds = Math.max(leastSeconds, seconds);
    }

    /** What stands in Min-SE; 90 need not be said. */
    public long leastSeconds() {
        return leastSeconds;
    }
}

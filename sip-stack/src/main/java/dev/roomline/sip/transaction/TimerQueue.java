package dev.roomline.sip.transaction;

import java.util.PriorityQueue;

/**
 * All deadlines of the core, soonest first; equal ones in the order in which they were set. A
 * cancelled one stays until its time or until half of the queue is cancelled. Owner: the signalling
 * loop.
 */
public final class TimerQueue {
    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private long nextOrder;
    private int cancelled;

    /** What happens at a deadline. */
    @FunctionalInterface
    public interface Expiry {
        void expire(long nowNanos);
    }

    /** One deadline. */
    public static final class Timer implements Comparable<Timer> {
        private final TimerQueue owner;
        private final long deadlineNanos;
        private final long order;
        private final Expiry expiry;
        private boolean over;

        private Timer(TimerQueue owner, long deadlineNanos, long order, Expiry expiry) {
            this.owner = owner;
            this.deadlineNanos = deadlineNanos;
            this.order = order;
            this.expiry = expiry;
        }

        /** It will not expire; nothing if it already has. */
        public void cancel() {
            if (!over) {
                over = true;
                owner.cancelled++;
                owner.compact();
            }
        }

        @Override
        public int compareTo(Timer other) {
            // by difference: a monotonic clock's value may wrap
            long difference = deadlineNanos - other.deadlineNanos;
            return difference != 0 ? Long.signum(difference) : Long.compare(order, other.order);
        }
    }

    public Timer schedule(long deadlineNanos, Expiry expiry) {
        Timer timer = new Timer(this, deadlineNanos, nextOrder++, expiry);
        queue.add(timer);
        return timer;
    }

    /** {@link Long#MAX_VALUE} if there is none. */
    public long nextDeadlineNanos() {
        dropCancelled();
        Timer head = queue.peek();
        return head == null ? Long.MAX_VALUE : head.deadlineNanos;
    }

    /** How many are neither over nor cancelled. */
    public int waiting() {
        return queue.size() - cancelled;
    }

    /** Expires all that are due. */
    public void expire(long nowNanos) {
        dropCancelled();
        for (Timer head = queue.peek();
                head != null && head.deadlineNanos - nowNanos <= 0;
                head = queue.peek()) {
            queue.poll();
            head.over = true;
            head.expiry.expire(nowNanos);
            dropCancelled();
        }
    }

    private void dropCancelled() {
        for (Timer head = queue.peek(); head != null && head.over; head = queue.peek()) {
            queue.poll();
            cancelled--;
        }
    }

    private void compact() {
        if (cancelled > 1024 && cancelled > queue.size() / 2) {
            queue.removeIf(timer -> timer.over);
            cancelled = 0;
        }
    }
}

package dev.roomline.sip.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All deadlines of the core, soonest first; equal ones in the order in which they were set. Most
 * are half a minute away, where an answered transaction lingers: those wait unsorted, by slices of
 * half a second, until all before them are over. A cancelled one stays until its time or until half
 * of the queue is cancelled. Owner: the signalling loop.
 */
public final class TimerQueue {
    /** 2²⁹ ns. */
    private static final int SLICE_BITS = 29;

    /** Of the slices up to {@link #nearSlice}. */
    private final PriorityQueue<Timer> near = new PriorityQueue<>();

    private final TreeMap<Long, List<Timer>> far = new TreeMap<>();
    private int farCount;
    private long nearSlice;

    /** Where slices are counted from: the first deadline; null before there is one. */
    private @Nullable Long originNanos;

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

        /** Null once it is over or cancelled: what it would have touched is let go at once. */
        private @Nullable Expiry expiry;

        private Timer(TimerQueue owner, long deadlineNanos, long order, Expiry expiry) {
            this.owner = owner;
            this.deadlineNanos = deadlineNanos;
            this.order = order;
            this.expiry = expiry;
        }

        /** It will not expire; nothing if it already has. */
        public void cancel() {
            if (expiry != null) {
                expiry = null;
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
        Long origin = originNanos;
        if (origin == null) {
            origin = deadlineNanos;
            originNanos = origin;
        }
        long slice = (deadlineNanos - origin) >> SLICE_BITS;
        if (slice <= nearSlice) {
            near.add(timer);
        } else {
            far.computeIfAbsent(slice, _ -> new ArrayList<>()).add(timer);
            farCount++;
        }
        return timer;
    }

    /** {@link Long#MAX_VALUE} if there is none. */
    public long nextDeadlineNanos() {
        Timer head = head();
        return head == null ? Long.MAX_VALUE : head.deadlineNanos;
    }

    /** How many are neither over nor cancelled. */
    public int waiting() {
        return near.size() + farCount - cancelled;
    }

    /** Expires all that are due. */
    public void expire(long nowNanos) {
        for (Timer head = head();
                head != null && head.deadlineNanos - nowNanos <= 0;
                head = head()) {
            near.poll();
            Expiry due = head.expiry;
            head.expiry = null;
            if (due != null) {
                due.expire(nowNanos);
            }
        }
    }

    /** The soonest that is not cancelled. */
    private @Nullable Timer head() {
        while (true) {
            Timer head = near.peek();
            if (head == null && far.isEmpty()) {
                return null;
            }
            if (head == null) {
                comeNear();
            } else if (head.expiry == null) {
                near.poll();
                cancelled--;
            } else {
                return head;
            }
        }
    }

    /** The next slice is sorted; whoever was cancelled in it is gone. */
    private void comeNear() {
        var next = far.pollFirstEntry();
        nearSlice = next.getKey();
        farCount -= next.getValue().size();
        for (Timer timer : next.getValue()) {
            if (timer.expiry == null) {
                cancelled--;
            } else {
                near.add(timer);
            }
        }
    }

    private void compact() {
        if (cancelled > 1024 && cancelled > (near.size() + farCount) / 2) {
            near.removeIf(timer -> timer.expiry == null);
            farCount = 0;
            for (List<Timer> slice : far.values()) {
                slice.removeIf(timer -> timer.expiry == null);
                farCount += slice.size();
            }
            cancelled = 0;
        }
    }
}

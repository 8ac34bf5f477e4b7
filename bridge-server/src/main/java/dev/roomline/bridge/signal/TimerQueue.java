package dev.roomline.bridge.signal;

import dev.roomline.bridge.signal.Signal.Later;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Tasks and when they are due. No clock inside. Owner: the signalling loop. */
public final class TimerQueue {

    private static final int SWEEP_FROM = 64;

    private final class Task implements Later, Comparable<Task> {
        final long dueNanos;
        final long order;

        /** Null once it is cancelled: what it would have touched is let go at once. */
        @Nullable Runnable body;

        Task(long dueNanos, long order, Runnable body) {
            this.dueNanos = dueNanos;
            this.order = order;
            this.body = body;
        }

        @Override
        public void cancel() {
            if (body != null) {
                body = null;
                cancelled++;
                sweep();
            }
        }

        @Override
        public int compareTo(Task other) {
            // differences, because nanoTime may wrap
            int byTime = Long.compare(dueNanos - other.dueNanos, 0);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long added;
    private int cancelled;

    public Later add(long dueNanos, Runnable body) {
        Task task = new Task(dueNanos, ++added, body);
        tasks.add(task);
        return task;
    }

    /** When to call {@link #runDue} next; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineNanos() {
        dropCancelled();
        Task first = tasks.peek();
        return first == null ? Long.MAX_VALUE : first.dueNanos;
    }

    /** Runs what is due; a task that throws does not keep the others from running later. */
    public void runDue(long nowNanos) {
        dropCancelled();
        Task first = tasks.peek();
        while (first != null && first.dueNanos - nowNanos <= 0) {
            tasks.remove();
            Runnable body = first.body;
            first.body = null;
            if (body != null) {
                body.run();
            }
            dropCancelled();
            first = tasks.peek();
        }
    }

    private void dropCancelled() {
        Task first = tasks.peek();
        while (first != null && first.body == null) {
            tasks.remove();
            cancelled--;
            first = tasks.peek();
        }
    }

    /** Far deadlines are cancelled more often than they come: their tasks do not wait for them. */
    private void sweep() {
        if (cancelled >= SWEEP_FROM && cancelled > tasks.size() / 2) {
            tasks.removeIf(task -> task.body == null);
            cancelled = 0;
        }
    }

    int size() {
        return tasks.size();
    }
}

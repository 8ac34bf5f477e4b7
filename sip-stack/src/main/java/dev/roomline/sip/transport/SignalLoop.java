package dev.roomline.sip.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of signalling: SIP sockets, transactions, dialogs, calls, rooms' membership. It is
 * a Netty event loop (epoll, or NIO where there is none), so sockets, timers and what other threads
 * post are served in turn and nothing here needs a lock.
 *
 * <p>Other threads hand work over by {@link #post}; the queue is bounded. Machines without a clock
 * hang on it as {@link Timed}; one timer stands at the earliest of their deadlines. No exception
 * leaves it: a fault ends the step that it happened in, is counted, and is logged once a minute for
 * each kind.
 */
public final class SignalLoop implements Executor, AutoCloseable {
    /** Posted tasks that may wait. */
    public static final int CAPACITY = 10_000;

    /** A machine that wants to be woken at a time of its own. Called on the loop only. */
    public interface Timed {
        /** When to call {@link #onDeadline}, on {@link SignalLoop#nowNanos}; MAX_VALUE: never. */
        long nextDeadlineNanos();

        /** The deadline has passed. */
        void onDeadline(long nowNanos);
    }

    private final IoEventLoopGroup group;
    private final EventLoop eventLoop;
    private final boolean epoll;
    private final int capacity;
    private final FaultLog faults = new FaultLog();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final List<Timed> machines = new ArrayList<>();
    private @Nullable ScheduledFuture<?> timer;
    private long timerAtNanos = Long.MAX_VALUE;
    private long busyNanos;
    private boolean busy;

    private SignalLoop(boolean epoll, int capacity) {
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.epoll = epoll;
        this.capacity = capacity;
        this.group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("signal"), io);
        this.eventLoop = group.next();
    }

    /** Starts the loop by the best means of this machine. */
    public static SignalLoop start() {
        return new SignalLoop(Epoll.isAvailable(), CAPACITY);
    }

    static SignalLoop start(boolean epoll, int capacity) {
        return new SignalLoop(epoll, capacity);
    }

    /** The loop's clock: monotonic, without meaning outside this process. */
    public long nowNanos() {
        return System.nanoTime();
    }

    public boolean inLoop() {
        return eventLoop.inEventLoop();
    }

    /**
     * Hands a task over to the loop. Any thread.
     *
     * @return false if the queue is full or the loop is closed: the task will not run; counted
     */
    public boolean post(Runnable task) {
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            refused.incrementAndGet();
            return false;
        }
        return hand(task);
    }

    /**
     * As {@link #post}, however full the queue is: for the outcome of what this loop itself asked
     * for, of which there is never more than is under way. Any thread.
     *
     * @return false if the loop is closed
     */
    public boolean postSurely(Runnable task) {
        waiting.incrementAndGet();
        return hand(task);
    }

    private boolean hand(Runnable task) {
        try {
            eventLoop.execute(
                    () -> {
                        waiting.decrementAndGet();
                        step(FaultLog.Step.POSTED_TASK, task);
                    });
            return true;
        } catch (RejectedExecutionException closed) {
            waiting.decrementAndGet();
            refused.incrementAndGet();
            return false;
        }
    }

    /**
     * As {@link #post}, for those who expect an {@link Executor}.
     *
     * @throws RejectedExecutionException if the queue is full or the loop is closed
     */
    @Override
    public void execute(Runnable task) {
        if (!post(task)) {
            throw new RejectedExecutionException("the signalling loop takes no more tasks");
        }
    }

    /** Adds a machine to those that the timer serves. Any thread. */
    public void attach(Timed machine) {
        eventLoop.execute(() -> step(FaultLog.Step.TIMER, () -> machines.add(machine)));
    }

    /** How many tasks have been refused since the start. Any thread. */
    public long refusedTasks() {
        return refused.get();
    }

    /** How many posted tasks wait now. Any thread. */
    public int waitingTasks() {
        return waiting.get();
    }

    /** How many steps of the loop ended by an exception. Any thread. */
    public long faults() {
        return faults.total();
    }

    /** Closes the loop; what waits is still done. Blocks for at most five seconds. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    /** How long its steps have taken since the start, by the clock; on the loop. */
    public long busyNanos() {
        return busyNanos;
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    IoEventLoopGroup group() {
        return group;
    }

    boolean epoll() {
        return epoll;
    }

    /** Runs one step on the loop: nothing escapes, and the timer stands right afterwards. */
    void step(FaultLog.Step kind, Runnable body) {
        boolean outermost = !busy;
        long beganNanos = outermost ? nowNanos() : 0;
        busy = true;
        try {
            body.run();
        } catch (Throwable fault) {
            faults.caught(kind, fault, nowNanos());
        }
        armTimer();
        if (outermost) {
            busy = false;
            busyNanos += nowNanos() - beganNanos;
        }
    }

    /** A fault that Netty reports instead of throwing. */
    void fault(FaultLog.Step kind, Throwable fault) {
        faults.caught(kind, fault, nowNanos());
    }

    private void armTimer() {
        long earliest = Long.MAX_VALUE;
        try {
            for (Timed machine : machines) {
                earliest = Math.min(earliest, machine.nextDeadlineNanos());
            }
        } catch (RuntimeException fault) {
            faults.caught(FaultLog.Step.TIMER, fault, nowNanos());
        }
        // a timer that stands too early costs one look; only one that stands too late is moved
        if (earliest >= timerAtNanos || eventLoop.isShuttingDown()) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        timerAtNanos = earliest;
        long delayNanos = Math.max(0, earliest - nowNanos());
        timer = eventLoop.schedule(this::onTimer, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void onTimer() {
        timer = null;
        timerAtNanos = Long.MAX_VALUE;
        long nowNanos = nowNanos();
        busy = true;
        for (Timed machine : List.copyOf(machines)) {
            try {
                if (machine.nextDeadlineNanos() <= nowNanos) {
                    machine.onDeadline(nowNanos);
                }
            } catch (Throwable fault) {
                faults.caught(FaultLog.Step.TIMER, fault, nowNanos);
            }
        }
        armTimer();
        busy = false;
        busyNanos += nowNanos() - nowNanos;
    }
}

package dev.roomline.bridge.signal;

import dev.roomline.sip.transport.SignalLoop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The real loop. */
public final class LoopSignal implements Signal {
    private final SignalLoop loop;
    private final InstantSource clock;
    private final TimerQueue timers = new TimerQueue();

    public LoopSignal(SignalLoop loop, InstantSource clock) {
        this.loop = loop;
        this.clock = clock;
        loop.attach(
                new SignalLoop.Timed() {
                    @Override
                    public long nextDeadlineNanos() {
                        return timers.nextDeadlineNanos();
                    }

                    @Override
                    public void onDeadline(long nowNanos) {
                        timers.runDue(nowNanos);
                    }
                });
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public void executeSurely(Runnable task) {
        loop.postSurely(task);
    }

    @Override
    public Later after(Duration delay, Runnable task) {
        return timers.add(loop.nowNanos() + delay.toNanos(), task);
    }

    @Override
    public long nanoTime() {
        return loop.nowNanos();
    }

    @Override
    public Instant now() {
        return clock.instant();
    }
}

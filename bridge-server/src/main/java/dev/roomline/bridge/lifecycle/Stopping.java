package dev.roomline.bridge.lifecycle;

import dev.roomline.bridge.call.StoredCalls;
import dev.roomline.bridge.call.Switchboard;
import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.signal.Signal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the server stops: new calls are refused, what lives may end by itself for a while, then BYE.
 * A second request stops at once. Runs on a thread of its own.
 */
public final class Stopping {
    public static final int NOBODY_CUT = 0;
    public static final int SOME_CUT = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration BYE_PATIENCE = Duration.ofSeconds(2);
    private static final Duration STORE_PATIENCE = Duration.ofSeconds(5);
    private static final long LOOK_EVERY_MILLIS = 50;

    private final RunState state;
    private final Switchboard calls;
    private final LocalRooms rooms;
    private final StoredCalls records;
    private final Signal signal;
    private final Duration grace;
    private final CountDownLatch atOnce = new CountDownLatch(1);

    public Stopping(
            RunState state,
            Switchboard calls,
            LocalRooms rooms,
            StoredCalls records,
            Signal signal,
            Duration grace) {
        this.state = state;
        this.calls = calls;
        this.rooms = rooms;
        this.records = records;
        this.signal = signal;
        this.grace = grace;
    }

    /** The second request: whoever waits in {@link #drain} goes on at once. Any thread. */
    public void atOnce() {
        atOnce.countDown();
    }

    /**
     * Blocks until no call lives, or the grace is over and the rest has been hung up.
     *
     * @return the exit code
     */
    public int drain() throws InterruptedException {
        state.stopping();
        LOG.info("event=stopping calls={} grace_s={}", calls.liveCount(), grace.toSeconds());
        waitFor(() -> calls.liveCount() == 0, grace);
        int cut = hangUpAll();
        // even in a hurry: a BYE that is answered, and no record lost
        settle(() -> calls.liveCount() == 0, atOnce.getCount() == 0 ? SHORT : BYE_PATIENCE);
        settle(() -> calls.unsettledCount() == 0 && records.underWay() == 0, STORE_PATIENCE);
        LOG.info("event=stopped calls_cut={}", cut);
        return cut == 0 ? NOBODY_CUT : SOME_CUT;
    }

    private int hangUpAll() throws InterruptedException {
        try {
            return signal.ask(
                            () -> {
                                rooms.sendEverybodyAway();
                                return CompletableFuture.completedStage(calls.hangUpAll());
                            })
                    .toCompletableFuture()
                    .get(BYE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException fault) {
            LOG.error("event=hang_up_failed", fault);
            return calls.liveCount();
        }
    }

    private static void settle(Condition condition, Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        while (!condition.holds() && System.nanoTime() - until < 0) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private interface Condition {
        boolean holds();
    }

    /** False if time ran out, or somebody wants it at once. */
    private boolean waitFor(Condition condition, Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - until >= 0
                    || atOnce.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                return condition.holds();
            }
        }
        return true;
    }
}

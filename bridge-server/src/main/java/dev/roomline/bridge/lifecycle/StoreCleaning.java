package dev.roomline.bridge.lifecycle;

import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what has been kept long enough: calls, traces, deliveries, repeated answers. Owner: a
 * virtual thread of its own.
 */
public final class StoreCleaning implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.roomline.server");
    private static final Duration CLEAN_EVERY = Duration.ofHours(1);
    private static final Duration DELIVERIES_KEPT = Duration.ofDays(7);
    private static final Duration ANSWERS_KEPT = Duration.ofDays(1);

    private final Store store;
    private final RoomlineConfig.Calls kept;
    private final InstantSource clock;

    public StoreCleaning(Store store, RoomlineConfig.Calls kept, InstantSource clock) {
        this.store = store;
        this.kept = kept;
        this.clock = clock;
    }

    /** Until it is interrupted. */
    @Override
    public void run() {
        try {
            while (!Thread.interrupted()) {
                clean();
                Thread.sleep(CLEAN_EVERY);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** What cannot be done now is done with the next cleaning. */
    private void clean() {
        Instant now = clock.instant();
        try {
            int gone = store.calls().deleteEndedBefore(now.minus(kept.keep()));
            if (gone > 0) {
                LOG.info("event=calls_forgotten calls={}", gone);
            }
            store.calls().deleteTracesEndedBefore(now.minus(kept.traceKeep()));
            store.deliveries().deleteEndedBefore(now.minus(DELIVERIES_KEPT));
            store.idempotentAnswers().deleteBefore(now.minus(ANSWERS_KEPT));
            store.passthrough().deleteBefore(now.minus(kept.keep()));
        } catch (StoreException away) {
            LOG.warn("event=cleaning_put_off", away);
        }
    }
}

package dev.roomline.bridge.webhook;

import dev.roomline.bridge.call.CallRecords;
import dev.roomline.bridge.event.EventBus;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Outbox and courier together, and what keeps events and calls' records in step: a call's last
 * event is written down before its last row, and what a crash left open is told when the server is
 * there again. Thread-safe.
 */
public final class Mailroom implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration START_PATIENCE = Duration.ofSeconds(20);

    private final Store store;
    private final EventBus bus;
    private final Map<String, Format> formats;
    private final GuardedHttp http;
    private final InstantSource clock;
    private final Outbox outbox;
    private final Courier courier;

    /**
     * @param formats by the name that a webhook has in {@code format}
     */
    public Mailroom(
            Store store,
            EventBus bus,
            Map<String, Format> formats,
            GuardedHttp http,
            Counters counters,
            InstantSource clock) {
        this.store = store;
        this.bus = bus;
        this.formats = Map.copyOf(formats);
        this.http = http;
        this.clock = clock;
        this.courier =
                new Courier(store.webhooks(), store.deliveries(), formats, http, counters, clock);
        this.outbox =
                new Outbox(
                        bus,
                        store.webhooks(),
                        store.deliveries(),
                        formats,
                        counters,
                        courier::wake);
    }

    /**
     * Begins to work, and tells of the calls that were open and of who was in a room when the
     * process last died. Blocks until that is written down; only then may their rows be ended.
     */
    public void start() {
        outbox.start();
        List<Happening> ends = Attendance.untoldEnds(store.deliveries());
        Attendance.untoldLeaving(store.deliveries()).forEach(bus::publish);
        store.calls().open().forEach(this::tellCrashed);
        ends.forEach(bus::publish);
        outbox.settled()
                .toCompletableFuture()
                .orTimeout(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        Attendance.forget(store.deliveries());
        courier.start();
    }

    /** What was written down before the crash is not told twice. */
    private void tellCrashed(CallRow row) {
        Set<String> written = store.deliveries().typesOf(row.id());
        if (row.answeredAt() != null && !told(EventType.CALL_ANSWERED, written)) {
            bus.publish(new Happening.OfCall(EventType.CALL_ANSWERED, row));
        }
        if (!told(EventType.CALL_ENDED, written)) {
            bus.publish(new Happening.OfCall(EventType.CALL_ENDED, row.crashed(clock.instant())));
        }
    }

    /** What happens is written down for all webhooks at once: who was told stands for all. */
    private boolean told(EventType type, Set<String> written) {
        return formats.values().stream().anyMatch(format -> format.told(type, written));
    }

    /** Webhooks were made, changed or deleted. */
    public void changed() {
        outbox.changed();
    }

    /** Something is to be delivered. */
    public void wake() {
        courier.wake();
    }

    /** By the name that a webhook has in {@code format}. */
    public Map<String, Format> formats() {
        return formats;
    }

    /** Deliveries that wait. */
    public long waiting() {
        return courier.waiting();
    }

    /** The same records, where a last row waits until the events before it are written down. */
    public CallRecords after(CallRecords records) {
        return record ->
                record.bare().endedAt() == null
                        ? records.put(record)
                        : settled().thenCompose(_ -> records.put(record));
    }

    /** A record is not lost because an event could not be written down. */
    private CompletionStage<List<Void>> settled() {
        return outbox.settled()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .handle((_, _) -> List.of());
    }

    @Override
    public void close() {
        outbox.close();
        courier.close();
        http.close();
    }
}

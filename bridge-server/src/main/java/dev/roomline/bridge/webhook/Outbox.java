package dev.roomline.bridge.webhook;

import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.EventBus;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.store.Deliveries;
import dev.roomline.bridge.store.Deliveries.Outgoing;
import dev.roomline.bridge.store.Deliveries.Presence;
import dev.roomline.bridge.store.StoreException;
import dev.roomline.bridge.store.WebhookRow;
import dev.roomline.bridge.store.Webhooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what the bus tells, for each webhook that wants it, before anybody tries to deliver
 * it, and before readers of the bus are told of it: in the order in which it happened, many events
 * to a transaction. While there are no webhooks nothing is read, and while the store is away nobody
 * waits for it. One virtual thread; the rest is thread-safe.
 */
public final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int TOGETHER = 256;
    private static final Duration STORE_AWAY = Duration.ofSeconds(1);

    private final EventBus bus;
    private final Webhooks webhooks;
    private final Deliveries deliveries;
    private final Map<String, Format> formats;
    private final Counters counters;
    private final Runnable written;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private final Bell bell = new Bell();
    private EventBus.Watch watch = () -> {};

    /** Changes of webhooks, and how many of them are known here. */
    private final AtomicLong changes = new AtomicLong(1);

    private volatile long changesKnown;
    private volatile boolean stopped;
    private volatile List<WebhookRow> known = List.of();
    private volatile long done;
    private boolean begun;

    /**
     * @param formats by the name that a webhook has in {@code format}
     * @param written told after each transaction
     */
    public Outbox(
            EventBus bus,
            Webhooks webhooks,
            Deliveries deliveries,
            Map<String, Format> formats,
            Counters counters,
            Runnable written) {
        this.bus = bus;
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.formats = Map.copyOf(formats);
        this.counters = counters;
        this.written = written;
        this.done = bus.last();
        this.thread = Thread.ofVirtual().name("outbox").unstarted(this::run);
    }

    private record Waiting(long sequence, CompletableFuture<Void> written) {}

    /** From here on webhooks that are made are told of what happens after that, and no more. */
    public void start() {
        bus.hold();
        try {
            refresh();
        } catch (StoreException away) {
            LOG.warn("event=outbox_put_off", away);
        }
        thread.start();
        watch =
                bus.keep(
                        () -> {
                            if (stale() || !known.isEmpty()) {
                                bell.ring();
                            }
                        });
    }

    /** Webhooks were made, changed or deleted: from now on they are told by what they are now. */
    public void changed() {
        bus.hold();
        changes.incrementAndGet();
        bell.ring();
    }

    private boolean stale() {
        return changesKnown != changes.get();
    }

    /** Ends when all that was published until now is written down; fails if that takes too long. */
    public CompletionStage<Void> settled() {
        long last = bus.last();
        if ((!stale() && known.isEmpty()) || done >= last) {
            return CompletableFuture.completedStage(null);
        }
        Waiting one = new Waiting(last, new CompletableFuture<>());
        waiting.add(one);
        bell.ring();
        return one.written();
    }

    private void run() {
        while (!stopped) {
            try {
                bell.look();
                refresh();
                holdIfWanted();
                if (!writeNext()) {
                    tellWaiting();
                    bell.rest();
                }
            } catch (StoreException away) {
                LOG.warn("event=outbox_put_off", away);
                bus.letGo();
                LockSupport.parkNanos(this, STORE_AWAY.toNanos());
            } catch (RuntimeException bug) {
                counters.fault("webhook");
                LOG.error("event=outbox_fault", bug);
                bus.letGo();
                LockSupport.parkNanos(this, STORE_AWAY.toNanos());
            }
        }
    }

    private void holdIfWanted() {
        if (known.isEmpty()) {
            bus.letGo();
        } else {
            bus.hold();
        }
    }

    /** What is not read yet counts as unknown: nobody is told meanwhile that nothing waits. */
    private void refresh() {
        long now = changes.get();
        if (changesKnown != now) {
            // what happened while there was no webhook is told to none
            long from = known.isEmpty() && begun ? bus.last() : done;
            boolean wereThere = !known.isEmpty();
            known = readable();
            if (wereThere && known.isEmpty()) {
                // whoever asks later never heard of those that are there now
                Attendance.forget(deliveries);
            }
            done = Math.max(done, from);
            begun = true;
            changesKnown = now;
        }
    }

    private List<WebhookRow> readable() {
        return webhooks.all().stream()
                .filter(row -> formats.containsKey(row.webhook().format()))
                .toList();
    }

    /** False: there was nothing to write. */
    private boolean writeNext() {
        if (known.isEmpty()) {
            done = bus.last();
            return false;
        }
        switch (bus.read(done, TOGETHER)) {
            case EventBus.Reading.Lost(long oldest) -> {
                counters.webhookEventsLost(oldest - 1 - done);
                LOG.error("event=webhook_events_lost events={}", oldest - 1 - done);
                done = oldest - 1;
            }
            case EventBus.Reading.Events(var events) -> {
                if (events.isEmpty()) {
                    return false;
                }
                List<Outgoing> rows = new ArrayList<>();
                List<Presence> changes = new ArrayList<>();
                for (Event event : events) {
                    outgoing(event, rows);
                    changes.addAll(Attendance.changes(event, what -> isWanted(event, what)));
                }
                if (!rows.isEmpty() || !changes.isEmpty()) {
                    deliveries.addAll(rows, changes);
                    written.run();
                }
                done = events.getLast().sequence();
            }
        }
        bus.kept(done);
        tellWaiting();
        return true;
    }

    /** Whether a webhook would be told of that. */
    private boolean isWanted(Event event, Happening what) {
        Event wouldBe = new Event(event.sequence(), event.id(), event.at(), what);
        return known.stream()
                .anyMatch(
                        row -> {
                            Format format = formats.get(row.webhook().format());
                            return format != null
                                    && !format.messages(wouldBe, row.webhook()).isEmpty();
                        });
    }

    private void outgoing(Event event, List<Outgoing> rows) {
        for (WebhookRow row : known) {
            Format format = formats.get(row.webhook().format());
            if (format == null) {
                continue;
            }
            for (Format.Message message : format.messages(event, row.webhook())) {
                rows.add(
                        new Outgoing(
                                row.id(),
                                new Deliveries.Event(
                                        event.id(),
                                        message.type(),
                                        message.subject(),
                                        message.body())));
            }
        }
    }

    private void tellWaiting() {
        waiting.removeIf(
                one -> {
                    boolean ready = known.isEmpty() || done >= one.sequence();
                    if (ready) {
                        one.written().complete(null);
                    }
                    return ready;
                });
    }

    @Override
    public void close() {
        stopped = true;
        watch.close();
        bell.ring();
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        bus.letGo();
    }
}

package dev.roomline.bridge.api;

import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.EventBus;
import dev.roomline.bridge.metrics.Counters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * One reader of events by SSE (the HTML standard, "Server-sent events"). It follows the bus at its
 * own pace; one that the bus has gone over while its connection was full is cut off, and may come
 * again with {@code Last-Event-ID}. Owner: the connection's event loop.
 */
public final class EventStream implements Answer.Stream {
    private static final int QUEUE_OCTETS = 64 * 1024;
    private static final int EVENTS_AT_ONCE = 64;
    private static final long KEEP_ALIVE_MILLIS = 15_000;

    private final EventBus bus;
    private final Predicate<Event> wanted;
    private final Start start;
    private final BooleanSupplier welcome;
    private final Runnable closed;
    private final Counters counters;
    private final AtomicBoolean woken = new AtomicBoolean();
    private long cursor;
    private boolean over;

    /**
     * Where a reader begins.
     *
     * @param after the event that it has read last; 0: all that is kept
     * @param gap whether events before that are lost to it
     */
    public record Start(long after, boolean gap) {}

    /**
     * @param welcome whether the reader's key still opens this; blocks
     * @param closed told once, when it is over
     */
    public EventStream(
            EventBus bus,
            Predicate<Event> wanted,
            Start start,
            BooleanSupplier welcome,
            Counters counters,
            Runnable closed) {
        this.bus = bus;
        this.wanted = wanted;
        this.start = start;
        this.welcome = welcome;
        this.counters = counters;
        this.closed = closed;
        this.cursor = start.after();
    }

    @Override
    public void open(Vertx vertx, HttpServerResponse response) {
        Context loop = vertx.getOrCreateContext();
        response.setChunked(true);
        // a proxy that gathers answers would hold events back
        response.putHeader("X-Accel-Buffering", "no");
        response.setWriteQueueMaxSize(QUEUE_OCTETS);
        response.write("retry: 2000\n: roomline\n\n");
        if (start.gap()) {
            gap(response);
        }
        EventBus.Watch watch =
                bus.watch(
                        () -> {
                            if (woken.compareAndSet(false, true)) {
                                loop.runOnContext(_ -> pump(response));
                            }
                        });
        long timer = vertx.setPeriodic(KEEP_ALIVE_MILLIS, _ -> keepAlive(loop, response));
        response.closeHandler(_ -> end(vertx, timer, watch));
        response.exceptionHandler(_ -> end(vertx, timer, watch));
        response.drainHandler(_ -> pump(response));
        pump(response);
    }

    private void end(Vertx vertx, long timer, EventBus.Watch watch) {
        if (over) {
            return;
        }
        over = true;
        vertx.cancelTimer(timer);
        watch.close();
        closed.run();
    }

    private void pump(HttpServerResponse response) {
        woken.set(false);
        while (!over && !response.closed() && !response.writeQueueFull()) {
            switch (bus.readTold(cursor, EVENTS_AT_ONCE)) {
                case EventBus.Reading.Events(var events) when events.isEmpty() -> {
                    return;
                }
                case EventBus.Reading.Events(var events) ->
                        events.forEach(event -> pass(event, response));
                case EventBus.Reading.Lost _ -> {
                    counters.eventReaderCut();
                    response.end();
                    return;
                }
            }
        }
    }

    private void pass(Event event, HttpServerResponse response) {
        cursor = event.sequence();
        if (wanted.test(event)) {
            response.write(
                    "id: "
                            + event.id()
                            + "\nevent: "
                            + event.type().label()
                            + "\ndata: "
                            + event.json()
                            + "\n\n");
        }
    }

    /** Before the first event: what lies between its last one and this is not kept any more. */
    private static void gap(HttpServerResponse response) {
        response.write(
                "event: gap\ndata: {\"type\":\"gap\",\"detail\":\"Events between your last one and"
                        + " the next are not kept any more.\"}\n\n");
    }

    /** Proxies close what is silent; and a key may have been deleted meanwhile. */
    private void keepAlive(Context loop, HttpServerResponse response) {
        if (over || response.closed()) {
            return;
        }
        if (!response.writeQueueFull()) {
            response.write(": keep-alive\n\n");
        }
        Thread.startVirtualThread(
                () -> {
                    if (!welcome.getAsBoolean()) {
                        loop.runOnContext(
                                _ -> {
                                    if (!over) {
                                        response.end();
                                    }
                                });
                    }
                });
    }
}

package dev.roomline.bridge.webhook;

import dev.roomline.bridge.config.Declared.Webhook;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.store.Deliveries;
import dev.roomline.bridge.store.DeliveryRow;
import dev.roomline.bridge.store.StoreException;
import dev.roomline.bridge.store.WebhookRow;
import dev.roomline.bridge.store.Webhooks;
import dev.roomline.bridge.webhook.GuardedHttp.Outcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what the outbox holds: at least once, of each call in order, tried again as its format
 * says. No webhook has more than a few deliveries under way, so that one which does not answer
 * keeps no other waiting. One virtual thread looks, one more runs per delivery.
 */
public final class Courier implements AutoCloseable {
    static final int OF_ONE_WEBHOOK = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration LOOK_AT_LEAST = Duration.ofMinutes(1);
    private static final Duration STORE_AWAY = Duration.ofSeconds(1);
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final int MOST_ERROR = 200;
    private static final int GONE = 410;

    private final Webhooks webhooks;
    private final Deliveries deliveries;
    private final Map<String, Format> formats;
    private final GuardedHttp http;
    private final Counters counters;
    private final InstantSource clock;

    /**
     * By webhook. Owner: the courier's thread, so that nothing ends between its look and its turn.
     */
    private final Map<String, Set<String>> underWay = new HashMap<>();

    private final Queue<DeliveryRow> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger posting = new AtomicInteger();
    private final Thread thread;
    private final Bell bell = new Bell();
    private volatile boolean stopped;
    private volatile long waiting;

    public Courier(
            Webhooks webhooks,
            Deliveries deliveries,
            Map<String, Format> formats,
            GuardedHttp http,
            Counters counters,
            InstantSource clock) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.formats = Map.copyOf(formats);
        this.http = http;
        this.counters = counters;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("courier").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Something was written down. Any thread. */
    public void wake() {
        bell.ring();
    }

    /** Deliveries that wait, as of the last look. */
    public long waiting() {
        return waiting;
    }

    private void run() {
        while (!stopped) {
            try {
                bell.look();
                forgetEnded();
                Instant now = clock.instant();
                for (String webhook : deliveries.webhooksDue(now)) {
                    begin(webhook, now);
                }
                waiting = deliveries.waiting();
                bell.rest(rest(now));
            } catch (StoreException away) {
                LOG.warn("event=deliveries_put_off", away);
                LockSupport.parkNanos(this, STORE_AWAY.toNanos());
            } catch (RuntimeException bug) {
                counters.fault("webhook");
                LOG.error("event=courier_fault", bug);
                LockSupport.parkNanos(this, STORE_AWAY.toNanos());
            }
        }
    }

    /**
     * Before it is asked what is due: what ends after that is in that answer still, and would be
     * sent again.
     */
    private void forgetEnded() {
        for (DeliveryRow row = ended.poll(); row != null; row = ended.poll()) {
            underWay.getOrDefault(row.webhookId(), Set.of()).remove(row.id());
        }
    }

    /** Until something is due that is not due yet; what is under way wakes us when it ends. */
    private Duration rest(Instant now) {
        Duration next =
                deliveries
                        .nextDueAfter(now)
                        .map(at -> Duration.between(clock.instant(), at))
                        .orElse(LOOK_AT_LEAST);
        if (next.compareTo(LOOK_AT_LEAST) > 0) {
            return LOOK_AT_LEAST;
        }
        return next.isPositive() ? next : Duration.ofMillis(1);
    }

    private void begin(String webhook, Instant now) {
        Set<String> busy = underWay.computeIfAbsent(webhook, _ -> new HashSet<>());
        if (busy.size() >= OF_ONE_WEBHOOK) {
            return;
        }
        Optional<WebhookRow> to = webhooks.find(webhook);
        if (to.isEmpty()) {
            return;
        }
        for (DeliveryRow row : deliveries.due(webhook, now, OF_ONE_WEBHOOK)) {
            if (busy.size() < OF_ONE_WEBHOOK && busy.add(row.id())) {
                posting.incrementAndGet();
                Thread.ofVirtual().name("delivery").start(() -> deliver(to.get(), row));
            }
        }
    }

    private void deliver(WebhookRow to, DeliveryRow row) {
        try {
            post(to.webhook(), row);
        } catch (StoreException away) {
            // it is sent once more: at least once
            LOG.warn("event=delivery_not_noted delivery={}", row.id(), away);
            LockSupport.parkNanos(STORE_AWAY.toNanos());
        } catch (RuntimeException bug) {
            counters.fault("webhook");
            LOG.error("event=delivery_fault delivery={}", row.id(), bug);
            LockSupport.parkNanos(STORE_AWAY.toNanos());
        } finally {
            ended.add(row);
            posting.decrementAndGet();
            wake();
        }
    }

    private void post(Webhook to, DeliveryRow row) {
        Format format = formats.get(to.format());
        if (format == null) {
            failed(Format.STANDARD, row, 0, "the format " + to.format() + " is not served");
            return;
        }
        byte[] body = row.body().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "Roomline");
        to.headers().forEach((name, value) -> headers.put(name, value.value()));
        headers.putAll(format.headers(row, body, to, clock.instant()));
        long began = System.nanoTime();
        Outcome outcome =
                http.post(URI.create(to.url()), headers, body, to.allowPrivate(), DEADLINE)
                        .toCompletableFuture()
                        .join();
        counters.webhookAnswered((System.nanoTime() - began) / 1e9);
        switch (outcome) {
            case Outcome.Answered(int status, byte[] _) when status / 100 == 2 -> {
                deliveries.delivered(row.id(), status, clock.instant());
                counters.webhookDelivery("delivered");
            }
            case Outcome.Answered(int status, byte[] _) ->
                    failed(format, row, status, "answered with " + status);
            case Outcome.Refused(String why) -> failed(format, row, 0, why);
            case Outcome.Failed(String why) -> failed(format, row, 0, why);
        }
    }

    private void failed(Format format, DeliveryRow row, int status, String why) {
        Instant now = clock.instant();
        Optional<Instant> next =
                status == GONE
                        ? Optional.empty()
                        : format.retryAfter(
                                        row.attempts() + 1, Duration.between(row.createdAt(), now))
                                .map(wait -> spread(wait, ThreadLocalRandom.current().nextDouble()))
                                .map(now::plus);
        boolean last = next.isEmpty();
        String error = why.length() <= MOST_ERROR ? why : why.substring(0, MOST_ERROR);
        deliveries.failed(row.id(), status, error, next, now);
        counters.webhookDelivery(last ? "given_up" : "failed");
        if (last) {
            LOG.warn(
                    "event=delivery_given_up webhook={} delivery={} type={} attempts={} text=\"{}\"",
                    row.webhookId(),
                    row.id(),
                    row.eventType(),
                    row.attempts() + 1,
                    error.replace('"', '\''));
        }
    }

    /**
     * By up to a fifth longer, so that what failed together is not tried together.
     *
     * @param chance 0 to 1
     */
    static Duration spread(Duration wait, double chance) {
        return Duration.ofMillis((long) (wait.toMillis() * (1 + chance / 5)));
    }

    /**
     * Begins no delivery any more, and lets those under way be noted, for two seconds at most: what
     * is not noted is sent once more after the next start.
     */
    @Override
    public void close() {
        long untilNanos = System.nanoTime() + CLOSING.toNanos();
        stopped = true;
        wake();
        try {
            thread.join(CLOSING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        while (posting.get() > 0 && System.nanoTime() < untilNanos) {
            LockSupport.parkNanos(this, Duration.ofMillis(5).toNanos());
        }
    }
}

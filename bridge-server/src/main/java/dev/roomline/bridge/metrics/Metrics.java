package dev.roomline.bridge.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The registry behind {@code /metrics}. {@link EventMeters} counts what happens, {@link LiveMeters}
 * shows what is. Any thread.
 */
public final class Metrics implements AutoCloseable {
    private static final List<String> STATUSES = List.of("2xx", "4xx", "5xx");

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final Supplier<LiveNumbers> numbers;
    private final EventMeters events = new EventMeters(meters);
    private final LiveMeters live = new LiveMeters(meters);
    private final JvmGcMetrics collector = new JvmGcMetrics();
    private final AtomicInteger httpBusy = new AtomicInteger();
    private volatile LongSupplier eventsPublished = () -> 0;
    private volatile LongSupplier deliveriesWaiting = () -> 0;
    private volatile IntSupplier eventReaders = () -> 0;

    /**
     * @param numbers read at each scrape
     */
    public Metrics(Supplier<LiveNumbers> numbers) {
        this.numbers = numbers;
        meters.gauge(Metric.HTTP_BUSY, httpBusy::get);
        meters.counted(Metric.EVENTS, () -> eventsPublished.getAsLong());
        meters.gauge(Metric.EVENT_READERS, () -> eventReaders.getAsInt());
        meters.gauge(Metric.WEBHOOK_WAITING, () -> deliveriesWaiting.getAsLong());
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collector.bindTo(registry);
    }

    public Counters counters() {
        return events;
    }

    /** Which routes there are; their counters stand at zero from now on. */
    public void httpRoutes(Collection<String> routes) {
        for (String route : routes) {
            STATUSES.forEach(status -> meters.counter(Metric.HTTP_REQUESTS, route, status));
        }
    }

    /** An HTTP request was answered; {@code route} is a pattern of the page of routes. */
    public void httpAnswered(String route, int status) {
        meters.counter(Metric.HTTP_REQUESTS, route, status / 100 + "xx").increment();
    }

    /** How many HTTP requests are being answered. */
    public AtomicInteger httpBusy() {
        return httpBusy;
    }

    /** How many read events by SSE. */
    public void eventReaders(IntSupplier readers) {
        eventReaders = readers;
    }

    /**
     * @param published events told since start
     * @param waiting deliveries to webhooks that are not done
     */
    public void events(LongSupplier published, LongSupplier waiting) {
        eventsPublished = published;
        deliveriesWaiting = waiting;
    }

    /** The Prometheus text exposition. */
    public String scrape() {
        live.take(numbers.get());
        return registry.scrape();
    }

    @Override
    public void close() {
        collector.close();
        registry.close();
    }
}

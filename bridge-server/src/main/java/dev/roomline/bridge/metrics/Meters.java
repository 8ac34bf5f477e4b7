package dev.roomline.bridge.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleSupplier;

/**
 * Makes meters of {@link Metric}s: each stands in the exposition, at zero, from when it was made.
 * Thread-safe.
 */
final class Meters {
    private final PrometheusMeterRegistry registry;
    private final ConcurrentHashMap<String, Counter> counters = new ConcurrentHashMap<>();

    /** The registry's function counters hold what they read by a weak reference alone. */
    private final Queue<DoubleSupplier> read = new ConcurrentLinkedQueue<>();

    Meters(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    /** The counter of these label values. */
    Counter counter(Metric metric, String... values) {
        return counters.computeIfAbsent(
                metric.scraped() + ' ' + String.join(" ", values),
                key ->
                        Counter.builder(metric.registered())
                                .description(metric.help())
                                .tags(tags(metric, values))
                                .register(registry));
    }

    /** A value that only grows, read at each scrape. */
    void counted(Metric metric, DoubleSupplier value, String... values) {
        read.add(value);
        FunctionCounter.builder(metric.registered(), value, DoubleSupplier::getAsDouble)
                .description(metric.help())
                .tags(tags(metric, values))
                .register(registry);
    }

    /** A value of now, read at each scrape. */
    void gauge(Metric metric, DoubleSupplier value, String... values) {
        Gauge.builder(metric.registered(), value::getAsDouble)
                .description(metric.help())
                .tags(tags(metric, values))
                .register(registry);
    }

    /**
     * Prometheus' own kind: the registry's summaries round what they count up to whole numbers.
     *
     * @param buckets upper bounds
     */
    Histogram histogram(Metric metric, double[] buckets) {
        return Histogram.builder()
                .name(metric.scraped())
                .help(metric.help())
                .labelNames(metric.labels().toArray(String[]::new))
                .withoutExemplars()
                .classicOnly()
                .classicUpperBounds(buckets)
                .register(registry.getPrometheusRegistry());
    }

    private static Tags tags(Metric metric, String... values) {
        Tags tags = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            tags = tags.and(metric.labels().get(i), values[i]);
        }
        return tags;
    }
}

package dev.roomline.bridge.metrics;

import dev.roomline.bridge.call.EndReason;
import dev.roomline.media.loop.MediaRelay.LoopReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The registry behind {@code /metrics}. Any thread. */
public final class Metrics implements AutoCloseable {
    private static final Set<String> METHODS =
            Set.of(
                    "INVITE",
                    "ACK",
                    "BYE",
                    "CANCEL",
                    "OPTIONS",
                    "REGISTER",
                    "PRACK",
                    "UPDATE",
                    "INFO",
                    "REFER",
                    "NOTIFY",
                    "SUBSCRIBE",
                    "MESSAGE",
                    "PUBLISH");

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Supplier<LiveNumbers> numbers;
    private final JvmGcMetrics collector = new JvmGcMetrics();
    private final ConcurrentHashMap<String, Counter> counters = new ConcurrentHashMap<>();
    private final Set<String> metered = ConcurrentHashMap.newKeySet();
    private final AtomicInteger httpBusy = new AtomicInteger();
    private final Counters feed = new Feed();

    /**
     * @param numbers read at each scrape
     */
    public Metrics(Supplier<LiveNumbers> numbers) {
        this.numbers = numbers;
        gauge(Metric.CALLS_ACTIVE, () -> numbers.get().calls());
        gauge(Metric.PARTICIPANTS, () -> numbers.get().participants());
        gauge(Metric.ROOMS, () -> numbers.get().rooms());
        gauge(Metric.HTTP_BUSY, httpBusy::get);
        signalMeter(Metric.FAULTS, "place", LiveNumbers.Signalling::faults);
        signalMeter(Metric.QUEUE_REFUSALS, "queue", LiveNumbers.Signalling::refusals);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collector.bindTo(registry);
    }

    private void gauge(Metric metric, Supplier<Number> value) {
        Gauge.builder(metric.registered(), value).description(metric.help()).register(registry);
    }

    public Counters counters() {
        return feed;
    }

    /** An HTTP request was answered; {@code route} is a pattern of the page of routes. */
    public void httpAnswered(String route, int status) {
        count(Metric.HTTP_REQUESTS, route, status / 100 + "xx").increment();
    }

    /** How many HTTP requests are being answered. */
    public AtomicInteger httpBusy() {
        return httpBusy;
    }

    /** The Prometheus text exposition. */
    public String scrape() {
        perLoop(numbers.get());
        return registry.scrape();
    }

    private void perLoop(LiveNumbers now) {
        for (int loop = 0; loop < now.loops().size(); loop++) {
            if (metered.add("loop " + loop)) {
                loopMeters(loop);
            }
        }
        now.mediaDrops().keySet().stream()
                .filter(reason -> metered.add("drop " + reason))
                .forEach(this::dropMeter);
        now.signal().drops().keySet().stream()
                .filter(reason -> metered.add("sip drop " + reason))
                .forEach(this::sipDropMeter);
    }

    private void loopMeters(int loop) {
        Tags tags = Tags.of("loop", Integer.toString(loop));
        Gauge.builder(Metric.LOOP_UTILISATION.registered(), () -> report(loop).utilisation())
                .description(Metric.LOOP_UTILISATION.help())
                .tags(tags)
                .register(registry);
        Gauge.builder(Metric.LOOP_LEGS.registered(), () -> report(loop).legs())
                .description(Metric.LOOP_LEGS.help())
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(
                        Metric.LOOP_LATE_TICKS.registered(),
                        this,
                        metrics -> metrics.report(loop).lateTicks())
                .description(Metric.LOOP_LATE_TICKS.help())
                .tags(tags)
                .register(registry);
    }

    private void dropMeter(String reason) {
        FunctionCounter.builder(
                        Metric.MEDIA_DROPS.registered(),
                        this,
                        metrics -> metrics.numbers.get().mediaDrops().getOrDefault(reason, 0L))
                .description(Metric.MEDIA_DROPS.help())
                .tags(Tags.of("reason", reason))
                .register(registry);
    }

    private void signalMeter(
            Metric metric, String label, ToDoubleFunction<LiveNumbers.Signalling> value) {
        FunctionCounter.builder(
                        metric.registered(),
                        this,
                        metrics -> value.applyAsDouble(metrics.numbers.get().signal()))
                .description(metric.help())
                .tags(Tags.of(label, "signal loop"))
                .register(registry);
    }

    private void sipDropMeter(String reason) {
        FunctionCounter.builder(
                        Metric.SIP_DROPS.registered(),
                        this,
                        metrics -> metrics.numbers.get().signal().drops().getOrDefault(reason, 0L))
                .description(Metric.SIP_DROPS.help())
                .tags(Tags.of("reason", reason))
                .register(registry);
    }

    private LoopReport report(int loop) {
        var loops = numbers.get().loops();
        return loop < loops.size() ? loops.get(loop) : LoopReport.NONE;
    }

    private Counter count(Metric metric, String... values) {
        return counters.computeIfAbsent(
                metric.scraped() + String.join(" ", values), key -> counter(metric, values));
    }

    private Counter counter(Metric metric, String... values) {
        return Counter.builder(metric.registered())
                .description(metric.help())
                .tags(tags(metric, values))
                .register(registry);
    }

    private static Tags tags(Metric metric, String... values) {
        Tags tags = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            tags = tags.and(metric.labels().get(i), values[i]);
        }
        return tags;
    }

    @Override
    public void close() {
        collector.close();
        registry.close();
    }

    private final class Feed implements Counters {
        @Override
        public void sipRequest(String method) {
            count(Metric.SIP_REQUESTS, METHODS.contains(method) ? method : "other").increment();
        }

        @Override
        public void sipRefusal(EndReason reason) {
            count(Metric.SIP_REFUSALS, reason.label()).increment();
        }

        @Override
        public void callStarted(String direction) {
            count(Metric.CALLS_STARTED, closed(direction)).increment();
        }

        @Override
        public void callEnded(String direction, EndReason reason, EndReason.Culprit culprit) {
            count(Metric.CALLS_ENDED, closed(direction), reason.label(), culprit.label())
                    .increment();
        }

        @Override
        public void callAnswered(String direction, double seconds) {
            Timer.builder(Metric.CALL_SETUP.registered())
                    .description(Metric.CALL_SETUP.help())
                    .tags(tags(Metric.CALL_SETUP, closed(direction)))
                    .serviceLevelObjectives(
                            Duration.ofMillis(10),
                            Duration.ofMillis(50),
                            Duration.ofMillis(200),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(5))
                    .register(registry)
                    .record((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
        }

        @Override
        public void queueRefusal(String queue) {
            count(Metric.QUEUE_REFUSALS, queue.toLowerCase(Locale.ROOT)).increment();
        }

        @Override
        public void fault(String where) {
            count(Metric.FAULTS, where.toLowerCase(Locale.ROOT)).increment();
        }

        private static String closed(String direction) {
            return direction.equals("inbound") || direction.equals("outbound")
                    ? direction
                    : "other";
        }
    }
}

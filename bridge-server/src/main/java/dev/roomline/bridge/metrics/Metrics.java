package dev.roomline.bridge.metrics;

import java.util.function.Supplier;

/** The registry behind {@code /metrics}. Any thread. */
@SuppressWarnings("DoNotCallSuggester")
public final class Metrics {

    /**
     * @param numbers read at each scrape
     */
    public Metrics(Supplier<LiveNumbers> numbers) {}

    public Counters counters() {
        throw new UnsupportedOperationException();
    }

    /** The Prometheus text exposition. */
    public String scrape() {
        throw new UnsupportedOperationException();
    }
}

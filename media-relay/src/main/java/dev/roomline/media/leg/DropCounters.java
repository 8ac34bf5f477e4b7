package dev.roomline.media.leg;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often each {@link Drop} happened. Counted by any thread, read by any. */
public final class DropCounters {
    private final Map<Drop, LongAdder> counts = new EnumMap<>(Drop.class);

    public DropCounters() {
        for (Drop drop : Drop.values()) {
            counts.put(drop, new LongAdder());
        }
    }

    public void count(Drop drop) {
        adder(drop).increment();
    }

    public long of(Drop drop) {
        return adder(drop).sum();
    }

    private LongAdder adder(Drop drop) {
        LongAdder adder = counts.get(drop);
        if (adder == null) {
            throw new IllegalStateException("every drop has a counter since construction");
        }
        return adder;
    }

    /** Adds every count to {@code totals} by label. */
    public void addTo(Map<String, Long> totals) {
        counts.forEach((drop, count) -> totals.merge(drop.label(), count.sum(), Long::sum));
    }
}

package dev.roomline.media.loop;

import dev.roomline.media.leg.LegLoss;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How often legs' media ended by itself, by {@link LegLoss}. Counted and read by any thread. */
final class LossCounters {
    private final Map<LegLoss, LongAdder> counts = new EnumMap<>(LegLoss.class);

    LossCounters() {
        for (LegLoss loss : LegLoss.values()) {
            counts.put(loss, new LongAdder());
        }
    }

    void count(LegLoss loss) {
        counts.computeIfAbsent(loss, l -> new LongAdder()).increment();
    }

    /** By label: {@code dtls_failed}. */
    Map<String, Long> totals() {
        Map<String, Long> totals = new TreeMap<>();
        counts.forEach((loss, n) -> totals.put(loss.name().toLowerCase(Locale.ROOT), n.sum()));
        return totals;
    }
}

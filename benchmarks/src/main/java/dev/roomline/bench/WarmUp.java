package dev.roomline.bench;

import dev.roomline.bench.CpuTime.Part;

/**
 * Calls before any is counted, at a rising rate, until the compiler rests or for as long as is
 * allowed: the server is compiled while it runs, and what that costs is no call's.
 */
final class WarmUp {
    /** Share of a core. */
    private static final double COMPILER_AT_REST = 0.03;

    private final int longestSeconds;
    private final int mostPerSecond;
    private final PerformancePage page;

    /** Some seconds at one rate. */
    @FunctionalInterface
    interface Stretch {
        Seen at(int callsPerSecond, int seconds) throws InterruptedException;
    }

    /**
     * @param figures as they are printed
     */
    record Seen(CpuTime.PerCall cost, String figures) {}

    WarmUp(int longestSeconds, int mostPerSecond, PerformancePage page) {
        this.longestSeconds = longestSeconds;
        this.mostPerSecond = mostPerSecond;
        this.page = page;
    }

    void run(Stretch stretch) throws InterruptedException {
        int chunk = Math.clamp(longestSeconds / 4, 1, 10);
        for (int spent = 0; spent < longestSeconds; spent += chunk) {
            int doublings = Math.min(8, spent / chunk);
            int rate = Math.min(mostPerSecond, (mostPerSecond / 8) << doublings);
            Seen seen = stretch.at(rate, chunk);
            double compiling = seen.cost().parts().getOrDefault(Part.COMPILING, 0.0) * rate / 1e6;
            page.print(
                    "Warm-up, not counted below: %d s at %d calls/s: %s, compiling %.0f %% of a core"
                            .formatted(chunk, rate, seen.figures(), 100 * compiling));
            if (rate == mostPerSecond && compiling < COMPILER_AT_REST) {
                return;
            }
        }
    }
}

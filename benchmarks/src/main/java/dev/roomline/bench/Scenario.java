package dev.roomline.bench;

import java.util.List;

/** One piece of the work that {@code scripts/bench media} measures. */
interface Scenario {
    /**
     * Measures and prints.
     *
     * @return what was to be reached, with what was found
     */
    List<Aim> run(PerformancePage page) throws InterruptedException;
}

package dev.roomline.bench;

import java.util.List;
import java.util.Objects;

/**
 * The table of all aims in {@code docs/performance.md}, made anew of what each scenario has written
 * there, whenever that was.
 */
final class AimTable {
    private AimTable() {}

    /** Writes it. */
    static void write(List<String> sections) {
        PerformancePage page = new PerformancePage("aims");
        page.print("| what | aim | measured | |");
        page.print("|---|---|---|---|");
        for (String section : sections) {
            PerformancePage.recorded(section).stream()
                    .map(Aim::read)
                    .filter(Objects::nonNull)
                    .forEach(aim -> page.print(aim.row()));
        }
        page.write();
    }
}

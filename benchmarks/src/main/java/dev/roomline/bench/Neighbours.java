package dev.roomline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where the machine's time went between two looks: how busy it was as a whole, what the hypervisor
 * took ({@code /proc/stat}), and which processes used most ({@code /proc/PID/stat}). Owner: one
 * thread.
 */
final class Neighbours {
    private static final double TICKS_PER_SECOND = 100;
    private static final int STEAL = 7;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final double WORTH_NAMING_PERCENT = 3;

    private final int cores = Runtime.getRuntime().availableProcessors();
    private Map<String, Long> processes = processes();
    private long[] whole = whole();
    private long lookedNanos = System.nanoTime();

    /**
     * Since the last look.
     *
     * @param busyPercent of all cores, what was stolen not counted
     * @param stealPercent of all cores
     * @param greediest each process above 3 % of a core
     */
    record Look(double busyPercent, double stealPercent, String greediest) {}

    Look look() {
        long now = System.nanoTime();
        double ticks = (now - lookedNanos) / 1e9 * TICKS_PER_SECOND;
        Map<String, Long> processesNow = processes();
        long[] wholeNow = whole();
        long spent = 0;
        for (int i = 0; i < STEAL; i++) {
            spent += i == IDLE || i == IO_WAIT ? 0 : wholeNow[i] - whole[i];
        }
        long stolen = wholeNow[STEAL] - whole[STEAL];
        Map<String, Double> shares = new HashMap<>();
        processesNow.forEach(
                (process, used) -> {
                    double percent = 100 * (used - processes.getOrDefault(process, 0L)) / ticks;
                    if (percent > WORTH_NAMING_PERCENT) {
                        shares.put(process, percent);
                    }
                });
        lookedNanos = now;
        processes = processesNow;
        whole = wholeNow;
        return new Look(
                100 * spent / (ticks * cores), 100 * stolen / (ticks * cores), words(shares));
    }

    /** What the hypervisor has taken of all cores since the machine's start. */
    static double stolenMillis() {
        return whole()[STEAL] * 1_000 / TICKS_PER_SECOND;
    }

    private static String words(Map<String, Double> shares) {
        return shares.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(e -> String.format(Locale.ROOT, "%s %.0f", e.getKey(), e.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static long[] whole() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            String[] fields = lines.findFirst().orElseThrow().trim().split(" +");
            long[] ticks = new long[STEAL + 1];
            for (int i = 0; i <= STEAL; i++) {
                ticks[i] = Long.parseLong(fields[i + 1]);
            }
            return ticks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ticks of CPU by process, named by its number and command. */
    private static Map<String, Long> processes() {
        Map<String, Long> used = new HashMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                read(process, used);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return used;
    }

    private static void read(Path process, Map<String, Long> used) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            int end = stat.lastIndexOf(')');
            String name = stat.substring(stat.indexOf('(') + 1, end);
            List<String> fields = List.of(stat.substring(end + 2).split(" "));
            used.put(
                    process.getFileName() + " " + name,
                    Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12)));
        } catch (IOException ended) {
            // it is over
        }
    }
}

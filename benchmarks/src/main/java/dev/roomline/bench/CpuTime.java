package dev.roomline.bench;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * CPU time of a process: {@code /proc/PID/task/TID/schedstat} summed over its threads, in
 * nanoseconds. A thread that has ended takes its file with it, so what was last read of it is kept:
 * {@link #nanos} is to be called every second or so. Owner: one thread.
 */
final class CpuTime {
    private final Path tasks;
    private final Map<String, Long> byThread = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();

    /** What a server's threads do. */
    enum Part {
        SIGNALLING("signalling"),
        STORE("store and HTTP"),
        MEDIA("media"),
        COMPILING("compiling"),
        COLLECTING("collecting"),
        REST("the rest");

        private final String words;

        Part(String words) {
            this.words = words;
        }

        /** All, for the head of a table. */
        static String words(String between) {
            return Arrays.stream(values()).map(part -> part.words).collect(joining(between));
        }

        /**
         * What a call costs, as a table.
         *
         * @param rows as {@link #row} makes them
         */
        static List<String> table(List<String> rows) {
            List<String> lines = new ArrayList<>();
            lines.add("");
            lines.add("What a call costs the server, by its threads, µs:");
            lines.add("");
            lines.add("| calls/s asked | " + words(" | ") + " |");
            lines.add("|---|" + "---|".repeat(values().length));
            lines.addAll(rows);
            return lines;
        }

        /** A row of a table: the medians of several runs. */
        static String row(String label, List<PerCall> runs) {
            StringBuilder row = new StringBuilder("| " + label);
            for (Part part : values()) {
                Spread spread =
                        Spread.of(
                                runs.stream().map(r -> r.parts().getOrDefault(part, 0.0)).toList());
                row.append(" | ").append(spread.text(0));
            }
            return row + " |";
        }

        /** By a thread's name, of which the kernel keeps 15 letters. */
        private static Part of(String name) {
            if (name.startsWith("signal-")) {
                return SIGNALLING;
            }
            if (name.startsWith("media-")) {
                return MEDIA;
            }
            if (name.startsWith("ForkJoinPool-1-")) {
                return STORE;
            }
            if (name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler")) {
                return COMPILING;
            }
            return name.startsWith("ZWorker") || name.startsWith("ZDriver") ? COLLECTING : REST;
        }
    }

    /**
     * What one call of a run cost.
     *
     * @param micros without what the process uses at rest
     * @param parts in microseconds, with it
     */
    record PerCall(double micros, Map<Part, Double> parts) {}

    CpuTime(long pid) {
        tasks = Path.of("/proc", Long.toString(pid), "task");
    }

    /** All that its threads, past and present, have used. */
    long nanos() {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                read(thread);
            }
        } catch (NoSuchFileException | DirectoryIteratorException ended) {
            // the process is over: what was read last stands
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return byThread.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The same by part; what ended before it had a name is the rest. */
    Map<Part, Long> nanosByPart() {
        nanos();
        Map<Part, Long> parts = new EnumMap<>(Part.class);
        byThread.forEach(
                (thread, nanos) ->
                        parts.merge(Part.of(names.getOrDefault(thread, "")), nanos, Long::sum));
        return parts;
    }

    /** What was spent since an earlier reading, shared out among so many calls. */
    PerCall perCall(Map<Part, Long> before, long calls, double idleNanos) {
        Map<Part, Double> parts = new EnumMap<>(Part.class);
        double spent = -idleNanos;
        for (var part : nanosByPart().entrySet()) {
            long nanos = part.getValue() - before.getOrDefault(part.getKey(), 0L);
            parts.put(part.getKey(), nanos / 1000.0 / calls);
            spent += nanos;
        }
        return new PerCall(spent / 1000 / calls, parts);
    }

    private void read(Path thread) {
        try {
            String text = Files.readString(thread.resolve("schedstat"));
            String id = String.valueOf(thread.getFileName());
            byThread.put(id, Long.parseLong(text.substring(0, text.indexOf(' '))));
            names.put(id, Files.readString(thread.resolve("comm")).strip());
        } catch (IOException ended) {
            // this thread is over
        }
    }

    /** Share of one core that the process uses over so long, with nothing asked of it. */
    double idleShare(long millis) throws InterruptedException {
        long before = nanos();
        long began = System.nanoTime();
        Thread.sleep(millis);
        return (double) (nanos() - before) / (System.nanoTime() - began);
    }
}

package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Milliseconds between two messages of each call, as SIPp wrote them down ({@code -trace_rtt}). */
record SippTimes(List<Double> sorted) {
    static SippTimes read(Path folder, String name) {
        List<Double> times = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith("_rtt.csv")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    String[] columns = line.split(";");
                    if (columns.length >= 3 && columns[2].equals(name)) {
                        times.add(Double.valueOf(columns[1]));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        times.sort(null);
        return new SippTimes(times);
    }

    int size() {
        return sorted.size();
    }

    double quantile(double share) {
        assertThat(sorted).isNotEmpty();
        return sorted.get((int) Math.min(sorted.size() - 1L, (long) (sorted.size() * share)));
    }

    @Override
    public String toString() {
        return "p50 %.0f p99 %.0f max %.0f ms"
                .formatted(quantile(0.5), quantile(0.99), quantile(1));
    }
}

package dev.roomline.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One reading of {@code /metrics}. */
record Scrape(Map<String, Double> samples) {

    static Scrape of(String text) {
        Map<String, Double> samples = new TreeMap<>();
        text.lines()
                .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
                .forEach(
                        line -> {
                            int space = line.lastIndexOf(' ');
                            samples.put(
                                    line.substring(0, space),
                                    Double.parseDouble(line.substring(space + 1)));
                        });
        return new Scrape(samples);
    }

    /** The sum of all samples of this name whose labels hold every one of these words. */
    double sum(String name, String... labels) {
        double sum = 0;
        for (var sample : samples.entrySet()) {
            String key = sample.getKey();
            boolean named = key.equals(name) || key.startsWith(name + "{");
            if (named && List.of(labels).stream().allMatch(key::contains)) {
                sum += sample.getValue();
            }
        }
        return sum;
    }

    /** What has grown since an earlier reading, sample by sample, for names that begin so. */
    List<String> grown(Scrape before, String prefix) {
        List<String> grown = new ArrayList<>();
        samples.forEach(
                (key, value) -> {
                    double more = value - before.samples.getOrDefault(key, 0.0);
                    if (key.startsWith(prefix) && more > 0) {
                        grown.add("%s +%.0f".formatted(key, more));
                    }
                });
        return grown;
    }
}

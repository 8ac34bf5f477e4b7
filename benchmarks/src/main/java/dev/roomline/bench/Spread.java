package dev.roomline.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Repeats of one figure: the median, with the least and the greatest. */
record Spread(double median, double least, double greatest, int count) {

    static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median =
                sorted.length == 0
                        ? Double.NaN
                        : sorted.length % 2 == 1
                                ? sorted[middle]
                                : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(
                median,
                sorted.length == 0 ? Double.NaN : sorted[0],
                sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1],
                sorted.length);
    }

    static Spread of(List<Double> values) {
        return of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /**
     * The value below which the share {@code q} of the sorted values lies.
     *
     * @param q 0 to 1
     */
    static double quantile(double[] sorted, double q) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1L, (long) Math.ceil(q * sorted.length))];
    }

    /** {@code 12.3 (11.9–13.0)}. */
    String text(int decimals) {
        String format = "%." + decimals + "f";
        String shown = String.format(Locale.ROOT, format, median);
        return count < 2
                ? shown
                : shown
                        + String.format(
                                Locale.ROOT, " (" + format + "–" + format + ")", least, greatest);
    }
}

package dev.roomline.bridge.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which of the served media types a client likes best (RFC 9110 §12.5.1). */
public final class Accept {
    private Accept() {}

    /**
     * @param header blank: anything
     * @param served in our order, which decides between equals
     * @return empty if none is acceptable
     */
    public static Optional<String> best(String header, List<String> served) {
        if (header.isBlank()) {
            return Optional.of(served.getFirst());
        }
        String best = "";
        int bestQuality = 0;
        for (String type : served) {
            int quality = quality(header, type);
            if (quality > bestQuality) {
                best = type;
                bestQuality = quality;
            }
        }
        return Optional.of(best).filter(found -> !found.isEmpty());
    }

    /** The quality that the most specific range gives to this type, in thousandths. */
    private static int quality(String header, String type) {
        int quality = 0;
        int rank = -1;
        for (String range : header.split(",", -1)) {
            String[] parts = range.split(";", -1);
            int precision = precision(parts[0].strip().toLowerCase(Locale.ROOT), type);
            if (precision > rank) {
                rank = precision;
                quality = quality(parts);
            }
        }
        return quality;
    }

    /** 2: this very type; 1: its family; 0: all; −1: another. */
    private static int precision(String range, String type) {
        if (range.equals(type)) {
            return 2;
        }
        if (range.equals(type.substring(0, type.indexOf('/')) + "/*")) {
            return 1;
        }
        return range.equals("*/*") ? 0 : -1;
    }

    private static int quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                String value = parameter.substring(2).strip();
                return value.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?")
                        ? (int) Math.round(Double.parseDouble(value) * 1000)
                        : 0;
            }
        }
        return 1000;
    }
}

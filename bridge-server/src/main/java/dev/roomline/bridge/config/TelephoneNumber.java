package dev.roomline.bridge.config;

import java.util.Optional;

/** A telephone number as people write it, and as it is compared. */
public final class TelephoneNumber {
    private TelephoneNumber() {}

    /** Whether the text is a telephone number however it is written: {@code +1 (555) 010-0123}. */
    public static boolean is(String text) {
        return digits(text).isPresent();
    }

    /** The number with its separators taken out, {@code +} kept; empty if it is no number. */
    public static Optional<String> canonical(String text) {
        return digits(text).map(digits -> text.strip().startsWith("+") ? "+" + digits : digits);
    }

    /** Digits without plus and visual separators (RFC 3966 §5.1.1); empty if it is no number. */
    public static Optional<String> digits(String text) {
        StringBuilder digits = new StringBuilder();
        String stripped = subscriber(text);
        for (int i = 0; i < stripped.length(); i++) {
            char c = stripped.charAt(i);
            if (c >= '0' && c <= '9') {
                digits.append(c);
            } else if (!(c == '+' && i == 0) && "-.() ".indexOf(c) < 0) {
                return Optional.empty();
            }
        }
        return digits.isEmpty() ? Optional.empty() : Optional.of(digits.toString());
    }

    /**
     * Without the parameters that a number may drag along (RFC 3966 §3): {@code ;phone-context}.
     */
    public static String subscriber(String text) {
        int semicolon = text.indexOf(';');
        return (semicolon < 0 ? text : text.substring(0, semicolon)).strip();
    }
}

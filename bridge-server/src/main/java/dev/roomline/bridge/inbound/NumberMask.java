package dev.roomline.bridge.inbound;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What people in a room see of a caller who has a number and no name. */
public final class NumberMask {
    static final String ANONYMOUS = "Anonymous caller";

    private static final int SHORTEST_FULL_NUMBER = 8;
    private static final int SHOWN_AT_END = 4;
    private static final int SHOWN_OF_SHORT = 2;

    private NumberMask() {}

    /**
     * @param user the user part of the caller's address, unescaped; null or empty if there is none
     */
    public static String mask(@Nullable String user) {
        if (user == null || user.isBlank() || isAnonymous(user)) {
            return ANONYMOUS;
        }
        Optional<String> number = digits(user);
        if (number.isEmpty()) {
            return subscriber(user);
        }
        String digits = number.get();
        if (digits.length() < SHORTEST_FULL_NUMBER) {
            return "••" + last(digits, SHOWN_OF_SHORT);
        }
        String hidden = "••• ••• " + last(digits, SHOWN_AT_END);
        return user.strip().startsWith("+")
                ? CountryCodes.of(digits).map(code -> "+" + code + " " + hidden).orElse(hidden)
                : hidden;
    }

    /** Whether the text is a telephone number however it is written: {@code +1 (555) 010-0123}. */
    public static boolean isNumber(String text) {
        return digits(text).isPresent();
    }

    /** The number with its separators taken out, {@code +} kept; empty if it is no number. */
    public static Optional<String> canonical(String text) {
        return digits(text).map(digits -> text.strip().startsWith("+") ? "+" + digits : digits);
    }

    static boolean isAnonymous(String text) {
        String stripped = text.strip();
        return stripped.equalsIgnoreCase("anonymous")
                || stripped.equalsIgnoreCase("unavailable")
                || stripped.equalsIgnoreCase("restricted")
                || stripped.equalsIgnoreCase("unknown");
    }

    /** Digits without plus and visual separators (RFC 3966 §5.1.1); empty if it is no number. */
    private static Optional<String> digits(String text) {
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
    private static String subscriber(String text) {
        int semicolon = text.indexOf(';');
        return (semicolon < 0 ? text : text.substring(0, semicolon)).strip();
    }

    private static String last(String digits, int count) {
        return digits.substring(Math.max(0, digits.length() - count));
    }
}

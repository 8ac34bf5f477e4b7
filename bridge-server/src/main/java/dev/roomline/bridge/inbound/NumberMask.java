package dev.roomline.bridge.inbound;

import dev.roomline.bridge.config.TelephoneNumber;
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
        Optional<String> number = TelephoneNumber.digits(user);
        if (number.isEmpty()) {
            return TelephoneNumber.subscriber(user);
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

    static boolean isAnonymous(String text) {
        String stripped = text.strip();
        return stripped.equalsIgnoreCase("anonymous")
                || stripped.equalsIgnoreCase("unavailable")
                || stripped.equalsIgnoreCase("restricted")
                || stripped.equalsIgnoreCase("unknown");
    }

    private static String last(String digits, int count) {
        return digits.substring(Math.max(0, digits.length() - count));
    }
}

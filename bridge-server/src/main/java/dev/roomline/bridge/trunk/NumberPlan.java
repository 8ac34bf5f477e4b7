package dev.roomline.bridge.trunk;

import dev.roomline.bridge.config.Declared.Trunk;
import org.jspecify.annotations.Nullable;

/**
 * Whether two numbers are the same one, however a carrier writes them. Numbers are canonical:
 * digits, with a plus sign if one was sent.
 */
public final class NumberPlan {
    private NumberPlan() {}

    /**
     * As the operator wrote it, or as it reads internationally.
     *
     * @param trunk over which it was called; null if over none
     */
    public static boolean same(String one, String other, @Nullable Trunk trunk) {
        return digits(one).equals(digits(other))
                || international(one, trunk).equals(international(other, trunk));
    }

    /**
     * {@code +} and country code as far as they can be known: {@code number_format} says what
     * digits without a plus sign mean on this trunk.
     */
    static String international(String number, @Nullable Trunk trunk) {
        if (number.startsWith("+")) {
            return number;
        }
        if (trunk == null || !trunk.numberFormat().equals("national")) {
            return "+" + number;
        }
        String prefix = trunk.nationalPrefix();
        if (prefix.isEmpty()) {
            return "+" + trunk.country() + number;
        }
        // without its prefix it is no national number: digits of an international one
        return number.startsWith(prefix)
                ? "+" + trunk.country() + number.substring(prefix.length())
                : "+" + number;
    }

    private static String digits(String number) {
        StringBuilder digits = new StringBuilder(number.length());
        number.chars().filter(c -> c >= '0' && c <= '9').forEach(c -> digits.append((char) c));
        return digits.toString();
    }
}

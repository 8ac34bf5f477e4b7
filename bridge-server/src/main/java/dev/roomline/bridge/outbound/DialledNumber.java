package dev.roomline.bridge.outbound;

import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.TelephoneNumber;
import java.util.Optional;

/**
 * A number that is to be called.
 *
 * @param digits of an international number from its country code on; else as they are
 * @param international false: a short code, or an extension of somebody's exchange
 */
record DialledNumber(String digits, boolean international) {
    /** ITU-T E.164 §6: fifteen at most; what has fewer than seven digits has no country code. */
    private static final int LONGEST = 15;

    private static final int SHORTEST = 7;

    /**
     * @param text however it is written: {@code +1 (555) 123-4567}, {@code 00…}, {@code 0…} where
     *     the trunk's country says what that means
     * @return empty where it is no number, or none that this trunk can make sense of
     */
    static Optional<DialledNumber> read(String text, Trunk trunk) {
        return TelephoneNumber.canonical(text).flatMap(number -> of(number, trunk));
    }

    /** One that a phone of whatever country is to call: only with its country code is it known. */
    static Optional<DialledNumber> readAbroad(String text) {
        return TelephoneNumber.canonical(text)
                .flatMap(
                        number ->
                                number.startsWith("+")
                                        ? international(number.substring(1))
                                        : Optional.of(new DialledNumber(number, false)));
    }

    private static Optional<DialledNumber> of(String number, Trunk trunk) {
        if (number.startsWith("+")) {
            return international(number.substring(1));
        }
        if (number.length() < SHORTEST) {
            return Optional.of(new DialledNumber(number, false));
        }
        if (number.startsWith("00")) {
            return international(number.substring(2));
        }
        String prefix = trunk.nationalPrefix();
        if (!trunk.country().isEmpty() && !prefix.isEmpty() && number.startsWith(prefix)) {
            return international(trunk.country() + number.substring(prefix.length()));
        }
        if (!trunk.country().isEmpty() && number.startsWith("0")) {
            return international(trunk.country() + number.substring(1));
        }
        return international(number);
    }

    /** No country code begins with 0. */
    private static Optional<DialledNumber> international(String digits) {
        boolean plausible =
                digits.length() >= SHORTEST
                        && digits.length() <= LONGEST
                        && !digits.startsWith("0");
        return plausible ? Optional.of(new DialledNumber(digits, true)) : Optional.empty();
    }

    /** As this trunk wants it written: {@code number_format}. */
    String on(Trunk trunk) {
        if (!international) {
            return digits;
        }
        return switch (trunk.numberFormat()) {
            case "e164" -> digits;
            case "national" ->
                    digits.startsWith(trunk.country())
                            ? trunk.nationalPrefix() + digits.substring(trunk.country().length())
                            : "+" + digits;
            default -> "+" + digits;
        };
    }

    /** As records show it. */
    String text() {
        return international ? "+" + digits : digits;
    }
}

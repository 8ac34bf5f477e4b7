package dev.roomline.bridge.outbound;

import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.inbound.CountryCodes;
import java.util.List;
import java.util.Optional;

/**
 * Which numbers may be called: whoever steals an API key calls premium numbers of his own with it.
 */
final class NumberRules {
    private static final String PREMIUM = "premium";

    private final List<String> allowed;
    private final List<String> denied;
    private final boolean premiumDenied;
    private final boolean emergencyAllowed;

    /**
     * @param allowed beginnings of numbers; empty: all but the denied
     * @param denied {@code premium}, and beginnings of one's own
     */
    NumberRules(List<String> allowed, List<String> denied, boolean emergencyAllowed) {
        this.allowed = allowed.stream().map(NumberRules::digits).toList();
        this.premiumDenied = denied.contains(PREMIUM);
        this.denied =
                denied.stream().filter(d -> !d.equals(PREMIUM)).map(NumberRules::digits).toList();
        this.emergencyAllowed = emergencyAllowed;
    }

    private static String digits(String prefix) {
        return prefix.startsWith("+") ? prefix.substring(1) : prefix;
    }

    /**
     * @return the rule that forbids it, a sentence; empty if it may be called
     */
    Optional<String> refusal(DialledNumber number, Trunk trunk) {
        return refusal(number, country(trunk));
    }

    /**
     * @param country whose short numbers are dialled; empty where that is not known
     */
    Optional<String> refusal(DialledNumber number, String country) {
        if (!emergencyAllowed && isEmergency(number, country)) {
            return Optional.of("Emergency numbers are not called (limits.emergency_numbers).");
        }
        if (premiumDenied && number.international() && PremiumRanges.holds(number.digits())) {
            return Optional.of(
                    "Numbers of premium ranges are not called (limits.denied_prefixes).");
        }
        for (String prefix : denied) {
            if (number.digits().startsWith(prefix)) {
                return Optional.of(
                        "Numbers that begin with "
                                + prefix
                                + " are not called (limits.denied_prefixes).");
            }
        }
        boolean open = allowed.isEmpty() || allowed.stream().anyMatch(number.digits()::startsWith);
        return open
                ? Optional.empty()
                : Optional.of("The number begins with none of limits.allowed_prefixes.");
    }

    /** Where its short numbers are dialled: as it says, else where its own numbers are. */
    private static String country(Trunk trunk) {
        if (!trunk.country().isEmpty()) {
            return trunk.country();
        }
        return trunk.numbers().stream()
                .filter(own -> own.startsWith("+"))
                .findFirst()
                .flatMap(own -> CountryCodes.of(own.substring(1)))
                .orElse("");
    }

    /** Also behind a country code, which some exchanges take off again. */
    private static boolean isEmergency(DialledNumber number, String country) {
        if (EmergencyNumbers.holds(number.digits(), country)) {
            return true;
        }
        for (int code = 1; code <= 3 && code < number.digits().length(); code++) {
            String rest = number.digits().substring(code);
            if (EmergencyNumbers.holds(rest, number.digits().substring(0, code))) {
                return number.international();
            }
        }
        return false;
    }
}

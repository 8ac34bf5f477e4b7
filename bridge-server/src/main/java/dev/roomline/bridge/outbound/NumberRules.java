package dev.roomline.bridge.outbound;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which numbers may be called: whoever steals an API key calls premium numbers of his own with it.
 */
final class NumberRules {
    private static final String PREMIUM = "premium";

    /** Everywhere, or in so many countries that nobody else should have them. */
    private static final Set<String> EMERGENCY_ANYWHERE = Set.of("112", "911", "999", "000");

    private static final Map<String, Set<String>> EMERGENCY =
            Map.ofEntries(
                    Map.entry("7", Set.of("101", "102", "103", "104")),
                    Map.entry("27", Set.of("10111", "10177")),
                    Map.entry("31", Set.of("113")),
                    Map.entry("33", Set.of("15", "17", "18", "114")),
                    Map.entry("39", Set.of("113", "115", "118")),
                    Map.entry("41", Set.of("117", "118", "144")),
                    Map.entry("43", Set.of("122", "133", "144")),
                    Map.entry("44", Set.of("111")),
                    Map.entry("49", Set.of("110")),
                    Map.entry("52", Set.of("060", "065")),
                    Map.entry("55", Set.of("190", "192", "193")),
                    Map.entry("62", Set.of("110", "113", "118", "119")),
                    Map.entry("64", Set.of("111")),
                    Map.entry("65", Set.of("995")),
                    Map.entry("81", Set.of("110", "118", "119")),
                    Map.entry("82", Set.of("119")),
                    Map.entry("86", Set.of("110", "119", "120", "122")),
                    Map.entry("90", Set.of("110", "155")),
                    Map.entry("91", Set.of("100", "101", "102", "108")),
                    Map.entry("92", Set.of("15", "115", "1122")),
                    Map.entry("971", Set.of("997", "998")),
                    Map.entry("972", Set.of("100", "101", "102")));

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
     * @param country calling code of the trunk; empty if it is not known
     * @return the rule that forbids it, a sentence; empty if it may be called
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

    /** Also behind a country code, which some exchanges take off again. */
    private static boolean isEmergency(DialledNumber number, String country) {
        if (isEmergencyIn(number.digits(), country)) {
            return true;
        }
        for (int code = 1; code <= 3 && code < number.digits().length(); code++) {
            String rest = number.digits().substring(code);
            if (rest.length() <= 5 && isEmergencyIn(rest, number.digits().substring(0, code))) {
                return number.international();
            }
        }
        return false;
    }

    private static boolean isEmergencyIn(String digits, String country) {
        return EMERGENCY_ANYWHERE.contains(digits)
                || EMERGENCY.getOrDefault(country, Set.of()).contains(digits);
    }
}

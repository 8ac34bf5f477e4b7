package dev.roomline.sip.dialog;

import dev.roomline.sip.message.OptionTags;
import dev.roomline.sip.message.SipRequest;
import dev.roomline.sip.message.SipResponse;
import java.util.List;
import java.util.Locale;

/**
 * What a message says of session timers (RFC 4028 §4, §5): {@code Session-Expires} (compact {@code
 * x}), {@code Min-SE}, and whether {@code timer} is supported. What cannot be read is as if it were
 * not there (RFC 3261 §8.2).
 *
 * @param expiresSeconds 0: none is asked for
 * @param minSeconds what no proxy on the way wants it to fall below; 90 where nothing is said
 */
public record SessionHeaders(
        boolean supported, long expiresSeconds, Refresher refresher, long minSeconds) {
    /** §4, §5: nobody may want a shorter one, and 90 is meant where Min-SE is absent. */
    public static final long LEAST_SECONDS = 90;

    /** Above it a number is taken for this one: no call lives so long. */
    private static final long MOST_SECONDS = 0x7fffffffL;

    /** Who refreshes, named by the roles of the transaction that the message is of. */
    public enum Refresher {
        UAC,
        UAS,
        UNSAID
    }

    public static SessionHeaders of(SipRequest request) {
        boolean supported =
                OptionTags.names(request.headers("Supported"), "timer")
                        || OptionTags.names(request.headers("Require"), "timer");
        return read(supported, request.headers("Session-Expires"), request.headers("Min-SE"));
    }

    public static SessionHeaders of(SipResponse response) {
        boolean required = OptionTags.names(response.headers("Require"), "timer");
        return read(required, response.headers("Session-Expires"), response.headers("Min-SE"));
    }

    private static SessionHeaders read(
            boolean supported, List<String> expires, List<String> least) {
        String value = expires.isEmpty() ? "" : expires.getFirst();
        long min = least.isEmpty() ? 0 : seconds(least.getFirst());
        return new SessionHeaders(
                supported, seconds(value), refresher(value), Math.max(min, LEAST_SECONDS));
    }

    /** The delta-seconds before any parameter; 0 where there are none. */
    private static long seconds(String value) {
        int semicolon = value.indexOf(';');
        String digits = (semicolon < 0 ? value : value.substring(0, semicolon)).strip();
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return digits.length() > 10 ? MOST_SECONDS : Math.min(MOST_SECONDS, Long.parseLong(digits));
    }

    private static Refresher refresher(String value) {
        String[] parts = value.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0 && parts[i].substring(0, equals).strip().equalsIgnoreCase("refresher")) {
                return switch (parts[i].substring(equals + 1).strip().toLowerCase(Locale.ROOT)) {
                    case "uac" -> Refresher.UAC;
                    case "uas" -> Refresher.UAS;
                    default -> Refresher.UNSAID;
                };
            }
        }
        return Refresher.UNSAID;
    }

    /**
     * Whether it is to be answered 422 (§9). Not to somebody who would not know what that means; of
     * such a one it is a proxy's wish, and is dropped by {@link SessionTerms#answering}.
     */
    public boolean isTooBrief() {
        return supported && expiresSeconds > 0 && expiresSeconds < LEAST_SECONDS;
    }
}

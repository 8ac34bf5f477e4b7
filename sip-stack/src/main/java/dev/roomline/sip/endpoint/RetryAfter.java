package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.ParsedResponse;

/** Retry-After (RFC 3261 §20.33): delta-seconds, perhaps a comment and parameters. Stateless. */
final class RetryAfter {
    private static final int MOST_DIGITS = 6;

    private RetryAfter() {}

    /**
     * @param otherwise where it says nothing that can be read
     */
    static long seconds(ParsedResponse response, long otherwise) {
        String value = response.header("Retry-After").orElse("");
        int end = 0;
        while (end < value.length()
                && end < MOST_DIGITS
                && Character.digit(value.charAt(end), 10) >= 0) {
            end++;
        }
        return end == 0 ? otherwise : Long.parseLong(value.substring(0, end));
    }
}

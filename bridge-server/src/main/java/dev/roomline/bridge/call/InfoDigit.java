package dev.roomline.bridge.call;

import dev.roomline.sip.message.Body;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A digit that came in an INFO: {@code application/dtmf-relay} ({@code Signal=5}, {@code
 * Duration=160}) or {@code application/dtmf} (the digit alone). No RFC; as carriers and phones send
 * it.
 *
 * @param digit one of {@code 0-9*#A-D}
 */
record InfoDigit(char digit, int durationMillis) {
    /** {@code Signal=5}, {@code Duration=160}. */
    static final String RELAY = "application/dtmf-relay";

    /** The digit alone. */
    static final String PLAIN = "application/dtmf";

    static final Set<String> TYPES = Set.of(RELAY, PLAIN);

    private static final int USUAL_MILLIS = 160;
    private static final int LONGEST_MILLIS = 10_000;
    private static final int MAX_BODY = 256;

    static boolean isServed(Body body) {
        return TYPES.contains(typeOf(body.contentType()));
    }

    /**
     * A media type as it is compared: without parameters, in lower case (RFC 3261 §7.3.1, §20.15).
     */
    static String typeOf(String contentType) {
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    /** Empty where the body has no digit. */
    static Optional<InfoDigit> read(Body body) {
        if (body.bytes().length > MAX_BODY) {
            return Optional.empty();
        }
        String text = new String(body.bytes(), StandardCharsets.US_ASCII);
        if (typeOf(body.contentType()).equals(PLAIN)) {
            return digit(text).map(d -> new InfoDigit(d, USUAL_MILLIS));
        }
        Optional<Character> signal = Optional.empty();
        int duration = USUAL_MILLIS;
        for (String line : text.split("[\r\n]+", -1)) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                continue;
            }
            String key = line.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(equals + 1).strip();
            if (key.equals("signal")) {
                signal = digit(value);
            } else if (key.equals("duration") && value.matches("[0-9]{1,5}")) {
                duration = Math.min(LONGEST_MILLIS, Integer.parseInt(value));
            }
        }
        int millis = duration;
        return signal.map(d -> new InfoDigit(d, millis));
    }

    /** Some phones number star and hash 10 and 11, as RFC 4733 does. */
    private static Optional<Character> digit(String text) {
        String value = text.strip().toUpperCase(Locale.ROOT);
        String digit =
                switch (value) {
                    case "10" -> "*";
                    case "11" -> "#";
                    default -> value;
                };
        return digit.length() == 1 && "0123456789*#ABCD".contains(digit)
                ? Optional.of(digit.charAt(0))
                : Optional.empty();
    }
}

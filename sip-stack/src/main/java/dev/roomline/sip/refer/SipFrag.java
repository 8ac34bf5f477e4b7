package dev.roomline.sip.refer;

import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.StatusPhrase;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A body of type {@code message/sipfrag} (RFC 3420), of which a NOTIFY of the refer package needs
 * the status line (RFC 3515 §2.4.5).
 *
 * @param status 100 to 699
 * @param phrase as the peer wrote it, bounded; on one line
 */
public record SipFrag(int status, String phrase) {
    public static final String TYPE = "message/sipfrag";

    private static final String VERSION = "SIP/2.0 ";
    private static final int MOST_PHRASE = 80;

    /** Of a status with its usual phrase. */
    public static SipFrag of(int status) {
        return new SipFrag(status, StatusPhrase.of(status));
    }

    /** Empty if the first line is no status line. */
    static Optional<SipFrag> read(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\r' && bytes[end] != '\n') {
            end++;
        }
        String line = new String(bytes, 0, end, StandardCharsets.UTF_8);
        if (!line.regionMatches(true, 0, VERSION, 0, VERSION.length())) {
            return Optional.empty();
        }
        String rest = line.substring(VERSION.length());
        int status = rest.length() < 3 ? -1 : threeDigits(rest);
        if (status < 100 || status > 699 || (rest.length() > 3 && rest.charAt(3) != ' ')) {
            return Optional.empty();
        }
        return Optional.of(new SipFrag(status, phrase(rest.substring(3))));
    }

    private static int threeDigits(String text) {
        int value = 0;
        for (int i = 0; i < 3; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    private static String phrase(String text) {
        StringBuilder phrase = new StringBuilder();
        String bare = text.strip();
        for (int i = 0; i < bare.length() && i < MOST_PHRASE; i++) {
            char c = bare.charAt(i);
            phrase.append(Character.isISOControl(c) ? ' ' : c);
        }
        return phrase.toString();
    }

    public boolean isFinal() {
        return status >= 200;
    }

    /** As a NOTIFY carries it. */
    public Body body() {
        String text = VERSION + status + ' ' + phrase + "\r\n";
        return new Body(TYPE, text.getBytes(StandardCharsets.UTF_8));
    }
}

package dev.roomline.bridge.trunk;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The user part of a SIP URI (RFC 3261 §25.1). */
public final class UserPart {
    private static final String PLAIN = "-_.!~*'()&=+$";

    private UserPart() {}

    /** Whether it needs no escape, and is not empty. */
    public static boolean isPlain(String user) {
        return !user.isEmpty() && user.chars().allMatch(UserPart::isPlain);
    }

    private static boolean isPlain(int c) {
        return (c < 0x80 && Character.isLetterOrDigit(c)) || PLAIN.indexOf(c) >= 0;
    }

    public static String escaped(String user) {
        StringBuilder out = new StringBuilder(user.length());
        for (byte octet : user.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(octet & 0xff)) {
                out.append((char) octet);
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", octet & 0xff));
            }
        }
        return out.toString();
    }
}

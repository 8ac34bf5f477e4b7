package dev.roomline.bridge.store;

import java.security.SecureRandom;
import java.util.Locale;

/** Ids, codes and credentials that the server makes. Thread-safe. */
public final class Names {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final String ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyz";
    // ITU-T E.161: the letters a to z on a telephone's keys.
    private static final String KEYS = "22233344455566677778889999";

    private Names() {}

    /** {@code room_k3…}: a readable prefix and about 103 random bits. */
    public static String id(String prefix) {
        return prefix + "_" + random(ALPHANUMERIC, 20);
    }

    /** A room code {@code abc-defg-hij}. */
    static String code() {
        return random(LETTERS, 3) + "-" + random(LETTERS, 4) + "-" + random(LETTERS, 3);
    }

    /**
     * Random letters and digits: for passwords, secrets and tokens.
     *
     * @param length about 5.2 bits each
     */
    public static String secret(int length) {
        return random(ALPHANUMERIC, length);
    }

    /** How a phone's keypad spells a code: {@code abc-defg-hij} is 2223334444; signs drop out. */
    public static String keypad(String code) {
        StringBuilder digits = new StringBuilder();
        for (char c : code.toLowerCase(Locale.ROOT).toCharArray()) {
            if (c >= '0' && c <= '9') {
                digits.append(c);
            } else if (c >= 'a' && c <= 'z') {
                digits.append(KEYS.charAt(c - 'a'));
            }
        }
        return digits.toString();
    }

    private static String random(String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}

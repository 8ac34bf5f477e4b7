package dev.roomline.media.ice;

import java.util.random.RandomGenerator;

/**
 * A ufrag and password (RFC 8445 §5.3).
 *
 * @param ufrag 4 to 256 ice-chars
 * @param password 22 to 256 ice-chars; a secret
 */
public record IceCredentials(String ufrag, String password) {

    private static final String ICE_CHARS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /** Random ones: 8 characters (48 bits) and 24 characters (144 bits). */
    public static IceCredentials generate(RandomGenerator random) {
        return new IceCredentials(draw(random, 8), draw(random, 24));
    }

    private static String draw(RandomGenerator random, int length) {
        StringBuilder out = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            out.append(ICE_CHARS.charAt(random.nextInt(64)));
        }
        return out.toString();
    }

    /** Keeps the password out of logs. */
    @Override
    public String toString() {
        return "IceCredentials[" + ufrag + "]";
    }
}

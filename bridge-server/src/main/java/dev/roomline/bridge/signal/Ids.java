package dev.roomline.bridge.signal;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Makes opaque ids and secrets. Thread-safe if its source is. */
public final class Ids {
    /** 32 letters: five bits each. */
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private final RandomGenerator random;

    /** For the server: ids cannot be guessed. */
    public static Ids secure() {
        return new Ids(new SecureRandom());
    }

    public Ids(RandomGenerator random) {
        this.random = random;
    }

    /** A readable prefix and 80 random bits: {@code call_1f9m…}. */
    public String next(String prefix) {
        return prefix + letters(16);
    }

    /** 160 random bits: a credential. */
    public String secret() {
        return letters(32);
    }

    private String letters(int count) {
        // asked once: each question costs a SecureRandom a hash
        byte[] letters = new byte[count];
        random.nextBytes(letters);
        for (int i = 0; i < count; i++) {
            letters[i] = (byte) ALPHABET.charAt(letters[i] & ALPHABET.length() - 1);
        }
        return new String(letters, StandardCharsets.US_ASCII);
    }
}

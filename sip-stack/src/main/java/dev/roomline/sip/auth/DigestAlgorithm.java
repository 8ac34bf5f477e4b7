package dev.roomline.sip.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** A hash that a digest challenge can name (RFC 7616 §3.3). Session variants are not offered. */
public enum DigestAlgorithm {
    MD5("MD5"),
    SHA_256("SHA-256");

    private final String token;

    DigestAlgorithm(String token) {
        this.token = token;
    }

    /** The name in challenges and credentials, which is the JDK's name too. */
    public String token() {
        return token;
    }

    /** Finds an algorithm by its name on the wire, without regard to case. */
    public static Optional<DigestAlgorithm> ofToken(String token) {
        for (DigestAlgorithm algorithm : values()) {
            if (algorithm.token.equals(token.toUpperCase(Locale.ROOT))) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /** Lower-case hex of the hash over the text in UTF-8. */
    public String hex(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance(token).digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has " + token, missing);
        }
    }
}

package dev.roomline.media.sdp;

import java.util.Locale;

/**
 * A certificate's fingerprint as {@code a=fingerprint} writes it (RFC 8122 §5).
 *
 * @param algorithm hash name in lower case: {@code sha-256}
 * @param value octets in upper-case hexadecimal, joined by colons
 */
public record Fingerprint(String algorithm, String value) {
    public Fingerprint {
        algorithm = algorithm.toLowerCase(Locale.ROOT);
        value = value.toUpperCase(Locale.ROOT);
    }

    /** As it stands in the attribute. */
    @Override
    public String toString() {
        return algorithm + " " + value;
    }
}

package dev.roomline.media.ice;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * MESSAGE-INTEGRITY with one password (RFC 8489 §14.5): HMAC-SHA1 over all that stands before it,
 * with a length field that ends with it. Owner: the agent's loop.
 */
final class StunHmac {

    static final int SIZE = 20;

    private final Mac mac;

    StunHmac(String password) {
        try {
            mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA1", e);
        }
    }

    /**
     * @param integrityAt where the attribute begins, counted from {@code offset}
     */
    boolean matches(byte[] bytes, int offset, int integrityAt) {
        byte[] expected = compute(bytes, offset, integrityAt);
        byte[] shown = new byte[SIZE];
        System.arraycopy(bytes, offset + integrityAt + 4, shown, 0, SIZE);
        return MessageDigest.isEqual(expected, shown);
    }

    byte[] compute(byte[] bytes, int offset, int integrityAt) {
        int claimed = integrityAt - StunMessage.HEADER + 4 + SIZE;
        mac.update(bytes, offset, 2);
        mac.update((byte) (claimed >> 8));
        mac.update((byte) claimed);
        mac.update(bytes, offset + 4, integrityAt - 4);
        return mac.doFinal();
    }
}

package dev.roomline.sip.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that carry their own proof, so that a flood of requests costs no memory: base64url of
 * {@code run | issued | salt | HMAC(run | issued | salt | network | realm)}.
 *
 * <p>The network is the source's IPv4 /24 or IPv6 /64: a nonce fetched from elsewhere is worthless
 * to somebody who forges a source address, while a peer that sends from several gateways of one
 * block, or from another port behind its NAT, goes on undisturbed. {@code run} marks this process:
 * the counts of used nonces die with it, so a nonce of an earlier run is authentic but stale.
 *
 * <p>Owner: the signalling loop.
 */
final class Nonces {
    enum Check {
        FRESH,
        /** Ours, but too old or from an earlier run. */
        STALE,
        /** Not ours, or given to another network. */
        FOREIGN
    }

    private static final int PLAIN_BYTES = 3 * Long.BYTES;
    private static final int MAC_BYTES = 16;
    private static final int TEXT_LENGTH = (PLAIN_BYTES + MAC_BYTES + 2) / 3 * 4;

    private final Mac mac;
    private final byte[] realm;
    private final long lifetimeNanos;
    private final SplittableRandom random;
    private final long run;

    Nonces(byte[] key, String realm, Duration lifetime, SplittableRandom random) {
        if (key.length < 32) {
            throw new IllegalArgumentException("the nonce key must have 32 bytes");
        }
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HmacSHA256", missing);
        }
        this.realm = realm.getBytes(StandardCharsets.UTF_8);
        this.lifetimeNanos = lifetime.toNanos();
        this.random = random;
        this.run = random.nextLong();
    }

    String issue(InetAddress source, long nowNanos) {
        byte[] plain =
                ByteBuffer.allocate(PLAIN_BYTES)
                        .putLong(run)
                        .putLong(nowNanos)
                        .putLong(random.nextLong())
                        .array();
        byte[] nonce = Arrays.copyOf(plain, PLAIN_BYTES + MAC_BYTES);
        System.arraycopy(sign(plain, source), 0, nonce, PLAIN_BYTES, MAC_BYTES);
        return Base64.getUrlEncoder().encodeToString(nonce);
    }

    Check check(String nonce, InetAddress source, long nowNanos) {
        byte[] bytes = decode(nonce);
        if (bytes.length != PLAIN_BYTES + MAC_BYTES) {
            return Check.FOREIGN;
        }
        byte[] plain = Arrays.copyOf(bytes, PLAIN_BYTES);
        byte[] proof = Arrays.copyOfRange(bytes, PLAIN_BYTES, bytes.length);
        if (!MessageDigest.isEqual(proof, Arrays.copyOf(sign(plain, source), MAC_BYTES))) {
            return Check.FOREIGN;
        }
        ByteBuffer fields = ByteBuffer.wrap(plain);
        if (fields.getLong() != run || nowNanos - fields.getLong() > lifetimeNanos) {
            return Check.STALE;
        }
        return Check.FRESH;
    }

    /** When a nonce that {@link #check} found fresh was issued. */
    long issuedNanos(String nonce) {
        try {
            return ByteBuffer.wrap(decode(nonce)).getLong(Long.BYTES);
        } catch (IndexOutOfBoundsException | BufferUnderflowException tooShort) {
            throw new IllegalArgumentException("not a checked nonce", tooShort);
        }
    }

    private byte[] sign(byte[] plain, InetAddress source) {
        byte[] address = source.getAddress();
        mac.update(plain);
        mac.update(address, 0, source instanceof Inet6Address ? 8 : 3);
        mac.update(realm);
        return mac.doFinal();
    }

    private static byte[] decode(String nonce) {
        if (nonce.length() != TEXT_LENGTH) {
            return new byte[0];
        }
        try {
            return Base64.getUrlDecoder().decode(nonce);
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }
}

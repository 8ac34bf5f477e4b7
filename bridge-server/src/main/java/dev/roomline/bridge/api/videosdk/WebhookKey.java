package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.ServerKeys;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What this server signs VideoSDK's webhooks with: an RSA key of 2048 bits that is made when it is
 * first wanted and stays, sealed, in the store. Blocks: virtual threads only. Thread-safe.
 */
public final class WebhookKey {
    private static final String NAME = "videosdk-webhooks";
    private static final int BITS = 2048;
    private static final int INTEGER = 0x02;
    private static final int SEQUENCE = 0x30;

    private final ServerKeys store;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable RSAPrivateCrtKey known;

    public WebhookKey(ServerKeys store) {
        this.store = store;
    }

    /** RSA-SHA256 (RFC 8017 §8.2) of these octets, in Base64. */
    String sign(byte[] body) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key());
            signature.update(body);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java signs by RSA", e);
        }
    }

    /** The public part as PEM, in the form of PKCS #1 (RFC 8017 appendix A.1.1). */
    String pem() {
        RSAPrivateCrtKey key = key();
        byte[] both = concat(integer(key.getModulus()), integer(key.getPublicExponent()));
        String text =
                Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der(SEQUENCE, both));
        return "-----BEGIN RSA PUBLIC KEY-----\n" + text + "\n-----END RSA PUBLIC KEY-----\n";
    }

    private RSAPrivateCrtKey key() {
        RSAPrivateCrtKey key = known;
        if (key != null) {
            return key;
        }
        reading.lock();
        try {
            key = read(store.keep(NAME, WebhookKey::fresh));
            known = key;
            return key;
        } finally {
            reading.unlock();
        }
    }

    private static Secret fresh() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            byte[] encoded = generator.generateKeyPair().getPrivate().getEncoded();
            return new Secret(Base64.getEncoder().encodeToString(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java makes RSA keys", e);
        }
    }

    private static RSAPrivateCrtKey read(Secret stored) {
        byte[] encoded =
                Base64.getDecoder().decode(stored.value().getBytes(StandardCharsets.US_ASCII));
        try {
            return (RSAPrivateCrtKey)
                    KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the stored key is none", e);
        }
    }

    private static byte[] integer(BigInteger value) {
        return der(INTEGER, value.toByteArray());
    }

    /** One value in DER (X.690 §8.1). */
    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int sign = length[0] == 0 ? 1 : 0;
            out.write(0x80 | (length.length - sign));
            out.write(length, sign, length.length - sign);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }
}

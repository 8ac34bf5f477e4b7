package dev.roomline.sip.transport;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key out of a PEM file as the usual tools write it: {@code PRIVATE KEY} (PKCS #8),
 * {@code RSA PRIVATE KEY} (PKCS #1) and {@code EC PRIVATE KEY} (SEC 1, RFC 5915). The JDK reads the
 * first alone; the others are put into its envelope (RFC 5208 §5).
 */
final class PemKey {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z ]*PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    /** AlgorithmIdentifier of rsaEncryption with its NULL. */
    private static final byte[] RSA = {
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };

    /** The OBJECT IDENTIFIER id-ecPublicKey. */
    private static final byte[] EC = {
        0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
    };

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int CONTEXT_0 = 0xa0;

    private PemKey() {}

    /** Empty if the text holds none that can be read without a password. */
    static Optional<PrivateKey> read(String pem) {
        Matcher block = BLOCK.matcher(pem);
        while (block.find()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(block.group(2));
                Optional<PrivateKey> key =
                        switch (block.group(1)) {
                            case "PRIVATE KEY" -> pkcs8(der);
                            case "RSA PRIVATE KEY" -> pkcs8(enveloped(RSA, der));
                            case "EC PRIVATE KEY" -> pkcs8(enveloped(ec(der), der));
                            default -> Optional.<PrivateKey>empty();
                        };
                if (key.isPresent()) {
                    return key;
                }
            } catch (IllegalArgumentException | InvalidKeyException notThatOne) {
                // the next block, if there is one
            }
        }
        return Optional.empty();
    }

    private static Optional<PrivateKey> pkcs8(byte[] der) {
        for (String algorithm : ALGORITHMS) {
            try {
                return Optional.of(
                        KeyFactory.getInstance(algorithm)
                                .generatePrivate(new PKCS8EncodedKeySpec(der)));
            } catch (GeneralSecurityException another) {
                // of another algorithm
            }
        }
        return Optional.empty();
    }

    /** PrivateKeyInfo: version 0, the algorithm, the key. */
    private static byte[] enveloped(byte[] algorithm, byte[] key) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.writeBytes(new byte[] {0x02, 0x01, 0x00});
        inner.writeBytes(algorithm);
        inner.writeBytes(tagged(OCTET_STRING, key));
        return tagged(SEQUENCE, inner.toByteArray());
    }

    private static byte[] ec(byte[] sec1) throws InvalidKeyException {
        ByteArrayOutputStream algorithm = new ByteArrayOutputStream();
        algorithm.writeBytes(EC);
        algorithm.writeBytes(curve(sec1));
        return tagged(SEQUENCE, algorithm.toByteArray());
    }

    /** What stands in {@code [0]}: the curve's OBJECT IDENTIFIER. */
    private static byte[] curve(byte[] sec1) throws InvalidKeyException {
        int at = contentOf(sec1, 0);
        while (at < sec1.length) {
            int content = contentOf(sec1, at);
            int end = content + lengthOf(sec1, at);
            if (end > sec1.length) {
                break;
            }
            if ((sec1[at] & 0xff) == CONTEXT_0) {
                return Arrays.copyOfRange(sec1, content, end);
            }
            at = end;
        }
        throw new InvalidKeyException("an EC key that names no curve");
    }

    private static int contentOf(byte[] der, int at) throws InvalidKeyException {
        if (at + 1 >= der.length) {
            throw new InvalidKeyException("cut short");
        }
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first - 0x80);
    }

    private static int lengthOf(byte[] der, int at) throws InvalidKeyException {
        int content = contentOf(der, at);
        if (content > der.length || content > at + 4) {
            throw new InvalidKeyException("too long");
        }
        int length = content == at + 2 ? der[at + 1] & 0xff : 0;
        for (int i = at + 2; i < content; i++) {
            length = (length << 8) | (der[i] & 0xff);
        }
        return length;
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}

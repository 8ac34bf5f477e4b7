package dev.roomline.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The one connectivity check that a lite agent needs: controlling, and nominating at once. */
final class StunCheck {
    private static final int HEADER = 20;
    private static final int MAGIC_COOKIE = 0x2112A442;
    private static final int BINDING_REQUEST = 0x0001;
    private static final int BINDING_SUCCESS = 0x0101;
    private static final int USERNAME = 0x0006;
    private static final int MESSAGE_INTEGRITY = 0x0008;
    private static final int PRIORITY = 0x0024;
    private static final int USE_CANDIDATE = 0x0025;
    private static final int FINGERPRINT = 0x8028;
    private static final int ICE_CONTROLLING = 0x802A;
    private static final int FINGERPRINT_XOR = 0x5354554E;

    /** Type preference of a host candidate (RFC 8445 §5.1.2). */
    private static final int HOST_PRIORITY = 126 << 24 | 65_535 << 8 | 255;

    private StunCheck() {}

    /**
     * A binding request (RFC 8445 §7.2.2, §7.1).
     *
     * @param username the peer's ufrag, a colon, and our own
     * @param password the peer's
     */
    static byte[] request(String username, String password, long transaction) {
        ByteBuffer message = ByteBuffer.allocate(256);
        message.putShort((short) BINDING_REQUEST).putShort((short) 0).putInt(MAGIC_COOKIE);
        message.putInt(0x726f6f6d).putLong(transaction);
        byte[] name = username.getBytes(US_ASCII);
        message.putShort((short) USERNAME).putShort((short) name.length).put(name);
        message.position((message.position() + 3) & ~3);
        message.putShort((short) PRIORITY).putShort((short) 4).putInt(HOST_PRIORITY);
        message.putShort((short) ICE_CONTROLLING).putShort((short) 8).putLong(transaction);
        message.putShort((short) USE_CANDIDATE).putShort((short) 0);

        // RFC 8489 §14.5, §14.7: each counts itself into the length before it is made
        message.putShort(2, (short) (message.position() - HEADER + 24));
        byte[] integrity = hmac(password, message.array(), message.position());
        message.putShort((short) MESSAGE_INTEGRITY).putShort((short) 20).put(integrity);
        message.putShort(2, (short) (message.position() - HEADER + 8));
        CRC32 crc = new CRC32();
        crc.update(message.array(), 0, message.position());
        message.putShort((short) FINGERPRINT).putShort((short) 4);
        message.putInt((int) crc.getValue() ^ FINGERPRINT_XOR);
        return Arrays.copyOf(message.array(), message.position());
    }

    private static byte[] hmac(String password, byte[] octets, int length) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password.getBytes(US_ASCII), "HmacSHA1"));
            mac.update(octets, 0, length);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA1", e);
        }
    }

    /** Whether a datagram is the answer that a check hopes for. */
    static boolean isSuccess(byte[] datagram, int length) {
        return length >= HEADER
                && ByteBuffer.wrap(datagram).getShort(0) == BINDING_SUCCESS
                && ByteBuffer.wrap(datagram).getInt(4) == MAGIC_COOKIE;
    }
}

package dev.roomline.media.ice;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A check as a full agent writes it. */
public final class Check {
    String username;
    String password;
    boolean nominate;
    int role = StunMessage.ICE_CONTROLLING;
    int extra = -1;
    int behindIntegrity = -1;
    boolean fingerprint = true;
    boolean integrity = true;

    /** Of a peer with the ufrag {@code them}. */
    Check(IceCredentials to) {
        username = to.ufrag() + ":them";
        password = to.password();
    }

    /** One that nominates. */
    public static byte[] nominating(IceCredentials to) {
        Check check = new Check(to);
        check.nominate = true;
        return check.bytes();
    }

    /** One of a peer that says it is controlled, as we are. */
    public static byte[] controlled(IceCredentials to) {
        Check check = new Check(to);
        check.role = StunMessage.ICE_CONTROLLED;
        check.nominate = true;
        return check.bytes();
    }

    /** What keeps a road open. */
    public static byte[] indication() {
        ByteBuffer out = ByteBuffer.allocate(28);
        out.putShort((short) StunMessage.BINDING_INDICATION).putShort((short) 8);
        out.putInt(StunMessage.MAGIC_COOKIE).put(new byte[12]);
        int crc = StunMessage.fingerprint(out.array(), 0, 20);
        attribute(out, StunMessage.FINGERPRINT, ByteBuffer.allocate(4).putInt(crc).array());
        return out.array();
    }

    /** The code of an error, 0 for success, −1 for what is no answer. */
    public static int answered(byte[] datagram) {
        int type = StunMessage.int16(datagram, 0);
        if (type == StunMessage.BINDING_SUCCESS) {
            return 0;
        }
        // ERROR-CODE stands first
        return type == StunMessage.BINDING_ERROR ? 100 * datagram[26] + datagram[27] : -1;
    }

    byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(1000);
        out.putShort((short) 1).putShort((short) 0).putInt(StunMessage.MAGIC_COOKIE);
        out.put(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
        attribute(out, StunMessage.USERNAME, username.getBytes(StandardCharsets.UTF_8));
        attribute(out, StunMessage.PRIORITY, new byte[] {1, 2, 3, 4});
        attribute(out, role, new byte[8]);
        if (nominate) {
            attribute(out, StunMessage.USE_CANDIDATE, new byte[0]);
        }
        if (extra >= 0) {
            attribute(out, extra, new byte[4]);
        }
        if (integrity) {
            byte[] mac = new StunHmac(password).compute(out.array(), 0, out.position());
            attribute(out, StunMessage.MESSAGE_INTEGRITY, mac);
        }
        if (behindIntegrity >= 0) {
            attribute(out, behindIntegrity, new byte[0]);
        }
        if (fingerprint) {
            out.putShort(2, (short) (out.position() - 20 + 8));
            int crc = StunMessage.fingerprint(out.array(), 0, out.position());
            attribute(out, StunMessage.FINGERPRINT, ByteBuffer.allocate(4).putInt(crc).array());
        }
        out.putShort(2, (short) (out.position() - 20));
        byte[] datagram = new byte[out.position()];
        System.arraycopy(out.array(), 0, datagram, 0, datagram.length);
        return datagram;
    }

    private static void attribute(ByteBuffer out, int type, byte[] value) {
        out.putShort((short) type).putShort((short) value.length).put(value);
        out.position((out.position() + 3) & ~3);
    }
}

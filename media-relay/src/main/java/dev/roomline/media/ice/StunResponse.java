package dev.roomline.media.ice;

import java.net.InetSocketAddress;
import java.util.List;

/** Writes responses to Binding requests (RFC 8489 §6.3): as short as they can be. */
final class StunResponse {

    private final byte[] out = new byte[128];
    private int length = StunMessage.HEADER;

    private StunResponse(int type, StunMessage request) {
        int16(0, type);
        int32(4, StunMessage.MAGIC_COOKIE);
        request.copyTransactionId(out, 8);
    }

    /** Success: tells the peer its address. */
    static byte[] success(StunMessage request, InetSocketAddress from, StunHmac hmac) {
        StunResponse response = new StunResponse(StunMessage.BINDING_SUCCESS, request);
        response.mappedAddress(from);
        return response.finish(hmac);
    }

    /** 420 with what was not understood, at most eight of it. */
    static byte[] unknownAttributes(StunMessage request, List<Integer> types, StunHmac hmac) {
        StunResponse response = new StunResponse(StunMessage.BINDING_ERROR, request);
        response.error(420);
        int count = Math.min(types.size(), 8);
        int at = response.attribute(StunMessage.UNKNOWN_ATTRIBUTES, 2 * count);
        for (int i = 0; i < count; i++) {
            response.int16(at + 2 * i, types.get(i));
        }
        return response.finish(hmac);
    }

    /** 487 Role Conflict, 400 Bad Request. */
    static byte[] error(StunMessage request, int code, StunHmac hmac) {
        StunResponse response = new StunResponse(StunMessage.BINDING_ERROR, request);
        response.error(code);
        return response.finish(hmac);
    }

    private void mappedAddress(InetSocketAddress from) {
        byte[] address = from.getAddress().getAddress();
        int at = attribute(StunMessage.XOR_MAPPED_ADDRESS, 4 + address.length);
        int16(at, address.length == 4 ? 1 : 2);
        int16(at + 2, from.getPort() ^ (StunMessage.MAGIC_COOKIE >>> 16));
        for (int i = 0; i < address.length; i++) {
            // The cookie and the transaction id stand side by side in the header (§14.2).
            out[at + 4 + i] = (byte) (address[i] ^ out[4 + i]);
        }
    }

    private void error(int code) {
        int at = attribute(StunMessage.ERROR_CODE, 4);
        out[at + 2] = (byte) (code / 100);
        out[at + 3] = (byte) (code % 100);
    }

    private byte[] finish(StunHmac hmac) {
        int integrityAt = length;
        attribute(StunMessage.MESSAGE_INTEGRITY, StunHmac.SIZE);
        byte[] mac = hmac.compute(out, 0, integrityAt);
        System.arraycopy(mac, 0, out, integrityAt + 4, mac.length);
        int fingerprintAt = length;
        int at = attribute(StunMessage.FINGERPRINT, 4);
        int16(2, length - StunMessage.HEADER);
        int32(at, StunMessage.fingerprint(out, 0, fingerprintAt));
        byte[] datagram = new byte[length];
        System.arraycopy(out, 0, datagram, 0, length);
        return datagram;
    }

    /** Appends an attribute's head and room; where its value begins. */
    private int attribute(int type, int size) {
        int at = length;
        length += 4 + ((size + 3) & ~3);
        int16(at, type);
        int16(at + 2, size);
        return at + 4;
    }

    private void int16(int at, int value) {
        out[at] = (byte) (value >> 8);
        out[at + 1] = (byte) value;
    }

    private void int32(int at, int value) {
        int16(at, value >>> 16);
        int16(at + 2, value);
    }
}

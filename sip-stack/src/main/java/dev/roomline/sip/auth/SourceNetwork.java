package dev.roomline.sip.auth;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What counts as one source where somebody is limited or charged for what he did: an IPv4 address,
 * or an IPv6 /64, all of which one customer has to himself.
 */
public final class SourceNetwork {
    private static final int PREFIX_BYTES = 8;

    private SourceNetwork() {}

    /** Alike for addresses of one source and different for all others. */
    public static long of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length < PREFIX_BYTES) {
            // beside every IPv6 prefix in use: 0000:0001::/32 is reserved (RFC 4291 §2.4)
            return (1L << 32) | (ByteBuffer.wrap(bytes).getInt() & 0xffff_ffffL);
        }
        return ByteBuffer.wrap(bytes).getLong();
    }
}

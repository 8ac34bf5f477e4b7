package dev.roomline.media.loop;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Where datagrams come from, read from the kernel's {@code sockaddr}: those of whoever has sent
 * before are found again and not made anew. A table of fixed size in which a newcomer takes the
 * place of another, so that forged addresses cost no memory. Owner: one media loop.
 */
final class SourceAddresses {
    /** A power of two; a loop has fewer legs than that before it is full of work. */
    static final int PLACES = 1_024;

    private static final int AF_INET6 = 10;
    private static final int V4_AT = 4;
    private static final int V6_AT = 8;
    private static final int SCOPE_AT = 24;

    private final long[] firsts = new long[PLACES];
    private final long[] seconds = new long[PLACES];

    /** Port, family and scope. */
    private final long[] rests = new long[PLACES];

    private final @Nullable InetSocketAddress[] known = new @Nullable InetSocketAddress[PLACES];

    /** The address that a {@code sockaddr_in} or {@code sockaddr_in6} has. */
    InetSocketAddress of(MemorySegment address) {
        boolean v6 = address.get(JAVA_SHORT, 0) == AF_INET6;
        int port = Short.toUnsignedInt(Short.reverseBytes(address.get(JAVA_SHORT, 2)));
        long first = v6 ? address.get(JAVA_LONG_UNALIGNED, V6_AT) : address.get(JAVA_INT, V4_AT);
        long second = v6 ? address.get(JAVA_LONG_UNALIGNED, V6_AT + Long.BYTES) : 0;
        int scope = v6 ? address.get(JAVA_INT, SCOPE_AT) : 0;
        long rest = (long) scope << 32 | (v6 ? 0x10000 : 0) | port;
        int place = place(first, second, rest);
        InetSocketAddress found = known[place];
        if (found != null
                && firsts[place] == first
                && seconds[place] == second
                && rests[place] == rest) {
            return found;
        }
        InetSocketAddress made = new InetSocketAddress(host(address, v6, scope), port);
        firsts[place] = first;
        seconds[place] = second;
        rests[place] = rest;
        known[place] = made;
        return made;
    }

    private static int place(long first, long second, long rest) {
        long mixed = (first * 31 + second) * 31 + rest;
        mixed *= 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 54);
    }

    private static InetAddress host(MemorySegment address, boolean v6, int scope) {
        byte[] octets = new byte[v6 ? 16 : 4];
        MemorySegment.copy(address, JAVA_BYTE, v6 ? V6_AT : V4_AT, octets, 0, octets.length);
        try {
            return scope == 0
                    ? InetAddress.getByAddress(octets)
                    : Inet6Address.getByAddress(null, octets, scope);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

package dev.roomline.media.loop;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Where datagrams go, written as the kernel's {@code sockaddr_in} and {@code sockaddr_in6}: Java
 * hands out an address' octets only as a copy, so those of whoever was sent to before are found
 * again and not asked for anew. A table of fixed size in which a newcomer takes the place of
 * another. Owner: one media loop.
 */
final class TargetAddresses {
    static final int PLACES = SourceAddresses.PLACES;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int V4_OCTETS = 16;
    private static final int V6_OCTETS = 28;
    private static final int V4_AT = 4;
    private static final int V6_AT = 8;
    private static final int SCOPE_AT = 24;
    private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private final Arena arena = Arena.ofAuto();
    private final @Nullable InetSocketAddress[] known = new @Nullable InetSocketAddress[PLACES];
    private final @Nullable MemorySegment[] written = new @Nullable MemorySegment[PLACES];

    /** The octets of the kernel's structure that count. */
    static int octets(InetSocketAddress to) {
        return to.getAddress() instanceof Inet6Address ? V6_OCTETS : V4_OCTETS;
    }

    /** The kernel's structure; good until the next call. */
    MemorySegment of(InetSocketAddress to) {
        int place = (to.hashCode() * 0x9E37_79B9) >>> 22;
        MemorySegment address = written[place];
        if (address == null) {
            address = arena.allocate(V6_OCTETS, 8);
            written[place] = address;
        } else if (isSame(to, known[place])) {
            return address;
        }
        write(to, address);
        known[place] = to;
        return address;
    }

    /** Addresses of a link are alike to Java whichever link it is. */
    private static boolean isSame(InetSocketAddress to, @Nullable InetSocketAddress other) {
        return other != null
                && to.equals(other)
                && scope(to.getAddress()) == scope(other.getAddress());
    }

    private static int scope(InetAddress host) {
        return host instanceof Inet6Address v6 ? v6.getScopeId() : 0;
    }

    private static void write(InetSocketAddress to, MemorySegment address) {
        InetAddress host = to.getAddress();
        boolean v6 = host instanceof Inet6Address;
        byte[] octets = host.getAddress();
        address.fill((byte) 0);
        address.set(JAVA_SHORT, 0, (short) (v6 ? AF_INET6 : AF_INET));
        address.set(PORT, Short.BYTES, (short) to.getPort());
        MemorySegment.copy(octets, 0, address, JAVA_BYTE, v6 ? V6_AT : V4_AT, octets.length);
        if (v6) {
            address.set(JAVA_INT, SCOPE_AT, scope(host));
        }
    }
}

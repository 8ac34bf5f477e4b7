package dev.roomline.sip.transport;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.LocalAddress;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.resolve.SourceAddresses;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which of our addresses a peer sees. The kernel knows: a UDP socket that is connected to the peer
 * (nothing is sent) has the source address that the route gives it. Answers are kept for a minute
 * in a bounded table. Owner: the signalling loop; as {@link SourceAddresses} it is thread-safe.
 */
public final class LocalAddresses implements LocalAddress, SourceAddresses {
    private static final long KEEP_NANOS = 60_000_000_000L;
    private static final int MOST_PEERS = 4096;
    private static final int DISCARD_PORT = 9;

    private record Known(InetAddress local, long sinceNanos) {}

    private final List<InetAddress> bound;
    private final List<InetAddress> publicAddresses;
    private final ToIntFunction<TransportKind> port;
    private final LongSupplier clockNanos;
    private final Map<InetAddress, Known> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<InetAddress, Known> eldest) {
                    return size() > MOST_PEERS;
                }
            };

    LocalAddresses(
            List<InetAddress> bound,
            List<InetAddress> publicAddresses,
            ToIntFunction<TransportKind> port,
            LongSupplier clockNanos) {
        this.bound = List.copyOf(bound);
        this.publicAddresses = List.copyOf(publicAddresses);
        this.port = port;
        this.clockNanos = clockNanos;
    }

    /** The same without the scope 0 that an IPv6 source comes with, which means none. */
    static InetSocketAddress unscoped(InetSocketAddress address) {
        if (address.getAddress() instanceof Inet6Address scoped
                && scoped.getScopeId() == 0
                && scoped.getHostAddress().indexOf('%') >= 0) {
            try {
                InetAddress plain = InetAddress.getByAddress(scoped.getAddress());
                return new InetSocketAddress(plain, address.getPort());
            } catch (UnknownHostException impossible) {
                throw new IllegalStateException("sixteen octets are an address", impossible);
            }
        }
        return address;
    }

    /** Whether a socket of ours may have any address of this machine. */
    boolean isBoundToAny() {
        return bound.stream().anyMatch(InetAddress::isAnyLocalAddress);
    }

    /** Our own address on the way to that peer; never a wildcard. */
    public InetAddress toward(InetAddress peer) {
        long nowNanos = clockNanos.getAsLong();
        Known cached = known.get(peer);
        if (cached != null && nowNanos - cached.sinceNanos() < KEEP_NANOS) {
            return cached.local();
        }
        InetAddress local = probe(peer);
        known.put(peer, new Known(local, nowNanos));
        return local;
    }

    /** The address that this peer is told: the public one if there is one and it is outside. */
    public InetAddress toldTo(InetAddress peer) {
        return publicFor(peer).orElseGet(() -> toward(peer));
    }

    private Optional<InetAddress> publicFor(InetAddress peer) {
        return isPrivate(peer)
                ? Optional.empty()
                : publicAddresses.stream()
                        .filter(a -> a instanceof Inet4Address == peer instanceof Inet4Address)
                        .findFirst();
    }

    /** Of several addresses the one that it reached: who lets in no other can call us back. */
    @Override
    public InetSocketAddress toldTo(Flow flow) {
        InetAddress peer = flow.remote().getAddress();
        InetAddress reached = flow.local().getAddress();
        boolean ours = bound.contains(reached) && !reached.isAnyLocalAddress();
        InetAddress told = publicFor(peer).orElseGet(() -> ours ? reached : toward(peer));
        return new InetSocketAddress(told, port.applyAsInt(flow.transport()));
    }

    @Override
    public boolean serves(InetAddress destination) {
        boolean ipv6 = destination instanceof Inet6Address;
        // alone, :: serves both families
        return bound.stream().anyMatch(address -> address instanceof Inet6Address == ipv6)
                || (!ipv6 && isBoundToAny());
    }

    /** Why nothing can be sent there by a socket of ours, if nothing of its family is bound. */
    static String unbound(InetAddress destination) {
        return "no IPv%d address is bound here"
                .formatted(destination instanceof Inet6Address ? 6 : 4);
    }

    @Override
    public @Nullable InetAddress sourceFor(InetAddress destination) {
        try {
            InetAddress routed = route(destination);
            boolean ipv6 = destination instanceof Inet6Address;
            return isBoundToAny() || bound.contains(routed)
                    ? routed
                    : bound.stream()
                            .filter(address -> address instanceof Inet6Address == ipv6)
                            .findFirst()
                            .orElse(null);
        } catch (IOException | RuntimeException noRoute) {
            return null;
        }
    }

    /**
     * Addresses that no public address of ours is of use to: RFC 1918, 4193, 6598 and local ones.
     */
    static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address) {
            return (bytes[0] & 0xfe) == 0xfc;
        }
        return (bytes[0] & 0xff) == 100 && (bytes[1] & 0xc0) == 64;
    }

    private InetAddress probe(InetAddress peer) {
        boolean ipv6 = peer instanceof Inet6Address;
        for (InetAddress address : bound) {
            if (!address.isAnyLocalAddress() && address instanceof Inet6Address == ipv6) {
                return boundTo(peer, address);
            }
        }
        try {
            return route(peer);
        } catch (IOException | RuntimeException noRoute) {
            return ipv6 ? LOOPBACK_6 : LOOPBACK_4;
        }
    }

    /** Of several bound addresses of a family the one that routes to the peer, else the first. */
    private InetAddress boundTo(InetAddress peer, InetAddress first) {
        try {
            InetAddress routed = route(peer);
            return bound.contains(routed) ? routed : first;
        } catch (IOException | RuntimeException noRoute) {
            return first;
        }
    }

    private static InetAddress route(InetAddress peer) throws IOException {
        StandardProtocolFamily family =
                peer instanceof Inet6Address
                        ? StandardProtocolFamily.INET6
                        : StandardProtocolFamily.INET;
        try (DatagramChannel socket = DatagramChannel.open(family)) {
            socket.connect(new InetSocketAddress(peer, DISCARD_PORT));
            if (socket.getLocalAddress() instanceof InetSocketAddress local
                    && !local.getAddress().isAnyLocalAddress()) {
                return local.getAddress();
            }
            throw new IOException("no route to " + peer);
        }
    }

    private static final InetAddress LOOPBACK_4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress LOOPBACK_6 = InetAddress.ofLiteral("::1");
}

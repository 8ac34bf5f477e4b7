package dev.roomline.media.loop;

import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which of this machine's addresses peers are told. Immutable; thread-safe. */
final class LocalAddresses {
    private static final int DISCARD_PORT = 9;

    private final List<InetAddress> bind;
    private final List<InetAddress> publicAddresses;

    LocalAddresses(List<InetAddress> bind, List<InetAddress> publicAddresses) {
        this.bind = bind;
        this.publicAddresses = publicAddresses;
    }

    /**
     * Where a socket for this peer binds; empty if nothing of its family is configured.
     *
     * @param reached the address of ours that its signalling reached: of several it is the one that
     *     is told, so that sound has to come there, and to leave from there (RFC 4961)
     */
    Optional<InetAddress> bindFor(InetAddress peer, InetAddress reached) {
        return bind.contains(reached) && sameFamily(reached, peer)
                ? Optional.of(reached)
                : bindFor(peer);
    }

    private Optional<InetAddress> bindFor(InetAddress peer) {
        return bind.stream().filter(address -> sameFamily(address, peer)).findFirst();
    }

    /**
     * Our own address on the way to a peer that signals over the other family; empty if nothing of
     * this one is configured, or no way leads there.
     */
    Optional<InetAddress> toward(InetAddress peer) {
        return bindFor(peer)
                .flatMap(here -> here.isAnyLocalAddress() ? routed(peer) : Optional.of(here));
    }

    /** The kernel knows: nothing is sent. */
    private static Optional<InetAddress> routed(InetAddress peer) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(peer, DISCARD_PORT));
            return Optional.of(socket.getLocalAddress())
                    .filter(here -> !here.isAnyLocalAddress() && sameFamily(here, peer));
        } catch (SocketException noRoute) {
            return Optional.empty();
        }
    }

    /** Where a socket of the other family binds; empty if nothing of it is configured. */
    Optional<InetAddress> bindOfOtherFamily(InetAddress first) {
        return bind.stream().filter(address -> !sameFamily(address, first)).findFirst();
    }

    /**
     * What a SIP peer's description says: a public address if there is one and the peer is not in a
     * private range, else the one that its request reached.
     */
    InetAddress announcedTo(InetAddress peer, InetAddress reached) {
        if (!isPrivate(peer)) {
            for (InetAddress address : publicAddresses) {
                if (sameFamily(address, peer)) {
                    return address;
                }
            }
        }
        return reached;
    }

    /**
     * What a browser may reach us at, best first: public addresses, then every interface's.
     *
     * @param loopback whether loopback addresses are among them
     */
    List<InetAddress> candidates(boolean loopback) {
        Set<InetAddress> found = new LinkedHashSet<>(publicAddresses);
        for (InetAddress address : interfaceAddresses()) {
            boolean bound =
                    bind.stream()
                            .anyMatch(
                                    b ->
                                            b.equals(address)
                                                    || (b.isAnyLocalAddress()
                                                            && sameFamily(b, address)));
            boolean usable = loopback || !address.isLoopbackAddress();
            if (bound && usable && !address.isLinkLocalAddress()) {
                found.add(address);
            }
        }
        return List.copyOf(found);
    }

    private static List<InetAddress> interfaceAddresses() {
        List<InetAddress> found = new ArrayList<>();
        try {
            for (NetworkInterface each :
                    Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp()) {
                    found.addAll(Collections.list(each.getInetAddresses()));
                }
            }
        } catch (SocketException e) {
            // Without a list the configured addresses must do.
            return List.of();
        }
        return found;
    }

    private static boolean sameFamily(InetAddress a, InetAddress b) {
        return a instanceof Inet4Address == b instanceof Inet4Address;
    }

    /** RFC 1918, RFC 6598, RFC 4193, link-local and loopback. */
    static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()) {
            return true;
        }
        byte[] octets = address.getAddress();
        return switch (address) {
            case Inet4Address v4 -> octets[0] == 100 && (octets[1] & 0xC0) == 64;
            case Inet6Address v6 -> (octets[0] & 0xFE) == 0xFC;
            default -> false;
        };
    }
}

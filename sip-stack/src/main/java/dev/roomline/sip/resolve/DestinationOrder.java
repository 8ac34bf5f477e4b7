package dev.roomline.sip.resolve;

import static java.util.Comparator.comparing;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In which order the addresses of one host are tried: RFC 6724 §6, by its policy table. What we
 * have no socket for is left out. Of addresses that are equal to all rules the DNS's order holds,
 * since carriers spread their load by it: so rule 9, the longest common prefix, is passed over, as
 * §6 allows. Which addresses are deprecated or tunnels (rules 3, 4, 7) the kernel keeps to itself.
 * Thread-safe.
 */
final class DestinationOrder {
    private static final int LINK_LOCAL = 0x2;
    private static final int SITE_LOCAL = 0x5;
    private static final int GLOBAL = 0xe;

    /** A row of §2.1: the longest prefix that fits is the one that counts. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Policy(byte[] prefix, int bits, int precedence, int label) {
        static Policy of(String prefix, int bits, int precedence, int label) {
            return new Policy(InetAddress.ofLiteral(prefix).getAddress(), bits, precedence, label);
        }

        boolean covers(byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if (((prefix[bit / 8] ^ address[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The longest prefixes first. Java has no mapped addresses: IPv4 has the row to itself. */
    private static final List<Policy> POLICIES =
            List.of(
                    Policy.of("::1", 128, 50, 0),
                    Policy.of("::", 96, 1, 3),
                    Policy.of("2001::", 32, 5, 5),
                    Policy.of("2002::", 16, 30, 2),
                    Policy.of("3ffe::", 16, 1, 12),
                    Policy.of("fec0::", 10, 1, 11),
                    Policy.of("fc00::", 7, 3, 13),
                    Policy.of("::", 0, 40, 1));

    private static final Policy MAPPED = new Policy(new byte[0], 0, 35, 4);

    private final SourceAddresses sources;

    DestinationOrder(SourceAddresses sources) {
        this.sources = sources;
    }

    /** What is known of one of them. */
    private record Destination(InetAddress address, @Nullable InetAddress source) {
        boolean unusable() {
            return source == null;
        }

        boolean otherScope() {
            return source == null || scope(source) != scope(address);
        }

        boolean otherLabel() {
            return source == null || policy(source).label() != policy(address).label();
        }
    }

    /** Rules 1, 2, 5, 6 and 8. */
    private static final Comparator<Destination> RULES =
            comparing(Destination::unusable)
                    .thenComparing(Destination::otherScope)
                    .thenComparing(Destination::otherLabel)
                    .thenComparingInt(one -> -policy(one.address()).precedence())
                    .thenComparingInt(one -> scope(one.address()));

    /** Asks the kernel for each, and sends nothing. */
    List<InetAddress> of(List<InetAddress> addresses) {
        return addresses.stream()
                .filter(sources::serves)
                .map(address -> new Destination(address, sources.sourceFor(address)))
                .sorted(RULES)
                .map(Destination::address)
                .toList();
    }

    private static Policy policy(InetAddress address) {
        if (address instanceof Inet4Address) {
            return MAPPED;
        }
        byte[] octets = address.getAddress();
        return POLICIES.stream().filter(one -> one.covers(octets)).findFirst().orElseThrow();
    }

    /** §3.1, §3.2: a loopback counts as link-local. */
    private static int scope(InetAddress address) {
        if (address.isLinkLocalAddress() || address.isLoopbackAddress()) {
            return LINK_LOCAL;
        }
        boolean siteLocal = !(address instanceof Inet4Address) && address.isSiteLocalAddress();
        return siteLocal ? SITE_LOCAL : GLOBAL;
    }
}

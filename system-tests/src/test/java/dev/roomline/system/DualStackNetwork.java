package dev.roomline.system;

import static dev.roomline.system.NetworkCommand.in;
import static dev.roomline.system.NetworkCommand.run;

import java.util.random.RandomGenerator;

/**
 * A namespace with addresses of both families, in which people's browsers and phones run; needs
 * root.
 *
 * <pre>
 *   people fd72:6c00:x::2, 10.213.x.2 ── fd72:6c00:x::1, 10.213.x.1 server (our own namespace)
 * </pre>
 */
final class DualStackNetwork implements AutoCloseable {
    private final int number = RandomGenerator.getDefault().nextInt(1, 250);
    private final String far = "rlfar" + number;
    private final String here = "rlfar" + number + "s";
    private final String there = "rlfar" + number + "f";

    /** An address family. */
    enum Family {
        IPV4("iptables"),
        IPV6("ip6tables");

        private final String filter;

        Family(String filter) {
            this.filter = filter;
        }
    }

    DualStackNetwork() {
        run("ip netns add " + far);
        try {
            build();
        } catch (AssertionError fault) {
            close();
            throw fault;
        }
    }

    private void build() {
        run("ip link add " + here + " type veth peer name " + there + " netns " + far);
        run("ip addr add " + serverAddress(Family.IPV4) + "/24 dev " + here);
        // nodad: an address that is still being asked about cannot be bound
        run("ip addr add " + serverAddress(Family.IPV6) + "/64 dev " + here + " nodad");
        run("ip link set " + here + " up");
        in(far, "ip addr add " + peopleAddress(Family.IPV4) + "/24 dev " + there);
        in(far, "ip addr add " + peopleAddress(Family.IPV6) + "/64 dev " + there + " nodad");
        in(far, "ip link set lo up");
        in(far, "ip link set " + there + " up");
    }

    /** Where people are. */
    String namespace() {
        return far;
    }

    String serverAddress(Family family) {
        return prefix(family) + "1";
    }

    String peopleAddress(Family family) {
        return prefix(family) + "2";
    }

    private String prefix(Family family) {
        return switch (family) {
            case IPV4 -> "10.213." + number + ".";
            case IPV6 -> "fd72:6c00:" + Integer.toHexString(number) + "::";
        };
    }

    /** Takes the people's IPv4 address away, and that of their loopback. */
    void leaveIpv6Alone() {
        in(far, "ip -4 addr flush dev " + there);
        in(far, "ip -4 addr flush dev lo");
    }

    /** No datagram of that family and of these ports of the server comes to the people any more. */
    void block(Family family, int firstPort, int lastPort) {
        in(
                far,
                family.filter
                        + " -A INPUT -p udp --sport %d:%d -j DROP".formatted(firstPort, lastPort));
    }

    /** With the namespace its end of the cable goes, and with that ours. */
    @Override
    public void close() {
        run("ip netns del " + far);
    }
}

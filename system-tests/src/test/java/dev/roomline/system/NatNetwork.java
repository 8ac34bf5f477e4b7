package dev.roomline.system;

import static dev.roomline.system.NetworkCommand.in;
import static dev.roomline.system.NetworkCommand.run;
import static dev.roomline.system.NetworkCommand.words;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A phone's private network behind a NAT, made of namespaces; needs root.
 *
 * <pre>
 *   phone 192.168.211.2 ── 192.168.211.1 NAT 10.211.x.2 ── 10.211.x.1 server (our own namespace)
 * </pre>
 *
 * <p>The NAT gives UDP and TCP other ports than the phone chose. From the server there is no way to
 * the private addresses: they are black-holed, so that nothing leaves this machine either.
 */
final class NatNetwork implements AutoCloseable {
    static final String PHONE_ADDRESS = "192.168.211.2";
    private static final String PRIVATE_NETWORK = "192.168.211.0/24";
    private static final String FIRST_NAT_PORT = "45000";

    private final int number = RandomGenerator.getDefault().nextInt(1, 250);
    private final String nat = "rlnat" + number;
    private final String phone = "rlphone" + number;
    private final Deque<List<String>> undo = new ArrayDeque<>();

    NatNetwork() {
        try {
            build();
        } catch (RuntimeException | AssertionError fault) {
            close();
            throw fault;
        }
    }

    private void build() {
        String outside = "rlo" + number;
        String inside = "rli" + number;
        namespace(nat);
        namespace(phone);
        run("ip link add " + outside + "s type veth peer name " + outside + "n");
        undo.push(words("ip link del " + outside + "s"));
        run("ip link set " + outside + "n netns " + nat);
        run("ip addr add " + serverAddress() + "/24 dev " + outside + "s");
        run("ip link set " + outside + "s up");
        in(nat, "ip addr add " + natAddress() + "/24 dev " + outside + "n");
        in(nat, "ip link set " + outside + "n up");
        in(nat, "ip link add " + inside + "n type veth peer name " + inside + "p");
        in(nat, "ip link set " + inside + "p netns " + phone);
        in(nat, "ip addr add 192.168.211.1/24 dev " + inside + "n");
        in(nat, "ip link set " + inside + "n up");
        in(phone, "ip addr add " + PHONE_ADDRESS + "/24 dev " + inside + "p");
        in(phone, "ip link set " + inside + "p up");
        in(phone, "ip route add default via 192.168.211.1");
        run(
                List.of(
                        "ip",
                        "netns",
                        "exec",
                        nat,
                        "sh",
                        "-c",
                        "echo 1 > /proc/sys/net/ipv4/ip_forward"));
        for (String protocol : List.of("udp", "tcp")) {
            in(
                    nat,
                    "iptables -t nat -A POSTROUTING -p %s -o %sn -j MASQUERADE --to-ports %s-45999"
                            .formatted(protocol, outside, FIRST_NAT_PORT));
        }
        // a run that was killed leaves its own
        run("ip route replace blackhole " + PRIVATE_NETWORK);
        undo.push(words("ip route del blackhole " + PRIVATE_NETWORK));
    }

    /** Loses a share of the datagrams to and from the server's port, each way, at random. */
    void lose(int serverPort, double share) {
        for (String way : List.of("--dport", "--sport")) {
            in(
                    nat,
                    "iptables -A FORWARD -p udp %s %d -m statistic --mode random --probability %.2f -j DROP"
                            .formatted(way, serverPort, share));
        }
    }

    /** Where SIPp runs. */
    String phoneNamespace() {
        return phone;
    }

    /** The server's address as the phone sees it. */
    String serverAddress() {
        return "10.211." + number + ".1";
    }

    /** The phone's address as the server sees it. */
    String natAddress() {
        return "10.211." + number + ".2";
    }

    @Override
    public void close() {
        while (!undo.isEmpty()) {
            try {
                run(undo.pop());
            } catch (AssertionError fault) {
                System.out.println("left behind: " + fault.getMessage());
            }
        }
    }

    private void namespace(String name) {
        run("ip netns add " + name);
        undo.push(words("ip netns del " + name));
        in(name, "ip link set lo up");
    }
}

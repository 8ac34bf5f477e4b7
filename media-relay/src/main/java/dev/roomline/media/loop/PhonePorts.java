package dev.roomline.media.loop;

import dev.roomline.media.sdp.LocalCandidate;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a phone reaches us: a {@link PortPair} of the address family of its sound, and one of the
 * other family where it may choose by ICE. Owner: the loop.
 */
final class PhonePorts {
    /**
     * Candidates that a phone is told of: a machine of many networks must not fill its datagram.
     */
    private static final int MOST_CANDIDATES = 8;

    private final PortPair main;
    private final PortPair other;
    private @Nullable InetAddress mainAddress;
    private @Nullable InetAddress otherAddress;

    PhonePorts(MediaLoop loop, RtpPorts range, UdpSocket.Sink rtpSink, UdpSocket.Sink rtcpSink) {
        main = new PortPair(loop, range, rtpSink, rtcpSink);
        other = new PortPair(loop, range, rtpSink, rtcpSink);
    }

    /** The RTP port that descriptions name; −1 before it is open. */
    int port() {
        return main.port();
    }

    /**
     * Binds; tells whether that could be done, on the loop.
     *
     * @param second of the other family; null: not wanted. The call does without if it is not free
     */
    void open(InetAddress first, @Nullable InetAddress second, Consumer<Boolean> done) {
        main.open(
                first,
                open -> {
                    mainAddress = open ? first : null;
                    if (!open || second == null) {
                        done.accept(open);
                        return;
                    }
                    other.open(
                            second,
                            both -> {
                                otherAddress = both ? second : null;
                                done.accept(true);
                            });
                });
    }

    /**
     * What a phone is told that offers ICE (RFC 8839 §4.3.1).
     *
     * @param told the address of our description, which has to be one of them
     * @param addresses all of this machine
     */
    List<LocalCandidate> candidates(InetAddress told, List<InetAddress> addresses) {
        Set<InetAddress> all = new LinkedHashSet<>();
        all.add(told);
        all.addAll(addresses);
        List<LocalCandidate> found = new ArrayList<>();
        for (InetAddress each : all) {
            if (found.size() == MOST_CANDIDATES) {
                break;
            }
            if (each.equals(told) || reaches(mainAddress, each)) {
                found.add(new LocalCandidate(new InetSocketAddress(each, main.port())));
            } else if (reaches(otherAddress, each)) {
                found.add(new LocalCandidate(new InetSocketAddress(each, other.port())));
            }
        }
        return found;
    }

    private static boolean reaches(@Nullable InetAddress bound, InetAddress address) {
        return bound != null
                && (bound.equals(address)
                        || (bound.isAnyLocalAddress() && isIpv4(bound) == isIpv4(address)));
    }

    private static boolean isIpv4(InetAddress address) {
        return address instanceof Inet4Address;
    }

    private PortPair towards(InetSocketAddress to) {
        InetAddress here = otherAddress;
        return here != null && isIpv4(here) == isIpv4(to.getAddress()) ? other : main;
    }

    void send(InetSocketAddress to, byte[] bytes, int offset, int length) {
        towards(to).rtp.send(to, bytes, offset, length);
    }

    void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length) {
        towards(to).rtcp.send(to, bytes, offset, length);
    }

    /** See {@link UdpSocket#connect}; only where there is no choice of families. */
    void connect(@Nullable InetSocketAddress peer) {
        main.rtp.connect(peer);
    }

    /** Takes the sockets off their loop. */
    void detach(Runnable done) {
        main.detach(() -> other.detach(done));
    }

    /** Serves them from another loop; called on that. */
    void attach(MediaLoop loop, Runnable done) {
        main.attach(loop, () -> other.attach(loop, done));
    }

    void close() {
        main.close();
        other.close();
    }
}

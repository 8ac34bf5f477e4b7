package dev.roomline.media.loop;

import io.netty.channel.ChannelFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * A SIP leg's two sockets: RTP on an even port, RTCP on the odd one beside it. A port that somebody
 * else on this machine has is passed over for the next. Owner: the loop.
 */
final class PortPair {
    /** Ports of a range that others may hold before we call it full. */
    private static final int ATTEMPTS = 64;

    /** A second look finds nothing but in a burst, and costs a system call for every packet. */
    private static final int READS_PER_TURN = 1;

    /** Some 50 ms of flood, or seconds of sound. */
    private static final int RECEIVE_BUFFER_OCTETS = 64 * 1_024;

    final UdpSocket rtp;
    final UdpSocket rtcp;

    private MediaLoop loop;
    private final RtpPorts ports;
    private int port = -1;

    PortPair(MediaLoop loop, RtpPorts ports, UdpSocket.Sink rtpSink, UdpSocket.Sink rtcpSink) {
        this.loop = loop;
        this.ports = ports;
        rtp = new UdpSocket(loop, rtpSink, READS_PER_TURN);
        rtcp = new UdpSocket(loop, rtcpSink, READS_PER_TURN);
    }

    /** The RTP port; −1 before it is open. */
    int port() {
        return port;
    }

    /** Binds a pair on {@code address}; tells whether that could be done, on the loop. */
    void open(InetAddress address, Consumer<Boolean> done) {
        attempt(address, ATTEMPTS, done);
    }

    private void attempt(InetAddress address, int attempts, Consumer<Boolean> done) {
        int even = attempts == 0 ? -1 : ports.take(loop.now());
        if (even < 0) {
            done.accept(false);
            return;
        }
        bind(
                new InetSocketAddress(address, even),
                rtp,
                bound -> {
                    if (!bound) {
                        giveBack(even);
                        attempt(address, attempts - 1, done);
                        return;
                    }
                    bindRtcp(address, even, attempts, done);
                });
    }

    private void bindRtcp(InetAddress address, int even, int attempts, Consumer<Boolean> done) {
        bind(
                new InetSocketAddress(address, even + 1),
                rtcp,
                bound -> {
                    if (bound) {
                        port = even;
                        done.accept(true);
                        return;
                    }
                    rtp.close();
                    giveBack(even);
                    attempt(address, attempts - 1, done);
                });
    }

    private void bind(InetSocketAddress local, UdpSocket socket, Consumer<Boolean> done) {
        ChannelFuture binding = Sockets.bind(loop.group(), local, socket, RECEIVE_BUFFER_OCTETS);
        binding.addListener(
                finished -> {
                    if (finished.isSuccess()) {
                        socket.opened(binding.channel());
                    }
                    done.accept(finished.isSuccess());
                });
    }

    /** Takes both sockets off their loop. */
    void detach(Runnable done) {
        rtp.detach(() -> rtcp.detach(done));
    }

    /** Serves both from another loop; called on that. */
    void attach(MediaLoop other, Runnable done) {
        loop = other;
        rtp.attach(other, () -> rtcp.attach(other, done));
    }

    private void giveBack(int even) {
        ports.free(even, loop.now());
    }

    void close() {
        rtp.close();
        rtcp.close();
        if (port >= 0) {
            giveBack(port);
            port = -1;
        }
    }
}

package dev.roomline.media.loop;

import dev.roomline.media.codec.Codecs;
import dev.roomline.media.leg.DropCounters;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.leg.Workbench;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Datagrams of a loop's sockets, the kernel included; beside the classes that it measures. */
@State(Scope.Thread)
public class SocketStage {
    private static final int OCTETS = 172;

    private final DropCounters drops = new DropCounters();
    private final MediaLoop loop =
            new MediaLoop(
                    0,
                    new Workbench(
                            Codecs.load(), 5, PassThroughPolicy.AUTO, drops, new SecureRandom(), 0),
                    drops,
                    new LossCounters());
    private final UdpSocket from = new UdpSocket(loop, new Taken(), 1);
    private final UdpSocket to = new UdpSocket(loop, new Taken(), 1);
    private final DirectSend send = new DirectSend();
    private final byte[] packet = new byte[OCTETS];
    private InetSocketAddress target = new InetSocketAddress(0);
    private int descriptor;
    private volatile long taken;

    private final class Taken implements UdpSocket.Sink {
        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // by the loop alone
        public void onDatagram(byte[] bytes, int length, InetSocketAddress source, long nowNanos) {
            taken++;
        }

        @Override
        public void onPortUnreachable(long nowNanos) {}
    }

    private void open(UdpSocket socket) {
        InetSocketAddress here = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        var binding = Sockets.bind(loop.group(), here, socket, 64 * 1_024).syncUninterruptibly();
        CompletableFuture<Integer> opened = new CompletableFuture<>();
        loop.post(
                () -> {
                    socket.opened(binding.channel());
                    opened.complete(socket.descriptor());
                });
        opened.join();
    }

    /** Both are the loop's; what leaves is sent by this thread. */
    @Setup
    public void open() {
        open(from);
        open(to);
        target = to.localAddress();
        descriptor = from.descriptor();
    }

    @TearDown
    public void close() {
        loop.post(from::close);
        loop.post(to::close);
        loop.shutdown().awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    /** Sent and taken by Netty, as a loop takes it that gathers none: woken for it alone. */
    @Benchmark
    public long datagramByQuietLoop() {
        long before = taken;
        send.send(descriptor, target, packet, 0, OCTETS);
        while (taken == before) {
            Thread.onSpinWait();
        }
        return before;
    }
}

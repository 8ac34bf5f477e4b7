package dev.roomline.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Ports that nobody uses right now, below the range that the system hands out itself (32768 upwards
 * on Linux), so that no outgoing connection takes one between choosing and binding.
 */
final class FreePorts {
    private static final int LOWEST = 12_000;
    private static final int HIGHEST = 32_000;

    /**
     * Where the next block begins: one after the other, and round again, so that what was given is
     * not given again for long, though nobody may have bound it yet, and no gaps are left.
     */
    private static int next = RandomGenerator.getDefault().nextInt(LOWEST / 2, HIGHEST / 2) * 2;

    private FreePorts() {}

    /** One port, free for UDP and TCP. */
    static int one() {
        return block(1);
    }

    /**
     * The first of so many adjacent ports, free for UDP and TCP.
     *
     * @return an even number, as RTP wants it
     */
    static synchronized int block(int count) {
        for (int turn = 0; turn < 2; turn++) {
            int end = turn == 0 ? HIGHEST : next;
            int first = turn == 0 ? next : LOWEST;
            while (first + count <= end) {
                int taken = firstTaken(first, count);
                if (taken < 0) {
                    next = even(first + count);
                    return first;
                }
                first = even(taken + 1);
            }
        }
        throw new IllegalStateException("no " + count + " adjacent free ports");
    }

    private static int even(int port) {
        return port + port % 2;
    }

    /**
     * Until some process listens at that port of a loopback for TCP; without connecting, which it
     * would see.
     */
    static void awaitListening(int port) {
        String listening = "0100007F:%04X 00000000:0000 0A".formatted(port);
        String listening6 = "01000000:%04X %032d:0000 0A".formatted(port, 0);
        await("somebody to listen at " + port)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () ->
                                Files.readString(Path.of("/proc/net/tcp")).contains(listening)
                                        || Files.readString(Path.of("/proc/net/tcp6"))
                                                .contains(listening6));
    }

    /** −1 if all are free. */
    private static int firstTaken(int first, int count) {
        for (int port = first; port < first + count; port++) {
            if (!isFree(port)) {
                return port;
            }
        }
        return -1;
    }

    private static boolean isFree(int port) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (var tcp = new ServerSocket();
                var udp = new DatagramSocket(null)) {
            tcp.bind(address);
            udp.bind(address);
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}

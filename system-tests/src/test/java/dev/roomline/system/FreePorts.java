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
import java.util.BitSet;
import java.util.random.RandomGenerator;

/**
 * Ports that nobody uses right now, below the range that the system hands out itself (32768 upwards
 * on Linux), so that no outgoing connection takes one between choosing and binding.
 */
final class FreePorts {
    private static final int LOWEST = 12_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 200;
    private static final RandomGenerator RANDOM = RandomGenerator.getDefault();

    /** What was given once is not given again, though nobody may have bound it yet. */
    private static final BitSet GIVEN = new BitSet();

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
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int first = RANDOM.nextInt(LOWEST / 2, (HIGHEST - count) / 2) * 2;
            if (isNew(first, count) && allFree(first, count)) {
                GIVEN.set(first, first + count);
                return first;
            }
        }
        throw new IllegalStateException("no " + count + " adjacent free ports");
    }

    /** Until some process listens at that port for TCP; without connecting, which it would see. */
    static void awaitListening(int port) {
        String listening = "0100007F:%04X 00000000:0000 0A".formatted(port);
        await("somebody to listen at " + port)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.readString(Path.of("/proc/net/tcp")).contains(listening));
    }

    private static boolean isNew(int first, int count) {
        int given = GIVEN.nextSetBit(first);
        return given < 0 || given >= first + count;
    }

    private static boolean allFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            if (!isFree(port)) {
                return false;
            }
        }
        return true;
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

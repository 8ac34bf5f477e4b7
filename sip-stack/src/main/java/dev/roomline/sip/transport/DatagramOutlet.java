package dev.roomline.sip.transport;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams one way, to a collector: nothing is read and nothing is awaited. Its name is looked up
 * again every minute, since collectors move. Blocks while it does: for a thread of its own.
 */
public final class DatagramOutlet implements AutoCloseable {
    private static final long KNOWN_NANOS = 60_000_000_000L;

    private final DatagramSocket socket;
    private final String host;
    private final int port;
    private @Nullable InetSocketAddress collector;
    private long knownUntilNanos;

    private DatagramOutlet(DatagramSocket socket, String host, int port) {
        this.socket = socket;
        this.host = host;
        this.port = port;
    }

    /** Opens the socket; the name is not looked up yet. */
    public static DatagramOutlet open(String host, int port) throws IOException {
        return new DatagramOutlet(new DatagramSocket(), host, port);
    }

    /** Whether it left; false where the name has no address, or the network takes nothing. */
    public boolean send(byte[] datagram, long nowNanos) {
        try {
            InetSocketAddress known = collector;
            if (known == null || nowNanos - knownUntilNanos >= 0) {
                known = new InetSocketAddress(InetAddress.getByName(host), port);
                collector = known;
                knownUntilNanos = nowNanos + KNOWN_NANOS;
            }
            socket.send(new DatagramPacket(datagram, datagram.length, known));
            return true;
        } catch (IOException unreachable) {
            return false;
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}

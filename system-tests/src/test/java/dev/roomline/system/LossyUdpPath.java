package dev.roomline.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Stands between one browser and the server's WebRTC port and loses a share of the media, by a
 * seed; ICE, DTLS and reports pass.
 */
final class LossyUdpPath implements AutoCloseable {
    private final DatagramSocket near = socket();
    private final DatagramSocket far = socket();
    private final InetSocketAddress server;
    private volatile @Nullable InetSocketAddress browser;
    private volatile double lossToBrowser;
    private volatile double lossToServer;

    LossyUdpPath(int serverPort) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        Thread.ofPlatform().daemon().start(() -> carry(near, true, new Random(21)));
        Thread.ofPlatform().daemon().start(() -> carry(far, false, new Random(22)));
    }

    private static DatagramSocket socket() {
        try {
            return new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the browser takes for the server's. */
    int port() {
        return near.getLocalPort();
    }

    /** From now on loses such shares. */
    void losing(double toBrowser, double toServer) {
        lossToBrowser = toBrowser;
        lossToServer = toServer;
    }

    private void carry(DatagramSocket from, boolean toServer, Random random) {
        DatagramPacket datagram = new DatagramPacket(new byte[2_048], 2_048);
        try {
            while (true) {
                datagram.setLength(2_048);
                from.receive(datagram);
                if (toServer) {
                    browser = (InetSocketAddress) datagram.getSocketAddress();
                }
                double loss = toServer ? lossToServer : lossToBrowser;
                InetSocketAddress to = toServer ? server : browser;
                if (to != null && !(isMedia(datagram) && random.nextDouble() < loss)) {
                    datagram.setSocketAddress(to);
                    (toServer ? far : near).send(datagram);
                }
            }
        } catch (SocketException closed) {
            // the test is over
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SRTP and not SRTCP (RFC 7983 §7, RFC 5761 §4). */
    private static boolean isMedia(DatagramPacket datagram) {
        byte[] octets = datagram.getData();
        int type = octets[1] & 0xff;
        return (octets[0] & 0xc0) == 0x80 && (type < 192 || type > 223);
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}

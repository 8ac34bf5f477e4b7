package dev.roomline.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Stands between a phone and the server's SIP port and impairs both ways alike, by a seed. */
final class LossySipPath implements AutoCloseable {
    private final DatagramSocket near = socket();
    private final DatagramSocket far = socket();
    private final ImpairedPath toServer;
    private final ImpairedPath toPhone;

    /**
     * @param phonePort where the phone listens
     * @param impaired says how
     */
    LossySipPath(int phonePort, int serverPort, UnaryOperator<ImpairedPath> impaired) {
        toServer = impaired.apply(new ImpairedPath(far, serverPort, 31));
        toPhone = impaired.apply(new ImpairedPath(near, phonePort, 32));
        Thread.ofPlatform().daemon().start(() -> carry(near, toServer));
        Thread.ofPlatform().daemon().start(() -> carry(far, toPhone));
    }

    private static DatagramSocket socket() {
        try {
            return new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the phone takes for the server's. */
    int serverSide() {
        return near.getLocalPort();
    }

    /** What the server is to take for the phone's: for its Contact. */
    int phoneSide() {
        return far.getLocalPort();
    }

    private static void carry(DatagramSocket from, ImpairedPath path) {
        DatagramPacket datagram = new DatagramPacket(new byte[65_535], 65_535);
        try {
            while (true) {
                datagram.setLength(65_535);
                from.receive(datagram);
                path.send(Arrays.copyOf(datagram.getData(), datagram.getLength()));
            }
        } catch (SocketException closed) {
            // the test is over
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        near.close();
        far.close();
        toServer.close();
        toPhone.close();
    }
}

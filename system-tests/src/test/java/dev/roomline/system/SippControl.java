package dev.roomline.system;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;

/** Speaks to a SIPp that runs, by the port of its option {@code -cp}. */
final class SippControl implements AutoCloseable {
    private final DatagramSocket socket;
    private final int port;

    SippControl(int port) {
        this.port = port;
        try {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void callsPerSecond(int rate) {
        say("cset rate " + rate);
    }

    /** It begins no more calls, and ends with the last of them. */
    void endWithItsCalls() {
        say("q");
    }

    private void say(String command) {
        byte[] bytes = command.getBytes(US_ASCII);
        try {
            socket.send(
                    new DatagramPacket(
                            bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}

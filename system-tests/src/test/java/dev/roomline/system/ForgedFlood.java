package dev.roomline.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * INVITEs from as many networks as sockets, none of whom ever answers a challenge; half of them
 * bring credentials with a nonce that they made up. As a flood from forged addresses is seen by a
 * server, without forging any: each socket is bound to a network of 127.0.0.0/8 of its own.
 */
final class ForgedFlood implements AutoCloseable {
    private static final int BATCH = 20;

    private final List<DatagramSocket> sockets = new ArrayList<>();
    private final InetSocketAddress server;
    private final String code;
    private final Thread thread;
    private volatile boolean over;
    private final AtomicInteger sent = new AtomicInteger();

    ForgedFlood(int networks, int perSecond, int serverPort, String code) {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        this.code = code;
        try {
            for (int i = 0; i < networks; i++) {
                byte[] address = {127, (byte) (1 + i / 200), (byte) (i % 200), 1};
                sockets.add(
                        new DatagramSocket(
                                new InetSocketAddress(InetAddress.getByAddress(address), 0)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = Thread.ofPlatform().daemon().start(() -> flood(perSecond));
    }

    private void flood(int perSecond) {
        long dueNanos = System.nanoTime();
        try {
            while (!over) {
                for (int i = 0; i < BATCH; i++) {
                    DatagramSocket from = sockets.get(sent.get() % sockets.size());
                    byte[] bytes = invite(from).getBytes(ISO_8859_1);
                    from.send(new DatagramPacket(bytes, bytes.length, server));
                    sent.incrementAndGet();
                }
                dueNanos += BATCH * 1_000_000_000L / perSecond;
                LockSupport.parkNanos(dueNanos - System.nanoTime());
            }
        } catch (IOException e) {
            if (!over) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private String invite(DatagramSocket from) {
        String request =
                SipText.request(
                        "INVITE",
                        code,
                        server.getPort(),
                        "UDP",
                        from.getLocalPort(),
                        SipText.unique());
        if (sent.get() % 2 == 0) {
            return request;
        }
        return request.replaceFirst(
                "Max-Forwards",
                "Proxy-Authorization: Digest username=\"alice\", realm=\"roomline\","
                        + " nonce=\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\","
                        + " uri=\"sip:x\", response=\"00000000000000000000000000000000\","
                        + " algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c0\"\r\nMax-Forwards");
    }

    int sent() {
        return sent.get();
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sockets.forEach(DatagramSocket::close);
    }
}

package dev.roomline.system;

import java.net.DatagramSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Whoever is reached through a scripted carrier: says a steady tone once the call is answered, and
 * can be asked what is heard there. One thread talks, the test listens.
 */
final class CalledPhone implements AutoCloseable {
    private static final long FRAME_NANOS = 20_000_000L;

    private final DatagramSocket socket = RtpPhone.socket();
    private final double hertz;
    private volatile boolean over;

    CalledPhone(double hertz) {
        this.hertz = hertz;
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Picks up, and talks from then on. */
    void answer(Carrier carrier, SipTrace.Message invite) {
        carrier.answer(invite, "200 OK", "", SipText.offer("127.0.0.1", socket.getLocalPort()));
        talk(SipText.mediaPort(invite.body()));
    }

    /** Talks to that port of the server until it is closed. */
    void talk(int port) {
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            long dueNanos = System.nanoTime();
                            for (int sequence = 0; !over; sequence++) {
                                byte[] frame = RtpPhone.frame(0x77, sequence & 0xffff, hertz);
                                if (!socket.isClosed()) {
                                    RtpPhone.send(socket, frame, port);
                                }
                                dueNanos += FRAME_NANOS;
                                LockSupport.parkNanos(dueNanos - System.nanoTime());
                            }
                        });
    }

    /** What comes from now on. */
    List<byte[]> packets(Duration time) {
        return RtpPhone.receiveAll(socket, time);
    }

    /** What is heard from now on; what waited is not. */
    Recording listen(double seconds) {
        RtpPhone.receiveAll(socket, Duration.ofMillis(1));
        return RtpPhone.sound(packets(Duration.ofMillis((long) (seconds * 1000))));
    }

    @Override
    public void close() {
        over = true;
        LockSupport.parkNanos(FRAME_NANOS);
        socket.close();
    }
}

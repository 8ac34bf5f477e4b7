package dev.roomline.system;

import java.net.DatagramSocket;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The network between a test's phone and the server: what the phone sends is lost, held up,
 * overtaken or doubled here, by a seed; what is left leaves by the phone's own socket.
 */
final class ImpairedPath implements AutoCloseable {
    private final DatagramSocket from;
    private final int port;
    private final Random random;
    private final ScheduledExecutorService wire = Executors.newSingleThreadScheduledExecutor();
    private volatile double loss;
    private volatile int jitterMillis;
    private volatile double duplication;
    private volatile long heldUntilNanos;

    ImpairedPath(DatagramSocket from, int port, long seed) {
        this.from = from;
        this.port = port;
        random = new Random(seed);
        heldUntilNanos = System.nanoTime();
    }

    /** Loses such a share. */
    ImpairedPath losing(double share) {
        loss = share;
        return this;
    }

    /** Delays each packet by up to so much: beyond a packet's length they overtake one another. */
    ImpairedPath jittering(int millis) {
        jitterMillis = millis;
        return this;
    }

    /** Delivers such a share twice. */
    ImpairedPath doubling(double share) {
        duplication = share;
        return this;
    }

    /** Lets nothing through for a while; then everything comes at once. */
    void holdUp(int millis) {
        heldUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Called by one thread. */
    void send(byte[] packet) {
        if (random.nextDouble() < loss) {
            return;
        }
        deliver(packet);
        if (random.nextDouble() < duplication) {
            deliver(packet);
        }
    }

    private void deliver(byte[] packet) {
        long held = Math.max(0, heldUntilNanos - System.nanoTime());
        long delay = held + (long) (random.nextDouble() * jitterMillis * 1_000_000L);
        ScheduledFuture<?> _ =
                wire.schedule(() -> RtpPhone.send(from, packet, port), delay, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        wire.shutdownNow();
    }
}

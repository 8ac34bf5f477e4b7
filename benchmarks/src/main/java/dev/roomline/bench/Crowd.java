package dev.roomline.bench;

import dev.roomline.media.loop.NiceValue;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread that lets hundreds of phones speak and hear over one {@link PhoneWire}: each sends
 * every 20 ms at a phase of its own, spread evenly, so that the server is given a steady stream;
 * those whose moment lies in the same half millisecond leave together. Deadlines are absolute: a
 * late turn is made up for, as a phone's sound card does. Nothing is allocated for a packet.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
final class Crowd implements AutoCloseable, PhoneWire.Sink {
    private static final long TURN_NANOS = 500_000;
    private static final long LATE_NANOS = 10_000_000L;

    private final PhoneWire wire;
    private final PhoneStream[] phones;
    private final @Nullable PhoneStream[] byPort = new @Nullable PhoneStream[65_536];
    private final Thread thread;
    private long hearingNanos;
    private volatile boolean running = true;

    /** Packets that left more than 10 ms late: then the generator is at fault, not the server. */
    volatile long late;

    /** The latest of them. */
    volatile long worstNanos;

    Crowd(String name, PhoneWire wire, List<PhoneStream> phones) {
        this.wire = wire;
        this.phones = phones.toArray(PhoneStream[]::new);
        for (PhoneStream phone : phones) {
            InetSocketAddress remote = phone.remote();
            if (remote != null) {
                byPort[remote.getPort()] = phone;
            }
        }
        thread = new Thread(this::run, name);
        thread.start();
    }

    /** Counts lateness anew. */
    void forget() {
        late = 0;
        worstNanos = 0;
    }

    private void run() {
        // it stands for a network, which does not wait for this machine's cores
        boolean _ = NiceValue.set(NiceValue.SOUND);
        long began = System.nanoTime();
        long round = 0;
        int next = 0;
        while (running) {
            long now = System.nanoTime();
            long due = due(began, round, next);
            while (now >= due) {
                lateness(now - due);
                speak(phones[next], now);
                next++;
                if (next == phones.length) {
                    next = 0;
                    round++;
                }
                due = due(began, round, next);
            }
            wire.flush();
            hearingNanos = System.nanoTime();
            wire.receive(this);
            long left = Math.max(due - System.nanoTime(), TURN_NANOS / 2);
            LockSupport.parkNanos(Math.min(left, TURN_NANOS));
        }
    }

    private void speak(PhoneStream phone, long nowNanos) {
        InetSocketAddress to = phone.remote();
        if (to != null) {
            phone.speak(wire.next(), nowNanos);
            wire.put(to);
        }
    }

    private void lateness(long nanos) {
        if (nanos > LATE_NANOS) {
            late++;
        }
        if (nanos > worstNanos) {
            worstNanos = nanos;
        }
    }

    private long due(long began, long round, int phone) {
        return began
                + round * PhoneStream.PTIME_NANOS
                + phone * PhoneStream.PTIME_NANOS / phones.length;
    }

    @Override
    public void onDatagram(int fromPort, ByteBuffer octets) {
        PhoneStream phone = byPort[fromPort];
        if (phone != null) {
            phone.hear(octets, hearingNanos);
        }
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.roomline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread that lets many phones speak and hear: each sends every 20 ms at a phase of its own,
 * spread evenly, so that the server is given a steady stream and no bursts. Deadlines are absolute:
 * a late turn is made up for, as a phone's sound card does.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
final class PhoneLoop implements AutoCloseable {
    private static final long TURN_NANOS = 500_000;

    private final List<Voice> phones;
    private final Selector selector;
    private final Thread thread;
    private volatile boolean running = true;

    /** Turns that began more than 10 ms late: then the generator is at fault, not the server. */
    volatile long lateTurns;

    PhoneLoop(String name, List<? extends Voice> phones) {
        this.phones = List.copyOf(phones);
        try {
            selector = Selector.open();
            for (Voice phone : phones) {
                phone.channel().register(selector, SelectionKey.OP_READ, phone);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::run, name);
        thread.start();
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2_048);
        long began = System.nanoTime();
        long round = 0;
        int next = 0;
        while (running) {
            long now = System.nanoTime();
            while (now >= due(began, round, next)) {
                if (now - due(began, round, next) > 10_000_000L) {
                    lateTurns++;
                }
                phones.get(next).send(buffer);
                next++;
                if (next == phones.size()) {
                    next = 0;
                    round++;
                }
            }
            hear(buffer);
            long left = due(began, round, next) - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(Math.min(left, TURN_NANOS));
            }
        }
    }

    private long due(long began, long round, int phone) {
        return began
                + round * PhoneStream.PTIME_NANOS
                + phone * PhoneStream.PTIME_NANOS / phones.size();
    }

    private void hear(ByteBuffer buffer) {
        try {
            selector.selectNow(key -> ((Voice) key.attachment()).receive(buffer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join();
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.roomline.bridge.event;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * The latest events in a ring that readers follow at their own pace. Who publishes waits for no
 * reader: one that falls behind by the whole ring has lost events, and learns it. While somebody
 * keeps events, readers are told only of those that are kept: nobody was told of what a crash
 * takes. Thread-safe; publishers take turns, readers take no lock.
 */
public final class EventBus implements Consumer<Happening> {
    /** Some minutes of a busy server; about five megabytes when full. */
    public static final int HISTORY = 8192;

    private final InstantSource clock;
    private final String run;
    private final AtomicReferenceArray<Event> ring;
    private final List<Runnable> readers = new CopyOnWriteArrayList<>();
    private final List<Runnable> keepers = new CopyOnWriteArrayList<>();
    private volatile long last;

    /** Up to where readers may read. */
    private volatile long told;

    private volatile boolean held;

    public EventBus(InstantSource clock) {
        this(clock, HISTORY);
    }

    EventBus(InstantSource clock, int history) {
        this.clock = clock;
        this.run = Long.toString(clock.instant().toEpochMilli(), Character.MAX_RADIX);
        this.ring = new AtomicReferenceArray<>(history);
    }

    /** What a reader finds behind the event that it read last. */
    public sealed interface Reading {
        /** In order; empty: nothing new. */
        record Events(List<Event> events) implements Reading {}

        /**
         * The ring has gone over them.
         *
         * @param oldest the first event that is still there
         */
        record Lost(long oldest) implements Reading {}
    }

    /** Somebody who is woken; closed, it is woken no more. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public void accept(Happening what) {
        publish(what);
    }

    /** Never waits for a reader, nor for who keeps events. Any thread. */
    public void publish(Happening what) {
        boolean tellsNow;
        synchronized (this) {
            long sequence = last + 1;
            Event event = new Event(sequence, id(sequence), clock.instant(), what);
            ring.set(slot(sequence), event);
            last = sequence;
            tellsNow = !held;
            if (tellsNow) {
                told = sequence;
            }
        }
        keepers.forEach(Runnable::run);
        if (tellsNow) {
            readers.forEach(Runnable::run);
        }
    }

    /** From now on readers are told of what is {@link #kept} alone. */
    public synchronized void hold() {
        held = true;
    }

    /**
     * Readers may be told of all up to this one.
     *
     * @param sequence of an event that is written down, with all before it
     */
    public void kept(long sequence) {
        synchronized (this) {
            if (sequence <= told) {
                return;
            }
            told = Math.min(sequence, last);
        }
        readers.forEach(Runnable::run);
    }

    /** Nothing is kept, or cannot be: readers are told of all. */
    public void letGo() {
        synchronized (this) {
            held = false;
            if (told == last) {
                return;
            }
            told = last;
        }
        readers.forEach(Runnable::run);
    }

    private String id(long sequence) {
        return "evt_" + run + "-" + sequence;
    }

    private int slot(long sequence) {
        return (int) (sequence % ring.length());
    }

    /** Of the newest event; 0: there was none yet. */
    public long last() {
        return last;
    }

    /** Of the newest event that readers are told of. */
    public long told() {
        return told;
    }

    /** The number of an event of this run; empty for what is none, or another run's. */
    public OptionalLong sequenceOf(String eventId) {
        String prefix = "evt_" + run + "-";
        if (!eventId.startsWith(prefix)
                || !eventId.substring(prefix.length()).matches("[0-9]{1,18}")) {
            return OptionalLong.empty();
        }
        long sequence = Long.parseLong(eventId.substring(prefix.length()));
        return sequence <= last ? OptionalLong.of(sequence) : OptionalLong.empty();
    }

    /**
     * For who keeps events: all that there are.
     *
     * @param after the event that was read last; 0: from the beginning
     */
    public Reading read(long after, int most) {
        return read(after, most, last);
    }

    /** For readers: the same, as far as they are told. */
    public Reading readTold(long after, int most) {
        return read(after, most, told);
    }

    private Reading read(long after, int most, long newest) {
        List<Event> events = new ArrayList<>();
        for (long next = after + 1; next <= newest && events.size() < most; next++) {
            Event event = ring.get(slot(next));
            if (event == null || event.sequence() != next) {
                return new Reading.Lost(Math.max(1, last - ring.length() + 1));
            }
            events.add(event);
        }
        return new Reading.Events(List.copyOf(events));
    }

    /**
     * From now on {@code wake} is called when there is something to read, on the thread that
     * publishes or keeps: it must only wake somebody.
     *
     * @return ends it
     */
    public Watch watch(Runnable wake) {
        readers.add(wake);
        return () -> readers.remove(wake);
    }

    /** The same for who keeps events: called after each that is published. */
    public Watch keep(Runnable wake) {
        keepers.add(wake);
        return () -> keepers.remove(wake);
    }
}

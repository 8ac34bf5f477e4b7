package dev.roomline.bridge.lifecycle;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log lines on their way out, by a thread of their own: no loop formats them, makes a system call
 * for each, or stands still because nobody reads standard error. Bounded: what has no place is
 * lost, and the log says how much. Thread-safe.
 */
final class LogLines extends UnsynchronizedAppenderBase<ILoggingEvent> {
    static final int MOST_WAITING = 20_000;

    /** Lines that come so soon after one another share a write. */
    private static final Duration BREATH = Duration.ofMillis(10);

    private static final int MOST_OCTETS = 64 * 1024;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(LogLines.class);

    private final Encoder<ILoggingEvent> encoder;
    private final OutputStream out;
    private final Queue<ILoggingEvent> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final Thread writer =
            Thread.ofPlatform().name("log").daemon().unstarted(this::writeUntilStopped);

    LogLines(Encoder<ILoggingEvent> encoder, OutputStream out) {
        this.encoder = encoder;
        this.out = out;
    }

    @Override
    public void start() {
        super.start();
        writer.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        // as it was when it was said: text, thread and context
        event.prepareForDeferredProcessing();
        if (count.incrementAndGet() > MOST_WAITING) {
            count.decrementAndGet();
            lost.incrementAndGet();
            return;
        }
        waiting.add(event);
        if (asleep.compareAndSet(true, false)) {
            LockSupport.unpark(writer);
        }
    }

    /** Takes no more, and waits a moment for what was said to be written. */
    @Override
    public void stop() {
        if (!isStarted()) {
            return;
        }
        super.stop();
        LockSupport.unpark(writer);
        try {
            writer.join(LAST_WORDS);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeUntilStopped() {
        while (isStarted()) {
            if (waiting.isEmpty()) {
                sleep();
            } else {
                writeWaiting();
                LockSupport.parkNanos(BREATH.toNanos());
            }
        }
        writeWaiting();
    }

    private void sleep() {
        asleep.set(true);
        // who came before that has woken nobody
        if (waiting.isEmpty() && isStarted()) {
            LockSupport.park(this);
        }
        asleep.set(false);
    }

    private void writeWaiting() {
        long gone = lost.getAndSet(0);
        if (gone > 0) {
            LOG.warn("event=log_lines_lost count={}", gone);
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (ILoggingEvent next = waiting.poll(); next != null; next = waiting.poll()) {
            count.decrementAndGet();
            lines.writeBytes(encoder.encode(next));
            if (lines.size() >= MOST_OCTETS) {
                write(lines);
            }
        }
        write(lines);
    }

    private void write(ByteArrayOutputStream lines) {
        try {
            if (lines.size() > 0) {
                lines.writeTo(out);
                out.flush();
            }
        } catch (IOException nobodyReads) {
            addWarn("Log lines could not be written", nobodyReads);
        }
        lines.reset();
    }
}

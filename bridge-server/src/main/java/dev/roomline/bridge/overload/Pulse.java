package dev.roomline.bridge.overload;

import dev.roomline.bridge.signal.Signal;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the server's vitals four times a second, and lets the overload control decide. One log line
 * when it begins and one when it ends. Owner: the signalling loop; {@link #overload} and {@link
 * #reading} may be asked by any thread.
 */
public final class Pulse {
    static final Duration PERIOD = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

    private final Signal signal;
    private final VitalSigns signs;
    private final Consumer<Overload> told;
    private final OverloadControl control = new OverloadControl();
    private volatile Overload overload = Overload.NONE;
    private volatile Reading reading = Reading.NONE;
    private long dueNanos;
    private long beganNanos;

    /** Where the vitals come from; on the signalling loop. */
    @FunctionalInterface
    public interface VitalSigns {
        /**
         * @param lagNanos how late the pulse is
         */
        Reading read(long lagNanos, long nowNanos);
    }

    /**
     * @param vitals what the control looks at
     * @param calls by state, and what the SIP core holds: for metrics
     */
    public record Reading(Vitals vitals, SignalCounts calls) {
        public static final Reading NONE = new Reading(Vitals.CALM, SignalCounts.NONE);
    }

    /**
     * @param told on the loop, at each pulse
     */
    public Pulse(Signal signal, VitalSigns signs, Consumer<Overload> told) {
        this.signal = signal;
        this.signs = signs;
        this.told = told;
    }

    /** On the loop, once. */
    public void start() {
        next(signal.nanoTime());
    }

    public Overload overload() {
        return overload;
    }

    public Reading reading() {
        return reading;
    }

    private void next(long nowNanos) {
        dueNanos = nowNanos + PERIOD.toNanos();
        signal.after(PERIOD, this::beat);
    }

    private void beat() {
        long nowNanos = signal.nanoTime();
        try {
            Reading now = signs.read(Math.max(0, nowNanos - dueNanos), nowNanos);
            reading = now;
            Overload before = overload;
            Overload after = control.sample(now.vitals(), nowNanos);
            overload = after;
            told.accept(after);
            log(before, after, now, nowNanos);
        } finally {
            next(nowNanos);
        }
    }

    private void log(Overload before, Overload after, Reading now, long nowNanos) {
        if (after.active() && !before.active()) {
            beganNanos = nowNanos;
            LOG.warn(
                    "event=overload_began calls={} admitted_share={} admitted_known={}"
                            + " because=\"{}\"",
                    now.calls().live(),
                    "%.2f".formatted(after.admittedShare()),
                    "%.2f".formatted(after.admittedKnown()),
                    String.join("; ", after.because()));
        } else if (before.active() && !after.active()) {
            LOG.info(
                    "event=overload_ended calls={} after_s={} vitals=\"{}\"",
                    now.calls().live(),
                    Duration.ofNanos(nowNanos - beganNanos).toSeconds(),
                    now.vitals());
        }
    }
}

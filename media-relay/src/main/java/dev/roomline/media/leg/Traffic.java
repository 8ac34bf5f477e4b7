package dev.roomline.media.leg;

import dev.roomline.media.jitter.JitterReport;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a loop's legs have carried and how it was heard, since start; those that are gone included.
 * Written by the loop, read by any thread.
 */
public final class Traffic {
    private static final double SAMPLES_PER_SECOND = 1_000.0 * JitterReport.PER_MILLI;

    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder reportedLost = new LongAdder();
    private final LongAdder played = new LongAdder();
    private final LongAdder concealed = new LongAdder();
    private final LongAdder recovered = new LongAdder();

    void received() {
        received.increment();
    }

    void sent() {
        sent.increment();
    }

    /** A hearer tells by RTCP that so many more of what it was sent did not come. */
    void reportedLost(long packets) {
        reportedLost.add(packets);
    }

    /** So many more are missing of what went on as it came. */
    void lost(long packets) {
        lost.add(packets);
    }

    /** Adds what a jitter buffer has counted since the report before. */
    void heard(Counted before, Counted now) {
        lost.add(Math.max(0, now.lost() - before.lost()));
        late.add(Math.max(0, now.late() - before.late()));
        played.add(Math.max(0, now.played() - before.played()));
        concealed.add(Math.max(0, now.concealed() - before.concealed()));
        recovered.add(Math.max(0, now.recovered() - before.recovered()));
    }

    /** A jitter buffer's counts at one moment. */
    record Counted(long lost, long late, long played, long concealed, long recovered) {
        static final Counted NOTHING = new Counted(0, 0, 0, 0, 0);

        static Counted of(JitterReport report) {
            return new Counted(
                    report.lost(),
                    report.late(),
                    report.playedSamples(),
                    report.concealedSamples(),
                    report.recoveredSamples());
        }
    }

    /** RTP packets that were accepted. */
    public long packetsReceived() {
        return received.sum();
    }

    /** RTP packets that were sent, resent ones included. */
    public long packetsSent() {
        return sent.sum();
    }

    /**
     * Packets that had not come when their moment came, or that were missing where no jitter buffer
     * waits for them.
     */
    public long packetsLost() {
        return lost.sum();
    }

    /** Packets that came after their moment. */
    public long packetsLate() {
        return late.sum();
    }

    /** Packets of those sent whose hearers have told by RTCP that they did not come. */
    public long packetsReportedLost() {
        return reportedLost.sum();
    }

    /** Sound that was played out, made-up sound included. */
    public double playedSeconds() {
        return played.sum() / SAMPLES_PER_SECOND;
    }

    /** Sound of these that was made up for what was lost or late. */
    public double concealedSeconds() {
        return concealed.sum() / SAMPLES_PER_SECOND;
    }

    /** Sound that in-band FEC brought back. */
    public double recoveredSeconds() {
        return recovered.sum() / SAMPLES_PER_SECOND;
    }
}

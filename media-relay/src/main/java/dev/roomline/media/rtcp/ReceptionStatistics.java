package dev.roomline.media.rtcp;

import dev.roomline.media.rtp.Sequences;

/**
 * What RFC 3550 wants known of one received stream: validity (§A.1), loss (§A.3), jitter (§A.8) and
 * when its last SR came. Of one SSRC at a time. Owner: the media loop.
 */
public final class ReceptionStatistics {
    /** Packets in sequence before a source is believed (§A.1). */
    public static final int MIN_SEQUENTIAL = 2;

    private static final int MAX_DROPOUT = 3_000;
    private static final int MAX_MISORDER = 100;

    private int ssrc;
    private int clockRate;
    private boolean started;
    private int probation = MIN_SEQUENTIAL;
    private int maxSequence;
    private long cycles;
    private long baseExtended;
    private int badSequence = -1;
    private long received;
    private long octets;
    private long expectedPrior;
    private long receivedPrior;
    private boolean hasTransit;
    private int transit;
    private double jitter;
    private int lastSr;
    private long lastSrAtNanos;
    private final LossRuns runs = new LossRuns();

    /**
     * @param clockRate of the RTP timestamps in Hz
     */
    public ReceptionStatistics(int ssrc, int clockRate) {
        this.ssrc = ssrc;
        this.clockRate = clockRate;
    }

    /** Forgets everything but how losses come: another source is counted from now on. */
    public void follow(int newSsrc, int newClockRate) {
        ssrc = newSsrc;
        clockRate = newClockRate;
        started = false;
        probation = MIN_SEQUENTIAL;
        restart(0);
        octets = 0;
        jitter = 0;
        lastSr = 0;
        lastSrAtNanos = 0;
    }

    /** What became of a packet. */
    public enum Verdict {
        /** Counted. */
        VALID,
        /** The source is new: not enough packets in sequence yet. */
        PROBATION,
        /** Far from the sequence; a second one next to it makes the source start anew. */
        OUT_OF_SEQUENCE,
        /** The source started anew with this packet: caches of its sequence are void. */
        RESTARTED
    }

    public int ssrc() {
        return ssrc;
    }

    /** Of its timestamps, in Hz. */
    public int clockRate() {
        return clockRate;
    }

    /**
     * Counts a packet.
     *
     * @param timestamp of the RTP header
     */
    public Verdict onPacket(int sequence, int timestamp, int payloadOctets, long arrivalNanos) {
        Verdict verdict = count(sequence, payloadOctets);
        if (verdict == Verdict.VALID || verdict == Verdict.RESTARTED) {
            updateJitter(timestamp, arrivalNanos);
        }
        return verdict;
    }

    /**
     * Counts a packet whose timestamp is not when it was sent: all those of one telephone event
     * bear the event's beginning (RFC 4733 §2.5.1.2).
     */
    public Verdict onEvent(int sequence, int payloadOctets) {
        Verdict verdict = count(sequence, payloadOctets);
        // phones' clocks may slip by a key: the sound after it is not compared with that before
        hasTransit = false;
        return verdict;
    }

    private Verdict count(int sequence, int payloadOctets) {
        Verdict verdict = started ? update(sequence) : begin(sequence);
        if (verdict == Verdict.VALID || verdict == Verdict.RESTARTED) {
            received++;
            octets += payloadOctets;
            runs.onPacket(sequence);
        }
        return verdict;
    }

    private Verdict begin(int sequence) {
        if (probation == MIN_SEQUENTIAL || sequence != Sequences.next(maxSequence)) {
            probation = MIN_SEQUENTIAL - 1;
            maxSequence = sequence;
            return Verdict.PROBATION;
        }
        probation = 0;
        restart(sequence);
        // both packets of the probation count, or every call would begin with a loss
        baseExtended = sequence - 1L;
        runs.restart(sequence - 1 & 0xFFFF);
        received = 1;
        started = true;
        return Verdict.VALID;
    }

    private void restart(int sequence) {
        maxSequence = sequence;
        cycles = 0;
        baseExtended = sequence;
        badSequence = -1;
        received = 0;
        receivedPrior = 0;
        expectedPrior = 0;
        hasTransit = false;
    }

    private Verdict update(int sequence) {
        int ahead = (sequence - maxSequence) & 0xFFFF;
        if (ahead < MAX_DROPOUT) {
            if (sequence < maxSequence) {
                cycles += 1 << 16;
            }
            maxSequence = sequence;
        } else if (ahead <= 65_536 - MAX_MISORDER) {
            if (sequence != badSequence) {
                badSequence = Sequences.next(sequence);
                return Verdict.OUT_OF_SEQUENCE;
            }
            restart(sequence);
            runs.restart(sequence);
            return Verdict.RESTARTED;
        }
        return Verdict.VALID;
    }

    private void updateJitter(int timestamp, long arrivalNanos) {
        long arrival =
                arrivalNanos / 1_000_000_000L * clockRate
                        + arrivalNanos % 1_000_000_000L * clockRate / 1_000_000_000L;
        int now = (int) arrival - timestamp;
        if (hasTransit) {
            long difference = Math.abs((long) (now - transit));
            // a jump of more than a second is a new clock, not jitter
            if (difference < clockRate) {
                jitter += (difference - jitter) / 16;
            }
        }
        transit = now;
        hasTransit = true;
    }

    /** Notes the stream's SR, for LSR and DLSR. */
    public void onSenderReport(long ntp, long arrivalNanos) {
        lastSr = NtpTime.compact(ntp);
        lastSrAtNanos = arrivalNanos;
    }

    /** Adds this source's block to a report; the fraction lost is that since the block before. */
    public void writeBlock(RtcpWriter writer, long nowNanos) {
        writeBlock(writer, nowNanos, 0);
    }

    /**
     * The same, but tells of no less loss than a share: a sender adds redundancy to what it is told
     * here, also for those who hear it through us.
     *
     * @param leastLossShare 0 to 1
     */
    public void writeBlock(RtcpWriter writer, long nowNanos, double leastLossShare) {
        long delay = lastSr == 0 ? 0 : Math.max(0, NtpTime.compactSpan(nowNanos - lastSrAtNanos));
        writer.reportBlock(
                ssrc,
                Math.max(takeFractionLost(), (int) Math.min(255, leastLossShare * 256)),
                Math.clamp(lost(), -0x80_0000, 0x7F_FFFF),
                highestSequence(),
                jitter(),
                lastSr,
                delay);
    }

    private int takeFractionLost() {
        long expected = expected();
        long expectedInterval = expected - expectedPrior;
        long receivedInterval = received - receivedPrior;
        expectedPrior = expected;
        receivedPrior = received;
        long lostInterval = expectedInterval - receivedInterval;
        return expectedInterval <= 0 || lostInterval <= 0
                ? 0
                : (int) Math.min(255, (lostInterval << 8) / expectedInterval);
    }

    /** Whether it has passed probation. */
    public boolean isValid() {
        return started;
    }

    /** Packets received, duplicates and late ones included (§A.3). */
    public long received() {
        return received;
    }

    /** Payload octets received. */
    public long octets() {
        return octets;
    }

    public long expected() {
        return started ? highestSequence() - baseExtended + 1 : 0;
    }

    /** Expected less received; duplicates may make it negative. */
    public long lost() {
        return expected() - received;
    }

    /** Share lost since the start, 0 to 1. */
    public double lossShare() {
        long expected = expected();
        return expected <= 0 ? 0 : Math.max(0, (double) lost() / expected);
    }

    /**
     * How losses come (ITU-T G.107): 1 at random, more in runs; −1 while too few are known. Of all
     * sources since the start.
     */
    public double burstRatio() {
        return runs.burstRatio();
    }

    /** The extended highest sequence number. */
    public long highestSequence() {
        return cycles + maxSequence;
    }

    /** Interarrival jitter in units of the RTP clock (§6.4.1). */
    public long jitter() {
        return (long) jitter;
    }

    /** Interarrival jitter, −1 before the second packet. */
    public double jitterMillis() {
        return received < 2 ? -1 : jitter * 1_000 / clockRate;
    }
}

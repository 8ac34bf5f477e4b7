package dev.roomline.media.rtcp;

/**
 * One stream that we send, and what its receiver says of it: packets and octets for the SR, loss,
 * jitter and round trip from its report blocks (RFC 3550 §6.4.1). Owner: the media loop.
 */
public final class SendStatistics {
    /** Fewer copies tell nothing of how their receiver counts them. */
    private static final double LEAST_COPIED = 0.1;

    private final int ssrc;
    private int clockRate;
    private long packets;
    private long octets;
    private long resent;
    private long copied;
    private boolean reported;
    private long reports;
    private long reportedNtp;
    private long firstHighest;
    private long highest;
    private int cumulativeLost;
    private long lostCounted;
    private double recentLost;
    private long resentReported;
    private long copiedReported;

    /** Whether it counts what came twice once: seen where copies went, and kept in mind. */
    private boolean takesNoCount;

    /** Of what was sent again what the peer takes no count of. */
    private long uncounted;

    private long jitter;
    private double rttMillis = -1;

    public SendStatistics(int ssrc, int clockRate) {
        this.ssrc = ssrc;
        this.clockRate = clockRate;
    }

    public int ssrc() {
        return ssrc;
    }

    /** What its receiver tells of jitter is in this clock from now on, in Hz. */
    public void setClockRate(int hertz) {
        clockRate = hertz;
    }

    /**
     * @param payloadOctets without header and padding
     */
    public void onSent(int payloadOctets) {
        packets++;
        octets += payloadOctets;
    }

    /**
     * A packet went once more: most receivers count it as if it were another (RFC 3550 §A.3).
     *
     * @param asked whether its receiver had asked for it
     */
    public void onResent(boolean asked) {
        resent++;
        copied += asked ? 0 : 1;
    }

    /** Writes the sender report; blocks may follow. */
    public void writeReport(RtcpWriter writer, long ntp, int rtpTimestamp) {
        writer.senderReport(ssrc, ntp, rtpTimestamp, packets, octets);
    }

    /**
     * Takes a report block about this stream.
     *
     * @param nowNtp the NTP time of its arrival, by the clock that our SRs are written with
     * @return packets, resent ones included, that were not told lost before; whatever a peer tells,
     *     no more than were sent
     */
    public long onReportBlock(
            int blockFractionLost,
            int blockCumulativeLost,
            long highestSequence,
            long blockJitter,
            int lastSr,
            long delaySinceLastSr,
            long nowNtp) {
        reports++;
        boolean first = !reported;
        if (first) {
            firstHighest = highestSequence;
            reported = true;
        }
        recentLost = blockFractionLost / 256.0;
        long again = resent - resentReported;
        long unasked = copied - copiedReported;
        double packetsSince = first ? packets : highestSequence - highest;
        double lostSince = blockCumulativeLost - cumulativeLost;
        if (again > 0 && packetsSince > 0) {
            takesNoCount =
                    lostSince >= 0 && (takesNoCount || unasked > LEAST_COPIED * packetsSince);
            if (takesNoCount) {
                // where many went twice and the number did not fall, as Firefox counts: only what
                // came neither time is lost to it
                uncounted += again;
                recentLost = lostEachTime(lostSince / packetsSince, unasked / packetsSince);
            } else {
                // of all that were on the way since the block before, copies too, those that came
                recentLost = Math.clamp((lostSince + again) / (packetsSince + again), 0, 1);
            }
        }
        copiedReported = copied;
        resentReported = resent;
        reportedNtp = nowNtp;
        highest = highestSequence;
        cumulativeLost = blockCumulativeLost;
        jitter = blockJitter;
        if (lastSr != 0) {
            int span = NtpTime.compact(nowNtp) - lastSr - (int) delaySinceLastSr;
            // a peer that rounds its DLSR up on a fast network makes this slightly negative
            if (span > -655 && span < 60 * 65_536) {
                rttMillis = Math.max(0, span) * 1_000.0 / 65_536;
            }
        }
        // copies that the peer counts make the number fall again (RFC 3550 §6.4.1)
        long lost = Math.min(blockCumulativeLost, packets) + resent - uncounted;
        long newlyLost = Math.max(0, lost - lostCounted);
        lostCounted += newlyLost;
        return newlyLost;
    }

    /**
     * Of what share of all that was on its way nothing came, where of some packets both would have
     * had to be lost: share · (1 − copied) + share² · copied is what was missed.
     */
    private static double lostEachTime(double missed, double copiedShare) {
        double twice = Math.min(1, copiedShare);
        double once = 1 - twice;
        if (twice == 0) {
            return Math.min(1, missed);
        }
        return Math.min(1, (Math.sqrt(once * once + 4 * twice * missed) - once) / (2 * twice));
    }

    public long packets() {
        return packets;
    }

    public long octets() {
        return octets;
    }

    /** Whether its receiver has told anything. */
    public boolean isReported() {
        return reported;
    }

    /** How often it has. */
    public long reports() {
        return reports;
    }

    /** Loss since the block before, 0 to 1. */
    public double recentLossShare() {
        return recentLost;
    }

    /** The same; 0 if nothing was told for 10 s: then nobody hears it. */
    public double recentLossShare(long nowNtp) {
        boolean fresh = reported && (nowNtp >>> 32) - (reportedNtp >>> 32) < 10;
        return fresh ? recentLossShare() : 0;
    }

    /** Share lost since the start, 0 to 1, as the receiver tells. */
    public double lossShare() {
        long copies = resentReported - uncounted;
        long sent = Math.max(packets, highest - firstHighest) + copies;
        return sent <= 0 ? 0 : Math.clamp((double) (cumulativeLost + copies) / sent, 0, 1);
    }

    /** −1 while no report has come. */
    public double jitterMillis() {
        return reported ? jitter * 1_000.0 / clockRate : -1;
    }

    /** −1 while unknown. */
    public double rttMillis() {
        return rttMillis;
    }
}

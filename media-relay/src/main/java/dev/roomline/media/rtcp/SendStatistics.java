package dev.roomline.media.rtcp;

/**
 * One stream that we send, and what its receiver says of it: packets and octets for the SR, loss,
 * jitter and round trip from its report blocks (RFC 3550 §6.4.1). Owner: the media loop.
 */
public final class SendStatistics {
    private final int ssrc;
    private final int clockRate;
    private long packets;
    private long octets;
    private boolean reported;
    private long reportedNtp;
    private long firstHighest;
    private long highest;
    private int cumulativeLost;
    private long lostCounted;
    private int fractionLost;
    private long jitter;
    private double rttMillis = -1;

    public SendStatistics(int ssrc, int clockRate) {
        this.ssrc = ssrc;
        this.clockRate = clockRate;
    }

    public int ssrc() {
        return ssrc;
    }

    /**
     * @param payloadOctets without header and padding
     */
    public void onSent(int payloadOctets) {
        packets++;
        octets += payloadOctets;
    }

    /** Writes the sender report; blocks may follow. */
    public void writeReport(RtcpWriter writer, long ntp, int rtpTimestamp) {
        writer.senderReport(ssrc, ntp, rtpTimestamp, packets, octets);
    }

    /**
     * Takes a report block about this stream.
     *
     * @param nowNtp the NTP time of its arrival, by the clock that our SRs are written with
     * @return packets that were not told lost before; whatever a peer tells, no more than were sent
     */
    public long onReportBlock(
            int blockFractionLost,
            int blockCumulativeLost,
            long highestSequence,
            long blockJitter,
            int lastSr,
            long delaySinceLastSr,
            long nowNtp) {
        if (!reported) {
            firstHighest = highestSequence;
            reported = true;
        }
        reportedNtp = nowNtp;
        highest = highestSequence;
        fractionLost = blockFractionLost;
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
        long newlyLost = Math.max(0, Math.min(blockCumulativeLost, packets) - lostCounted);
        lostCounted += newlyLost;
        return newlyLost;
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

    /** The last block's fraction lost, 0 to 1: loss since the block before. */
    public double recentLossShare() {
        return fractionLost / 256.0;
    }

    /** The same; 0 if nothing was told for 10 s: then nobody hears it. */
    public double recentLossShare(long nowNtp) {
        boolean fresh = reported && (nowNtp >>> 32) - (reportedNtp >>> 32) < 10;
        return fresh ? recentLossShare() : 0;
    }

    /** Share lost since the start, 0 to 1, as the receiver tells. */
    public double lossShare() {
        long sent = Math.max(packets, highest - firstHighest);
        return sent <= 0 ? 0 : Math.clamp((double) cumulativeLost / sent, 0, 1);
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

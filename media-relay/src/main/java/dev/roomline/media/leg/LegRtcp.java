package dev.roomline.media.leg;

import dev.roomline.media.rtcp.ReceptionStatistics;
import dev.roomline.media.rtcp.RtcpMalformed;
import dev.roomline.media.rtcp.RtcpParser;
import dev.roomline.media.rtcp.RtcpSchedule;
import dev.roomline.media.rtcp.RtcpVisitor;
import dev.roomline.media.rtcp.RtcpWriter;
import dev.roomline.media.rtcp.SendStatistics;
import dev.roomline.media.rtp.RtpPacket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One leg's RTCP: reports of what we send and receive at the intervals of RFC 3550 §6.3, and what
 * the peer's reports say. Owner: the leg's media loop.
 */
final class LegRtcp implements RtcpVisitor {
    /** Header, payload and addresses of 50 packets a second of 64 kbit/s, the most that we send. */
    private static final double SESSION_KBPS = 80;

    /** One stream that we send, as reports need it. */
    interface Sent {
        SendStatistics statistics();

        /** The stream's RTP clock at {@code nowNanos}. */
        int clockAt(long nowNanos);
    }

    /** Hears the requests for lost packets. */
    @FunctionalInterface
    interface Nacks {
        void onNack(int ssrc, int sequence);
    }

    private Workbench bench;
    private final int ownSsrc;
    private final byte[] cname;
    private final Nacks nacks;
    private final RtcpSchedule schedule;
    private final List<Sent> sent = new ArrayList<>();

    private @Nullable ReceptionStatistics reception;

    /** Of SSRCs that the peer has left behind, and of what came before it started anew. */
    private long earlierExpected;

    private double listenersLoss;

    private long earlierReceived;
    private long earlierOctets;
    private final HandedOn handedOn = new HandedOn();
    private int receptionClockRate = 8_000;
    private long[] packetsReported = new long[0];
    private long nowNanos;

    /**
     * @param ownSsrc reports are ours under it while we send nothing
     */
    LegRtcp(Workbench bench, int ownSsrc, String cname, Nacks nacks, long nowNanos) {
        this.bench = bench;
        this.ownSsrc = ownSsrc;
        this.cname = cname.getBytes(StandardCharsets.US_ASCII);
        this.nacks = nacks;
        schedule = new RtcpSchedule(bench.random(), SESSION_KBPS, nowNanos);
    }

    /** It lives on another loop from here on. */
    void moveTo(Workbench other) {
        bench = other;
    }

    /** These are the streams that we send from now on. */
    void setSent(List<? extends Sent> streams) {
        sent.clear();
        sent.addAll(streams);
        packetsReported = new long[sent.size()];
    }

    void setReceptionClockRate(int clockRate) {
        receptionClockRate = clockRate;
    }

    /**
     * Counts one accepted RTP packet.
     *
     * @param event it carries a pressed key: its timestamp tells nothing of when it was sent
     * @param played a jitter buffer counts what it misses, too
     * @return what it is to its stream
     */
    ReceptionStatistics.Verdict onRtp(
            RtpPacket packet, boolean event, boolean played, long arrivalNanos) {
        ReceptionStatistics stream = streamOf(packet.ssrc());
        long expected = stream.expected();
        long received = stream.received();
        int octets = packet.payloadLength();
        ReceptionStatistics.Verdict verdict =
                event
                        ? stream.onEvent(packet.sequence(), octets)
                        : stream.onPacket(
                                packet.sequence(), packet.timestamp(), octets, arrivalNanos);
        if (verdict == ReceptionStatistics.Verdict.RESTARTED) {
            // its reports begin anew (RFC 3550 §A.1), the call's figures do not
            earlierExpected += expected;
            earlierReceived += received;
            expected = 0;
            received = 0;
        }
        if (!played) {
            handedOn.onPacket(stream.expected() - expected, stream.received() - received);
        }
        bench.traffic().received();
        return verdict;
    }

    /** A peer may change its SSRC with each packet, so nothing is made for it. */
    private ReceptionStatistics streamOf(int ssrc) {
        ReceptionStatistics stream = reception;
        if (stream == null) {
            stream = new ReceptionStatistics(ssrc, receptionClockRate);
            reception = stream;
        } else if (stream.ssrc() != ssrc || stream.clockRate() != receptionClockRate) {
            earlierExpected += stream.expected();
            earlierReceived += stream.received();
            earlierOctets += stream.octets();
            stream.follow(ssrc, receptionClockRate);
        }
        return stream;
    }

    /** Takes a compound of the peer's; whether it was one. */
    boolean onRtcp(byte[] bytes, int offset, int length, long arrivalNanos) {
        nowNanos = arrivalNanos;
        RtcpMalformed malformed = RtcpParser.parse(bytes, offset, length, this);
        if (malformed != null) {
            bench.drop(Drop.RTCP_MALFORMED);
            return false;
        }
        schedule.onReceived(length);
        return true;
    }

    @Override
    public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long packets, long octets) {
        if (reception != null && reception.ssrc() == ssrc) {
            reception.onSenderReport(ntp, nowNanos);
        }
    }

    @Override
    public void onReportBlock(
            int reporter,
            int source,
            int fractionLost,
            int cumulativeLost,
            long highestSequence,
            long jitter,
            int lastSr,
            long delaySinceLastSr) {
        for (Sent stream : sent) {
            if (stream.statistics().ssrc() == source) {
                bench.traffic()
                        .reportedLost(
                                stream.statistics()
                                        .onReportBlock(
                                                fractionLost,
                                                cumulativeLost,
                                                highestSequence,
                                                jitter,
                                                lastSr,
                                                delaySinceLastSr,
                                                bench.ntp(nowNanos)));
            }
        }
    }

    @Override
    public void onNack(int media, int sequence) {
        nacks.onNack(media, sequence);
    }

    /**
     * Writes a compound into the scratch memory if one is due.
     *
     * @return its octets, 0 if nothing is due
     */
    int reportIfDue(long now) {
        if (!schedule.isDue(now)) {
            return 0;
        }
        int octets = report(now, false);
        schedule.onSent(now, octets);
        return octets;
    }

    /** Writes the last compound, with BYE for every stream that was sent; returns its octets. */
    int goodbye(long now) {
        return report(now, true);
    }

    private int report(long now, boolean bye) {
        RtcpWriter writer = bench.rtcpWriter.start(bench.scratch, 0);
        boolean reported = false;
        for (int i = 0; i < sent.size(); i++) {
            Sent stream = sent.get(i);
            long packets = stream.statistics().packets();
            boolean silentSince = packets == packetsReported[i];
            if (packets == 0 || (silentSince && !bye)) {
                continue;
            }
            packetsReported[i] = packets;
            stream.statistics().writeReport(writer, bench.ntp(now), stream.clockAt(now));
            if (!reported) {
                writeReception(writer, now);
            }
            reported = true;
            writer.cname(stream.statistics().ssrc(), cname);
            if (bye) {
                writer.bye(stream.statistics().ssrc());
            }
        }
        if (!reported) {
            writer.receiverReport(ownSsrc);
            writeReception(writer, now);
            writer.cname(ownSsrc, cname);
            if (bye) {
                writer.bye(ownSsrc);
            }
        }
        return writer.end();
    }

    private void writeReception(RtcpWriter writer, long now) {
        if (reception != null && reception.isValid()) {
            reception.writeBlock(writer, now, listenersLoss);
        }
    }

    /** What those lose who hear the peer's packets through us, 0 to 1. */
    void listenersLose(double share) {
        listenersLoss = share;
    }

    /** What the peer lost lately of the stream that fares worst, 0 to 1. */
    double recentLossShare(long now) {
        double worst = 0;
        for (int i = 0; i < sent.size(); i++) {
            worst = Math.max(worst, sent.get(i).statistics().recentLossShare(bench.ntp(now)));
        }
        return worst;
    }

    /** Adds what was lost where nothing was played to the loop's {@link Traffic}. */
    void tally() {
        bench.traffic().lost(handedOn.takeLost());
    }

    /**
     * Share of all that was received that was missed where it was heard.
     *
     * @param concealedShare what was made up of what was played, 0 to 1
     */
    double missedShare(double concealedShare) {
        long expected = earlierExpected + (reception == null ? 0 : reception.expected());
        double played = Math.max(0, expected - handedOn.expected()) * concealedShare;
        return Math.min(1, (played + handedOn.lost()) / Math.max(1, expected));
    }

    /** Figures of what was received, of all its SSRCs. */
    LegStatus.Flow received() {
        ReceptionStatistics stream = reception;
        if (stream == null) {
            return LegStatus.Flow.NONE;
        }
        long expected = earlierExpected + stream.expected();
        long received = earlierReceived + stream.received();
        double loss = Math.max(0, (double) (expected - received) / Math.max(1, expected));
        return new LegStatus.Flow(
                received,
                earlierOctets + stream.octets(),
                expected == 0 ? -1 : loss,
                stream.jitterMillis(),
                stream.burstRatio(),
                -1);
    }

    /** Figures of all that was sent; of loss and jitter the worst stream's, as its hearer says. */
    LegStatus.Flow sent() {
        long packets = 0;
        long octets = 0;
        double loss = -1;
        double jitter = -1;
        for (Sent stream : sent) {
            SendStatistics statistics = stream.statistics();
            packets += statistics.packets();
            octets += statistics.octets();
            loss = Math.max(loss, statistics.isReported() ? statistics.lossShare() : -1);
            jitter = Math.max(jitter, statistics.jitterMillis());
        }
        return new LegStatus.Flow(packets, octets, loss, jitter, -1, -1);
    }

    /** −1 while unknown. */
    double rttMillis() {
        double rtt = -1;
        for (Sent stream : sent) {
            rtt = Math.max(rtt, stream.statistics().rttMillis());
        }
        return rtt;
    }
}

package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.rtcp.RtcpParser;
import dev.roomline.media.rtcp.RtcpVisitor;
import java.util.ArrayList;
import java.util.List;

/** What a compound of RTCP says. */
final class ReportsRead implements RtcpVisitor {
    record SenderReport(int ssrc, long ntp, int clock, long packets, long octets) {}

    record Block(
            int reporter,
            int source,
            int fractionLost,
            int cumulativeLost,
            long highest,
            long jitter,
            int lastSr,
            long delaySinceLastSr) {}

    final List<SenderReport> senders = new ArrayList<>();
    final List<Integer> receivers = new ArrayList<>();
    final List<Block> blocks = new ArrayList<>();
    final List<Integer> gone = new ArrayList<>();

    static ReportsRead of(byte[] compound) {
        ReportsRead read = new ReportsRead();
        assertThat(RtcpParser.parse(compound, 0, compound.length, read)).isNull();
        return read;
    }

    @Override
    public void onSenderReport(int ssrc, long ntp, int clock, long packets, long octets) {
        senders.add(new SenderReport(ssrc, ntp, clock, packets, octets));
    }

    @Override
    public void onReceiverReport(int ssrc) {
        receivers.add(ssrc);
    }

    @Override
    public void onReportBlock(
            int reporter,
            int source,
            int fractionLost,
            int cumulativeLost,
            long highest,
            long jitter,
            int lastSr,
            long delaySinceLastSr) {
        blocks.add(
                new Block(
                        reporter,
                        source,
                        fractionLost,
                        cumulativeLost,
                        highest,
                        jitter,
                        lastSr,
                        delaySinceLastSr));
    }

    @Override
    public void onBye(int ssrc) {
        gone.add(ssrc);
    }
}

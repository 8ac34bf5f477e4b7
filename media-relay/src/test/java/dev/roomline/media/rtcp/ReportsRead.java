package dev.roomline.media.rtcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** What a compound of RTCP says. */
public final class ReportsRead implements RtcpVisitor {
    public record SenderReport(int ssrc, long ntp, int clock, long packets, long octets) {}

    public record Block(
            int reporter,
            int source,
            int fractionLost,
            int cumulativeLost,
            long highest,
            long jitter,
            int lastSr,
            long delaySinceLastSr) {}

    /**
     * What stands in it, in order: {@code SR}, {@code RR}, {@code block}, {@code name}, {@code
     * BYE}.
     */
    public final List<String> order = new ArrayList<>();

    public final List<SenderReport> senders = new ArrayList<>();
    public final List<Integer> receivers = new ArrayList<>();
    public final List<Block> blocks = new ArrayList<>();
    public final List<String> names = new ArrayList<>();
    public final List<Integer> gone = new ArrayList<>();

    public static ReportsRead of(byte[] compound) {
        return of(compound, compound.length);
    }

    static ReportsRead of(byte[] compound, int length) {
        ReportsRead read = new ReportsRead();
        assertThat(RtcpParser.parse(compound, 0, length, read)).isNull();
        return read;
    }

    @Override
    public void onSenderReport(int ssrc, long ntp, int clock, long packets, long octets) {
        order.add("SR");
        senders.add(new SenderReport(ssrc, ntp, clock, packets, octets));
    }

    @Override
    public void onReceiverReport(int ssrc) {
        order.add("RR");
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
        order.add("block");
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
    public void onCname(int ssrc, byte[] data, int offset, int length) {
        order.add("name");
        names.add(new String(data, offset, length, US_ASCII));
    }

    @Override
    public void onBye(int ssrc) {
        order.add("BYE");
        gone.add(ssrc);
    }
}

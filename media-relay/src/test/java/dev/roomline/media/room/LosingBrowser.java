package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.leg.BrowserPath;
import dev.roomline.media.rtcp.RtcpWriter;
import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.sdp.AgreedBrowser;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;

/**
 * A browser of a room in virtual time that hears by a slot, loses some of what it is sent, says
 * that it asks for it and never does, and counts no copies: as Firefox is.
 */
final class LosingBrowser implements BrowserPath {
    private static final int SSRC = 5;
    private static final int REPORT_MILLIS = 3_000;

    private final VirtualRoom at;
    private final BrowserLeg leg;
    private final Random random = new Random(11);
    private final BitSet came = new BitSet();
    private int first = -1;
    private int highest;
    private int reported = -1;
    private int cameReported;

    /** Of each packet, 0 to 1. */
    double lossShare;

    /** Packets that it was sent once more. */
    int copies;

    LosingBrowser(int id, VirtualRoom at) {
        this.at = at;
        leg = new BrowserLeg(id, at.bench, at.room, false, "name", at.nowNanos());
        leg.attach(this);
        Map<Integer, AudioCodec> codecs =
                Map.of(AgreedBrowser.OPUS, AudioCodec.OPUS, 0, AudioCodec.PCMU);
        leg.agreed(AgreedBrowser.hearing(SSRC, AgreedBrowser.line(codecs, -1), false));
        at.room.add(leg);
        at.everybody.add(this::passMilli);
    }

    /** Packets that it was sent. */
    int expected() {
        return first < 0 ? 0 : highest - first + 1;
    }

    /** Packets that it was sent and that came neither time. */
    int missing() {
        return expected() - came.cardinality();
    }

    private void passMilli() {
        if (at.nowMillis() % REPORT_MILLIS != 0 || first < 0) {
            return;
        }
        int expected = highest - Math.max(reported, first - 1);
        int lost = expected - (came.cardinality() - cameReported);
        reported = highest;
        cameReported = came.cardinality();
        byte[] report = new byte[200];
        RtcpWriter writer =
                new RtcpWriter()
                        .start(report, 0)
                        .receiverReport(9)
                        .reportBlock(
                                SSRC,
                                Math.min(255, 256 * lost / Math.max(1, expected)),
                                missing(),
                                highest,
                                0,
                                0,
                                0)
                        .cname(9, new byte[] {'a'});
        leg.onRtcp(report, 0, writer.end(), at.nowNanos());
    }

    private void arrives(byte[] bytes, int offset, int length) {
        RtpPacket view = new RtpPacket();
        if (view.wrap(bytes, offset, length) != null) {
            throw new IllegalStateException("no RTP packet");
        }
        int sequence = view.sequence();
        first = first < 0 ? sequence : first;
        highest = Math.max(highest, sequence);
        if (random.nextDouble() >= lossShare) {
            came.set(sequence);
        }
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public int sendRtp(byte[] bytes, int length) {
        arrives(bytes, 0, length);
        return length;
    }

    @Override
    public void resend(byte[] sealed, int offset, int length) {
        copies++;
        arrives(sealed, offset, length);
    }

    @Override
    public void sendRtcp(byte[] bytes, int length) {}

    @Override
    public void maintain(long nowNanos) {}

    @Override
    public void close() {}
}

package dev.roomline.media.leg;

import dev.roomline.media.rtcp.SendStatistics;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.BrowserMedia;
import java.nio.charset.StandardCharsets;

/** One slot's outgoing stream: SSRC, MID and clock as its browser knows them. Owner: the loop. */
final class SlotStream implements LegRtcp.Sent {
    private BrowserMedia.Downlink line;
    private final byte[] mid;
    private final int origin;
    private final SendStatistics statistics;
    private final SentPackets sentPackets = new SentPackets();

    /**
     * @param origin random: added to every timestamp (RFC 3550 §5.1)
     */
    SlotStream(BrowserMedia.Downlink line, int origin) {
        this.line = line;
        this.origin = origin;
        mid = line.mid().getBytes(StandardCharsets.US_ASCII);
        statistics = new SendStatistics(line.ssrc(), MediaClock.TICKS_PER_SECOND);
    }

    BrowserMedia.Downlink line() {
        return line;
    }

    /** The same stream as a later description has it. */
    void setLine(BrowserMedia.Downlink next) {
        line = next;
    }

    /** What it has sent lately. */
    SentPackets sentPackets() {
        return sentPackets;
    }

    @Override
    public SendStatistics statistics() {
        return statistics;
    }

    @Override
    public int clockAt(long nowNanos) {
        return (int) MediaClock.ticks(nowNanos) + origin;
    }

    /**
     * Writes a packet into {@code scratch}; returns its octets.
     *
     * @param timestamp in ticks of {@link MediaClock}
     * @param source who speaks
     */
    int write(
            RtpWriter writer,
            byte[] scratch,
            boolean marker,
            int sequence,
            int timestamp,
            int source,
            int levelDbov,
            byte[] payload,
            int offset,
            int length) {
        BrowserMedia.HeaderExtensions ids = line.line().extensions();
        writer.start(
                scratch,
                0,
                marker,
                line.line().opusPayloadType(),
                sequence,
                timestamp + origin,
                line.ssrc());
        writer.csrc(source);
        if (ids.audioLevel() > 0) {
            writer.audioLevel(ids.audioLevel(), levelDbov > -127, levelDbov);
        }
        if (ids.mid() > 0) {
            writer.mid(ids.mid(), mid);
        }
        int at = writer.end();
        System.arraycopy(payload, offset, scratch, at, length);
        statistics.onSent(length);
        return at + length;
    }
}

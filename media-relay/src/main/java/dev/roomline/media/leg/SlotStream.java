package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.rtcp.SendStatistics;
import dev.roomline.media.rtp.RtpWriter;
import dev.roomline.media.sdp.BrowserMedia;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/** One slot's outgoing stream: SSRC, MID and clock as its browser knows them. Owner: the loop. */
final class SlotStream implements LegRtcp.Sent {
    private BrowserMedia.Downlink line;
    private final byte[] mid;
    private final int origin;
    private final SendStatistics statistics;
    private final SentPackets sentPackets = new SentPackets();

    /** Of the codecs that its browser plays. */
    private final Map<AudioCodec, Integer> payloadTypes = new EnumMap<>(AudioCodec.class);

    private AudioCodec codec = AudioCodec.OPUS;

    /**
     * @param origin random: added to every timestamp (RFC 3550 §5.1)
     */
    SlotStream(BrowserMedia.Downlink line, int origin) {
        this.line = line;
        this.origin = origin;
        learnTypes();
        mid = line.mid().getBytes(StandardCharsets.US_ASCII);
        statistics = new SendStatistics(line.ssrc(), MediaClock.TICKS_PER_SECOND);
    }

    BrowserMedia.Downlink line() {
        return line;
    }

    /** The same stream as a later description has it. */
    void setLine(BrowserMedia.Downlink next) {
        line = next;
        learnTypes();
    }

    private void learnTypes() {
        payloadTypes.clear();
        line.line().codecs().forEach((type, known) -> payloadTypes.put(known, type));
    }

    /** Whether its browser plays a codec on this line. */
    boolean plays(AudioCodec other) {
        return payloadTypes.containsKey(other);
    }

    /** What it carried last. */
    AudioCodec codec() {
        return codec;
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
        return inClock(MediaClock.ticks(nowNanos)) + origin;
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
            long timestamp,
            int source,
            SoundPacket sound) {
        use(sound.codec());
        BrowserMedia.HeaderExtensions ids = line.line().extensions();
        writer.start(
                scratch,
                0,
                marker,
                payloadTypes.getOrDefault(codec, line.line().opusPayloadType()),
                sequence,
                inClock(timestamp) + origin,
                line.ssrc());
        writer.csrc(source);
        if (ids.audioLevel() > 0) {
            writer.audioLevel(ids.audioLevel(), sound.levelDbov() > -127, sound.levelDbov());
        }
        if (ids.mid() > 0) {
            writer.mid(ids.mid(), mid);
        }
        int at = writer.end();
        System.arraycopy(sound.octets(), sound.offset(), scratch, at, sound.length());
        statistics.onSent(sound.length());
        return at + sound.length();
    }

    private void use(AudioCodec next) {
        if (codec != next) {
            codec = next;
            statistics.setClockRate(next.clockRate());
        }
    }

    /** One SSRC, and the clock of the codec that it carries now (RFC 3550 §5.1). */
    private int inClock(long mediaTicks) {
        return (int) Math.floorDiv(mediaTicks, MediaClock.TICKS_PER_SECOND / codec.clockRate());
    }
}

package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.rtcp.SendStatistics;
import dev.roomline.media.sdp.BrowserMedia;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The stream of a browser's single line: a mix in the first codec that both know. */
final class MixStream implements LegRtcp.Sent {
    private final BrowserMedia.Downlink line;
    private final Packetizer packets;

    private final OpusWishes wishes;

    private MixStream(BrowserMedia.Downlink line, Packetizer packets) {
        this.line = line;
        wishes = line.line().opus().wishes();
        this.packets = packets;
    }

    /** Null if the line has no codec of ours. */
    static @Nullable MixStream of(
            BrowserMedia.Downlink line, RandomGenerator random, int ptimeMillis) {
        int opus = line.line().opusPayloadType();
        if (opus >= 0) {
            return open(line, AudioCodec.OPUS, opus, random, ptimeMillis);
        }
        for (Map.Entry<Integer, AudioCodec> each : line.line().codecs().entrySet()) {
            return open(line, each.getValue(), each.getKey(), random, ptimeMillis);
        }
        return null;
    }

    private static MixStream open(
            BrowserMedia.Downlink line,
            AudioCodec codec,
            int payloadType,
            RandomGenerator random,
            int ptimeMillis) {
        Packetizer packets = new Packetizer(codec, line.ssrc(), random);
        packets.configure(payloadType, ptimeMillis);
        return new MixStream(line, packets);
    }

    BrowserMedia.Downlink line() {
        return line;
    }

    Packetizer packets() {
        return packets;
    }

    OpusWishes wishes() {
        return wishes;
    }

    AudioCodec codec() {
        return packets.codec();
    }

    /** 20 ms of silence in its codec. */
    byte[] silence() {
        return Silence.of(codec());
    }

    @Override
    public SendStatistics statistics() {
        return packets.statistics();
    }

    @Override
    public int clockAt(long nowNanos) {
        return packets.timestamp();
    }
}

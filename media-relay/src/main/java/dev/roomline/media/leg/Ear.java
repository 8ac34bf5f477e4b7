package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.dsp.GainRamp;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.jitter.Insertion;
import dev.roomline.media.jitter.JitterBuffer;
import dev.roomline.media.jitter.JitterReport;
import dev.roomline.media.jitter.Playout;
import dev.roomline.media.rtp.RtpPacket;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one participant is heard: jitter buffer, decoder, gain and level; 20 ms at 16 kHz at a time.
 * Owner: the leg's media loop.
 */
public final class Ear implements AutoCloseable {
    /** Samples of a frame. */
    public static final int FRAME_SAMPLES = JitterBuffer.FRAME_SAMPLES;

    private final Workbench bench;
    private final short[] frame = new short[FRAME_SAMPLES];
    private final GainRamp gain = new GainRamp(1);

    private @Nullable AudioCodec codec;

    /** One of each codec that came in: which of them a packet is of is the peer's to choose. */
    private final Map<AudioCodec, AudioDecoder> decoders = new EnumMap<>(AudioCodec.class);

    private @Nullable JitterBuffer jitter;
    private Playout playout = Playout.SILENCE;
    private int levelDbov = Level.SILENCE;
    private boolean open;
    private Traffic.Counted counted = Traffic.Counted.NOTHING;

    Ear(Workbench bench) {
        this.bench = bench;
    }

    /** The codec of what comes in changed, or is known for the first time. */
    void listen(AudioCodec next) {
        if (next == codec) {
            return;
        }
        AudioDecoder decoder = decoders.get(next);
        if (decoder == null) {
            decoder = bench.codecs().openDecoder(next);
            decoders.put(next, decoder);
        }
        if (jitter == null) {
            jitter = new JitterBuffer(next, decoder);
        } else {
            jitter.switchCodec(next, decoder);
        }
        codec = next;
    }

    /** The decoder of what comes in; null before anything was agreed. */
    @Nullable AudioDecoder decoder() {
        return codec == null ? null : decoders.get(codec);
    }

    /** What comes in; null before anything was agreed. */
    @Nullable AudioCodec codec() {
        return codec;
    }

    /**
     * Whether anybody would hear it. While nobody does nothing is buffered, and it begins afresh
     * afterwards.
     */
    public void setOpen(boolean heard) {
        if (heard && !open && jitter != null) {
            jitter.reset();
        }
        open = heard;
    }

    /** Whether anybody would hear it. */
    public boolean isOpen() {
        return open;
    }

    /** Whether a mute has faded it out wholly. */
    boolean fadedOut() {
        return gain.isMuted();
    }

    /** 1 leaves it as it is; the next frame moves there. */
    void setGain(double factor) {
        gain.set(factor);
    }

    void insert(RtpPacket packet, long nowNanos) {
        if (jitter == null || !open) {
            bench.drop(Drop.RTP_UNHEARD);
            return;
        }
        insert(
                packet.ssrc(),
                packet.sequence(),
                packet.timestamp(),
                packet.marker(),
                packet.buffer(),
                packet.payloadOffset(),
                packet.payloadLength(),
                nowNanos);
    }

    void insert(
            int ssrc,
            int sequence,
            int timestamp,
            boolean marker,
            byte[] payload,
            int offset,
            int length,
            long nowNanos) {
        if (jitter == null) {
            return;
        }
        Insertion insertion =
                jitter.insert(ssrc, sequence, timestamp, marker, payload, offset, length, nowNanos);
        if (insertion != Insertion.ACCEPTED) {
            bench.drop(Drop.RTP_UNPLAYABLE);
        }
    }

    void insertComfortNoise(RtpPacket packet, long nowNanos) {
        insertComfortNoise(
                packet.ssrc(),
                packet.sequence(),
                packet.timestamp(),
                packet.buffer(),
                packet.payloadOffset(),
                packet.payloadLength(),
                nowNanos);
    }

    void insertComfortNoise(
            int ssrc,
            int sequence,
            int timestamp,
            byte[] payload,
            int offset,
            int length,
            long nowNanos) {
        if (jitter != null && open) {
            jitter.insertComfortNoise(ssrc, sequence, timestamp, payload, offset, length, nowNanos);
        }
    }

    /** A telephone event took this sequence number: no sound was lost there. */
    void noteOther(int ssrc, int sequence) {
        if (jitter != null && open) {
            jitter.noteOther(ssrc, sequence);
        }
    }

    /**
     * Makes the next 20 ms.
     *
     * @param suppressed they are replaced by silence, as while a key is pressed
     * @return whether there is anything to hear in them
     */
    public boolean pull(long nowNanos, boolean suppressed) {
        playout = jitter == null ? Playout.SILENCE : jitter.pull(nowNanos, frame);
        if (playout == Playout.SILENCE || suppressed || gain.isMuted()) {
            Arrays.fill(frame, (short) 0);
            gain.apply(frame, 0, FRAME_SAMPLES);
            levelDbov = Level.SILENCE;
            return false;
        }
        gain.apply(frame, 0, FRAME_SAMPLES);
        levelDbov = Level.dbov(frame, 0, FRAME_SAMPLES);
        return levelDbov > Level.SILENCE;
    }

    /** The last 20 ms pulled. */
    public short[] frame() {
        return frame;
    }

    /** What the last frame is made of. */
    public Playout playout() {
        return playout;
    }

    /** The last frame's level, −127 to 0. */
    public int levelDbov() {
        return levelDbov;
    }

    /** Nothing was heard of it this tick. */
    public void hush() {
        levelDbov = Level.SILENCE;
    }

    int delayMillis() {
        return jitter == null ? 0 : jitter.delayMillis();
    }

    @Nullable JitterReport report() {
        return jitter == null ? null : jitter.report();
    }

    /**
     * Adds what was lost, late and made up since the last time to the loop's {@link Traffic}; about
     * once a second.
     *
     * @return what the jitter buffer adds now, in milliseconds; −1 while nothing is buffered
     */
    public int tally() {
        JitterReport report = report();
        if (report == null) {
            return -1;
        }
        Traffic.Counted now = Traffic.Counted.of(report);
        bench.traffic().heard(counted, now);
        counted = now;
        return open ? report.delayMillis() : -1;
    }

    @Override
    public void close() {
        tally();
        decoders.values().forEach(AudioDecoder::close);
        decoders.clear();
        jitter = null;
    }
}

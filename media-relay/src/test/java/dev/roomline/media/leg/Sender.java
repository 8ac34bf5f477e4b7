package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Halver;
import dev.roomline.media.dsp.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;

/** A phone and the network between it and us, in virtual time: what it says becomes a trace. */
final class Sender {
    static final long MILLI = 1_000_000L;

    private static final double DTX_DBOV = -55;

    final Random random;
    AudioCodec codec = AudioCodec.PCMU;
    OpusSettings opus = new OpusSettings(16_000, 5, 24_000, true, 15, false);
    int firstSequence = 65_300;
    int firstTimestamp = -200_000;
    int ssrc = 0x1234_5678;

    /** Packet time by the moment of sending. */
    LongUnaryOperator ptimeMillis = sent -> 20;

    /** Its clock runs so much too slow (positive: its packets come ever later). */
    double driftPpm;

    /** Silence is not sent; with {@link #comfortNoise} a packet of it begins each pause. */
    boolean dtx;

    boolean comfortNoise;
    boolean markers = true;

    /** How long a packet takes, by the moment of sending; negative: it is lost. */
    LongUnaryOperator delayNanos = sent -> 5 * MILLI;

    double loss;

    /** Losses come in runs of this mean length. */
    double lossRun = 1;

    double duplication;

    /** Nothing overtakes: what was held up arrives at once. */
    boolean fifo;

    /** From this moment on another stream goes on: new SSRC, sequence and timestamps. */
    long newStreamAtNanos = Long.MAX_VALUE;

    /** From this moment on timestamps are shifted, the sequence goes on. */
    long timestampJumpAtNanos = Long.MAX_VALUE;

    int timestampJumpTicks;

    private boolean losing;

    Sender(long seed) {
        random = new Random(seed);
    }

    private record Frame(int sequence, int timestamp, boolean marker, Trace.Kind kind) {}

    /** Says it all. */
    Trace say(short[] pcm) {
        List<Trace.Packet> packets = new ArrayList<>();
        Halver halver = new Halver();
        int sequence = firstSequence;
        long ticks = 0;
        double sentNanos = 0;
        long lastArrival = 0;
        boolean paused = false;
        int quiet = 0;
        try (AudioEncoder encoder = open()) {
            int at = 0;
            while (true) {
                long sent = (long) sentNanos;
                int millis = (int) ptimeMillis.applyAsLong(sent);
                int samples = 16 * millis;
                if (at + samples > pcm.length) {
                    break;
                }
                byte[] payload = encode(encoder, halver, pcm, at, samples);
                int level = Level.dbov(pcm, at, samples);
                quiet = level < DTX_DBOV ? quiet + 1 : 0;
                boolean silent =
                        codec == AudioCodec.OPUS
                                ? opus.dtx() && payload.length <= 2
                                : dtx && quiet > 2;
                boolean restarted = sent >= newStreamAtNanos;
                int timestamp = firstTimestamp + (int) ticks;
                timestamp += sent >= timestampJumpAtNanos ? timestampJumpTicks : 0;
                timestamp += restarted ? 987_654_321 : 0;
                boolean noise = silent && !paused && comfortNoise && codec != AudioCodec.OPUS;
                boolean first = silent && !paused && codec == AudioCodec.OPUS;
                sentNanos += millis * MILLI * (1 + driftPpm / 1e6);
                if (!silent || noise || first) {
                    long delay = delayNanos.applyAsLong(sent);
                    long arrival = (long) sentNanos + delay;
                    if (fifo && delay >= 0) {
                        arrival = Math.max(arrival, lastArrival);
                        lastArrival = arrival;
                    }
                    Frame frame =
                            new Frame(
                                    (sequence + (restarted ? 30_000 : 0)) & 0xFFFF,
                                    timestamp,
                                    markers && paused && !silent,
                                    noise ? Trace.Kind.COMFORT_NOISE : Trace.Kind.SPEECH);
                    byte[] carried = noise ? new byte[] {(byte) -level} : payload;
                    if (delay >= 0 && !isLost()) {
                        put(packets, arrival, restarted ? ~ssrc : ssrc, frame, carried);
                    }
                    sequence++;
                }
                paused = silent;
                ticks += (long) millis * codec.clockRate() / 1_000;
                at += samples;
            }
        }
        packets.sort(Comparator.comparingLong(Trace.Packet::arrivalNanos));
        return new Trace(codec, packets, pcm);
    }

    private void put(
            List<Trace.Packet> packets, long arrival, int source, Frame frame, byte[] payload) {
        Trace.Packet packet =
                new Trace.Packet(
                        arrival,
                        source,
                        frame.sequence(),
                        frame.timestamp(),
                        frame.marker(),
                        frame.kind(),
                        payload);
        packets.add(packet);
        if (random.nextDouble() < duplication) {
            packets.add(packet);
        }
    }

    private boolean isLost() {
        if (loss <= 0) {
            return false;
        }
        double leave = 1 / lossRun;
        double enter = loss * leave / (1 - loss);
        losing = losing ? random.nextDouble() >= leave : random.nextDouble() < enter;
        return losing;
    }

    private AudioEncoder open() {
        Codecs codecs = Codecs.load();
        return switch (codec) {
            case OPUS -> codecs.openOpusEncoder(opus);
            case G722 -> codecs.openG722Encoder();
            case PCMU, PCMA -> codecs.openG711Encoder(codec);
        };
    }

    private static byte[] encode(
            AudioEncoder encoder, Halver halver, short[] pcm, int at, int samples) {
        if (encoder.sampleRate() == 16_000) {
            byte[] octets = new byte[1_500];
            int length = encoder.encode(pcm, at, samples, octets, 0);
            return java.util.Arrays.copyOf(octets, length);
        }
        short[] narrow = new short[samples / 2];
        halver.process(pcm, at, samples, narrow, 0);
        byte[] octets = new byte[samples / 2];
        encoder.encode(narrow, 0, narrow.length, octets, 0);
        return octets;
    }
}

package dev.roomline.bench.stage;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Coders and decoders, 20 ms at a time. JMH makes it on the thread that it then measures. */
@State(Scope.Thread)
public class CodecStages {
    private static final int FRAMES = 50;
    private static final int BITS_PER_SECOND = 24_000;

    private final short[] narrow = Sounds.voiced(FRAMES * 160, 8_000);
    private final short[] wide = Sounds.voiced(FRAMES * 320, 16_000);
    private final short[] full = Sounds.voiced(FRAMES * 960, 48_000);
    private final byte[] octets = new byte[1_500];
    private final short[] samples = new short[5_760];
    private final byte[][] opus = new byte[FRAMES][];
    private final byte[][] g722 = new byte[FRAMES][];
    private final Codecs codecs = Codecs.load();
    private final AudioEncoder g711Encoder = codecs.openG711Encoder(AudioCodec.PCMU);
    private final AudioDecoder g711Decoder = codecs.openDecoder(AudioCodec.PCMU);
    private final AudioEncoder g722Encoder = codecs.openG722Encoder();
    private final AudioDecoder g722Decoder = codecs.openDecoder(AudioCodec.G722);
    private final AudioDecoder opusDecoder = codecs.openDecoder(AudioCodec.OPUS);
    private final OpusEncoder opus16 = opus(codecs, 16_000, 5);
    private final OpusEncoder opus16Telephone = opus(codecs, 16_000, 5);
    private final OpusEncoder opus8 = opus(codecs, 8_000, 5);
    private final OpusEncoder opus16Complex = opus(codecs, 16_000, 10);
    private final OpusEncoder opus48Complex = opus(codecs, 48_000, 10);
    private int frame;

    /** Makes what is decoded. */
    @Setup
    public void encode() {
        opus16Telephone.setPlaybackRate(8_000);
        for (int i = 0; i < FRAMES; i++) {
            opus[i] = encoded(opus16, i);
            g722[i] = encoded(g722Encoder, i);
        }
    }

    private static OpusEncoder opus(Codecs codecs, int rateHz, int complexity) {
        return codecs.openOpusEncoder(
                new OpusSettings(rateHz, complexity, BITS_PER_SECOND, false, 0, false));
    }

    private byte[] encoded(AudioEncoder encoder, int at) {
        int length = encoder.encode(wide, at * 320, 320, octets, 0);
        return Arrays.copyOf(octets, length);
    }

    private int next() {
        frame = frame + 1 == FRAMES ? 0 : frame + 1;
        return frame;
    }

    /** PCMU from 8 kHz. */
    @Benchmark
    public int g711Encode() {
        return g711Encoder.encode(narrow, next() * 160, 160, octets, 0);
    }

    /** PCMU to 8 kHz. */
    @Benchmark
    public int g711Decode() {
        return g711Decoder.decode(octets, 0, 160, samples, 0);
    }

    /** G.722 from 16 kHz. */
    @Benchmark
    public int g722Encode() {
        return g722Encoder.encode(wide, next() * 320, 320, octets, 0);
    }

    /** G.722 to 16 kHz. */
    @Benchmark
    public int g722Decode() {
        byte[] payload = g722[next()];
        return g722Decoder.decode(payload, 0, payload.length, samples, 0);
    }

    /** Opus to 16 kHz through the foreign function interface. */
    @Benchmark
    public int opusDecodeTo16kHz() {
        byte[] payload = opus[next()];
        return opusDecoder.decode(payload, 0, payload.length, samples, 0);
    }

    /** Opus from 16 kHz as phones and browsers are sent it. */
    @Benchmark
    public int opusEncode16kHzComplexity5() {
        return opus16.encode(wide, next() * 320, 320, octets, 0);
    }

    /** Opus from 16 kHz of a telephone's sound. */
    @Benchmark
    public int opusEncode16kHzComplexity5Telephone() {
        return opus16Telephone.encode(wide, next() * 320, 320, octets, 0);
    }

    /** Opus from 8 kHz. */
    @Benchmark
    public int opusEncode8kHzComplexity5() {
        return opus8.encode(narrow, next() * 160, 160, octets, 0);
    }

    /** Opus from 16 kHz with all effort. */
    @Benchmark
    public int opusEncode16kHzComplexity10() {
        return opus16Complex.encode(wide, next() * 320, 320, octets, 0);
    }

    /** Opus from 48 kHz with all effort, as rtpengine codes it. */
    @Benchmark
    public int opusEncode48kHzComplexity10() {
        return opus48Complex.encode(full, next() * 960, 960, octets, 0);
    }

    /** Closes everything. */
    @TearDown
    public void close() {
        g711Encoder.close();
        g711Decoder.close();
        g722Encoder.close();
        g722Decoder.close();
        opusDecoder.close();
        opus8.close();
        opus16.close();
        opus16Telephone.close();
        opus16Complex.close();
        opus48Complex.close();
    }
}

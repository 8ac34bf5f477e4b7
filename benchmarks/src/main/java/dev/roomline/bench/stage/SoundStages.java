package dev.roomline.bench.stage;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dsp.Mix;
import dev.roomline.media.dsp.Resampler;
import dev.roomline.media.dsp.SoftLimiter;
import dev.roomline.media.jitter.Insertion;
import dev.roomline.media.jitter.JitterBuffer;
import dev.roomline.media.jitter.Playout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** What is done to sound between coders, 20 ms at a time. */
@State(Scope.Thread)
public class SoundStages {
    private static final long FRAME_NANOS = 20_000_000L;
    private static final int NARROW = Resampler.NARROW;
    private static final int WIDE = Resampler.WIDE;

    private final Resampler resampler = new Resampler();
    private final short[] voice = Sounds.voiced(WIDE, 16_000);
    private final int[] narrow = new int[Resampler.NARROW_MEMORY + NARROW];
    private final int[] wide = new int[Resampler.WIDE_MEMORY + WIDE];
    private final int[] halved = new int[NARROW];
    private final int[] doubled = new int[WIDE];
    private final int[] sum = new int[WIDE];
    private final int[] without = new int[WIDE];
    private final short[] out = new short[WIDE];
    private final byte[] payload = new byte[160];
    private final AudioDecoder decoder = Codecs.load().openDecoder(AudioCodec.PCMU);
    private final JitterBuffer buffer = new JitterBuffer(AudioCodec.PCMU, decoder);
    private long nowNanos = 1_000_000_000L;
    private int sequence;

    /** Fills what is worked on. */
    @Setup
    public void fill() {
        for (int i = 0; i < WIDE; i++) {
            wide[Resampler.WIDE_MEMORY + i] = voice[i];
        }
        for (int i = 0; i < NARROW; i++) {
            narrow[Resampler.NARROW_MEMORY + i] = voice[i];
        }
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (0xff - (i & 0x3f));
        }
    }

    /** 16 to 8 kHz. */
    @Benchmark
    public int[] halfBandDown() {
        resampler.addHalved(wide, halved);
        return halved;
    }

    /** 8 to 16 kHz. */
    @Benchmark
    public int[] halfBandUp() {
        resampler.addDoubled(narrow, doubled);
        return doubled;
    }

    /** Three voices summed, one taken away again, limited, at 16 kHz. */
    @Benchmark
    public short[] mixOfThree() {
        Mix.clear(sum, WIDE);
        for (int i = 0; i < 3; i++) {
            Mix.add(sum, voice, 0, WIDE);
        }
        Mix.minus(sum, voice, 0, WIDE, without);
        SoftLimiter.limit(without, WIDE, out, 0);
        return out;
    }

    /** The level of a frame at 16 kHz. */
    @Benchmark
    public int level() {
        return Level.dbov(voice, 0, WIDE);
    }

    /** A packet of PCMU into the jitter buffer and its 20 ms out of it, decoded. */
    @Benchmark
    public void jitterBufferPutAndGet(Blackhole hole) {
        Insertion inserted =
                buffer.insert(
                        7,
                        sequence & 0xffff,
                        sequence * 160,
                        false,
                        payload,
                        0,
                        payload.length,
                        nowNanos);
        nowNanos += FRAME_NANOS / 2;
        Playout played = buffer.pull(nowNanos, out);
        nowNanos += FRAME_NANOS / 2;
        sequence++;
        hole.consume(inserted);
        hole.consume(played);
    }

    /** Closes everything. */
    @TearDown
    public void close() {
        decoder.close();
    }
}

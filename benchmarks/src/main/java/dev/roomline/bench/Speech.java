package dev.roomline.bench;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.G711;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Real speech, made by espeak-ng when it is needed: several voices, a pause between sentences as
 * people leave it. Codecs cost and conceal otherwise with tones or noise than with what they are
 * made for.
 */
final class Speech {
    private static final int FRAMES_PER_SECOND = 50;
    private static final String TEXT =
            "Good morning, this is the weekly call about the new building. I would like to begin with"
                    + " the schedule. The concrete for the second floor arrived on Tuesday. We are two"
                    + " days late, but nobody is worried yet. Could you tell us about the windows? They"
                    + " told me that the frames will be ready next month, and that the glass is in the"
                    + " warehouse already.";
    private static final List<String> VOICES = List.of("en-gb", "en-us", "en-gb+f3", "en-us+f4");

    /** A quiet office behind a telephone. */
    static final int QUIET_DBOV = -62;

    private static final int QUIET_SECONDS = 7;

    private Speech() {}

    /**
     * What a phone sends, over and over: one payload per 20 ms.
     *
     * @param timestampStep of RTP per payload
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Payloads(int type, int timestampStep, byte[][] frames) {}

    /** Every voice as 16-bit samples. */
    static List<short[]> voices(int rateHz) throws InterruptedException {
        Path folder = Workspace.folder("speech");
        List<short[]> voices = new ArrayList<>();
        for (int i = 0; i < VOICES.size(); i++) {
            Path file = folder.resolve("voice" + i + ".wav");
            List<String> command =
                    List.of("espeak-ng", "-v", VOICES.get(i), "-w", file.toString(), TEXT);
            try (Child espeak = Child.start("espeak", folder, command)) {
                if (espeak.await(Duration.ofSeconds(20)) != 0) {
                    throw new IllegalStateException("espeak-ng failed:\n" + espeak.output());
                }
            }
            voices.add(resampled(read(file), rateHz));
        }
        return voices;
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Sound(int rateHz, short[] samples) {}

    private static Sound read(Path wav) {
        try {
            ByteBuffer file =
                    ByteBuffer.wrap(Files.readAllBytes(wav)).order(ByteOrder.LITTLE_ENDIAN);
            short[] samples = new short[(file.limit() - 44) / 2];
            file.position(44);
            file.asShortBuffer().get(samples);
            return new Sound(file.getInt(24), samples);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By a windowed sinc that ends below the new rate's half. */
    private static short[] resampled(Sound sound, int rateHz) {
        double ratio = (double) sound.rateHz() / rateHz;
        double cut = Math.min(1, 1 / ratio) * 0.92;
        int reach = 24;
        short[] out = new short[(int) (sound.samples().length / ratio)];
        for (int n = 0; n < out.length; n++) {
            double centre = n * ratio;
            double sum = 0;
            int first = (int) Math.ceil(centre - reach);
            for (int k = Math.max(0, first);
                    k <= centre + reach && k < sound.samples().length;
                    k++) {
                double x = k - centre;
                double window = 0.5 + 0.5 * Math.cos(Math.PI * x / (reach + 1));
                double sinc = x == 0 ? cut : Math.sin(Math.PI * cut * x) / (Math.PI * x);
                sum += sound.samples()[k] * sinc * window;
            }
            out[n] = (short) Math.clamp(Math.round(sum), -32_768, 32_767);
        }
        return out;
    }

    /** The samples as G.711, payload type 0. */
    static Payloads pcmu(short[] samples) {
        byte[][] frames = new byte[samples.length / 160][160];
        for (int i = 0; i < frames.length; i++) {
            for (int n = 0; n < 160; n++) {
                frames[i][n] = G711.encode(AudioCodec.PCMU, samples[i * 160 + n]);
            }
        }
        return new Payloads(0, 160, frames);
    }

    /**
     * The samples as Opus at 24 kb/s, payload type 111.
     *
     * @param samples at 48 kHz
     */
    static Payloads opus(Codecs codecs, short[] samples) {
        return opus(codecs, samples, OpusSettings.voice(48_000, 5));
    }

    /**
     * The same by an encoder opened otherwise.
     *
     * @param samples at its rate
     */
    static Payloads opus(Codecs codecs, short[] samples, OpusSettings settings) {
        int step = settings.sampleRate() / FRAMES_PER_SECOND;
        List<byte[]> frames = new ArrayList<>();
        try (OpusEncoder encoder = codecs.openOpusEncoder(settings)) {
            byte[] packet = new byte[1_500];
            for (int at = 0; at + step <= samples.length; at += step) {
                int length = encoder.encode(samples, at, step, packet, 0);
                frames.add(Arrays.copyOf(packet, length));
            }
        }
        return new Payloads(111, 48_000 / FRAMES_PER_SECOND, frames.toArray(byte[][]::new));
    }

    /** The level of each 20 ms in dBov. */
    static int[] levelsDbov(short[] samples, int rateHz) {
        int step = rateHz / FRAMES_PER_SECOND;
        int[] levels = new int[samples.length / step];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = Level.dbov(samples, i * step, step);
        }
        return levels;
    }

    /**
     * Some seconds of a quiet room, as a phone sends whose owner listens: no line is digitally
     * silent.
     *
     * @param seed each phone has its own
     */
    static short[] quietRoom(int rateHz, int seed) {
        Random random = new Random(seed);
        double amplitude = Level.amplitude(QUIET_DBOV);
        short[] noise = new short[QUIET_SECONDS * rateHz];
        for (int n = 0; n < noise.length; n++) {
            noise[n] = (short) Math.round(random.nextGaussian() * amplitude);
        }
        return noise;
    }
}

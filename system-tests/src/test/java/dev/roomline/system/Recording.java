package dev.roomline.system;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Sound in one channel. Immutable by convention: nobody writes to {@code samples}.
 *
 * @param rateHz samples per second
 * @param samples −1 to 1
 */
@SuppressWarnings("ArrayRecordComponent")
record Recording(int rateHz, double[] samples) {
    private static final double FULL_SCALE = 32_768;
    private static final int HEADER_OCTETS = 44;

    /** So many seconds of what {@code sampleAt} says. */
    static Recording of(int rateHz, double seconds, IntToDoubleFunction sampleAt) {
        double[] samples = new double[(int) Math.round(seconds * rateHz)];
        Arrays.setAll(samples, sampleAt);
        return new Recording(rateHz, samples);
    }

    /**
     * A steady tone.
     *
     * @param levelDbfs of its peak
     */
    static Recording tone(int rateHz, double seconds, double hertz, double levelDbfs) {
        double amplitude = Math.pow(10, levelDbfs / 20);
        double step = 2 * Math.PI * hertz / rateHz;
        return of(rateHz, seconds, n -> amplitude * Math.sin(step * n));
    }

    double seconds() {
        return (double) samples.length / rateHz;
    }

    Recording slice(double fromSeconds, double toSeconds) {
        int from = Math.clamp(Math.round(fromSeconds * rateHz), 0, samples.length);
        int to = Math.clamp(Math.round(toSeconds * rateHz), from, samples.length);
        return new Recording(rateHz, Arrays.copyOfRange(samples, from, to));
    }

    /** Sample by sample the sum of both, as long as the shorter one. */
    Recording plus(Recording other) {
        int length = Math.min(samples.length, other.samples.length);
        double[] sum = new double[length];
        Arrays.setAll(sum, n -> samples[n] + other.samples[n]);
        return new Recording(rateHz, sum);
    }

    /**
     * Reads a WAV file of 16-bit samples, the mean of its channels. A file still being written is
     * read as far as it goes: its header does not know its length yet.
     */
    static Recording read(Path file) {
        try {
            ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(LITTLE_ENDIAN);
            if (in.remaining() < HEADER_OCTETS) {
                return new Recording(8000, new double[0]);
            }
            in.position(12);
            int channels = 0;
            int rate = 0;
            while (in.remaining() >= 8) {
                String chunk = US_ASCII.decode(in.slice(in.position(), 4)).toString();
                int length = in.getInt(in.position() + 4);
                in.position(in.position() + 8);
                if (chunk.equals("data")) {
                    return new Recording(rate, mean(in.slice().order(LITTLE_ENDIAN), channels));
                }
                if (chunk.equals("fmt ")) {
                    channels = in.getShort(in.position() + 2);
                    rate = in.getInt(in.position() + 4);
                }
                in.position(in.position() + length);
            }
            throw new IllegalArgumentException(file + " holds no sound");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double[] mean(ByteBuffer data, int channels) {
        double[] samples = new double[data.remaining() / (2 * channels)];
        Arrays.setAll(
                samples,
                n -> {
                    double sum = 0;
                    for (int channel = 0; channel < channels; channel++) {
                        sum += data.getShort(2 * (n * channels + channel));
                    }
                    return sum / channels / FULL_SCALE;
                });
        return samples;
    }

    /** Writes a WAV file of 16-bit samples, the same in each channel. */
    void write(Path file, int channels) {
        int octets = samples.length * 2 * channels;
        ByteBuffer out = ByteBuffer.allocate(HEADER_OCTETS + octets).order(LITTLE_ENDIAN);
        out.put("RIFF".getBytes(US_ASCII)).putInt(HEADER_OCTETS - 8 + octets);
        out.put("WAVEfmt ".getBytes(US_ASCII)).putInt(16);
        out.putShort((short) 1).putShort((short) channels).putInt(rateHz);
        out.putInt(rateHz * 2 * channels).putShort((short) (2 * channels)).putShort((short) 16);
        out.put("data".getBytes(US_ASCII)).putInt(octets);
        for (double sample : samples) {
            long value = Math.clamp(Math.round(sample * FULL_SCALE), -32_768, 32_767);
            for (int channel = 0; channel < channels; channel++) {
                out.putShort((short) value);
            }
        }
        try {
            Files.write(file, out.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

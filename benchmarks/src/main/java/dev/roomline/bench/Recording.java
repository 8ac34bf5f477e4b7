package dev.roomline.bench;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Level;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The last seconds of what one phone hears. Owner: the {@link Crowd} of it; what it says of them
 * may be asked when that is closed.
 */
final class Recording implements PhoneStream.Ear {
    private static final int HEADER = 12;
    private static final int PACKETS = 200;
    private static final int MOST_SAMPLES = 960;

    private final Codecs codecs;
    private final AudioCodec codec;
    private final Deque<byte[]> payloads = new ArrayDeque<>();

    Recording(Codecs codecs, AudioCodec codec) {
        this.codecs = codecs;
        this.codec = codec;
    }

    /** Of what was sent, not heard. */
    static Sound of(Codecs codecs, AudioCodec codec, Speech.Payloads sent) {
        return decode(codecs, codec, List.of(sent.frames()));
    }

    /** Samples at a rate. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Sound(short[] samples, int rateHz) {
        /** Pieces of half a second, in which whole periods of even frequencies fit. */
        private List<short[]> pieces() {
            int piece = rateHz / 2;
            List<short[]> pieces = new ArrayList<>();
            // the first second is the codec's and the buffer's beginning
            for (int at = 2 * piece; at + piece <= samples.length; at += piece) {
                pieces.add(Arrays.copyOfRange(samples, at, at + piece));
            }
            return pieces;
        }

        /** The level of a frequency: the median of all pieces. */
        double dbov(double hertz) {
            return Spread.of(
                            pieces().stream()
                                    .map(p -> Goertzel.dbov(p, 0, p.length, hertz, rateHz))
                                    .toList())
                    .median();
        }

        /** The level of everything. */
        double dbov() {
            return Spread.of(
                            pieces().stream()
                                    .map(
                                            p ->
                                                    10
                                                            * Math.log10(
                                                                    Math.max(1e-3, meanSquare(p))
                                                                            / fullScale()))
                                    .toList())
                    .median();
        }

        /** What is neither of two tones, as a share of their amplitude; in %. */
        double distortionPercent(double one, double other) {
            return Spread.of(
                            pieces().stream()
                                    .map(
                                            p -> {
                                                double tones = power(p, one) + power(p, other);
                                                double rest = meanSquare(p) - tones;
                                                return 100 * Math.sqrt(Math.max(0, rest) / tones);
                                            })
                                    .toList())
                    .median();
        }

        /** The largest step from a sample to the next. */
        int largestStep() {
            int largest = 0;
            for (int n = rateHz; n < samples.length; n++) {
                largest = Math.max(largest, Math.abs(samples[n] - samples[n - 1]));
            }
            return largest;
        }

        private double power(short[] piece, double hertz) {
            return Goertzel.power(piece, 0, piece.length, hertz, rateHz);
        }

        private static double meanSquare(short[] piece) {
            return Level.meanSquare(piece, 0, piece.length);
        }

        private static double fullScale() {
            return 32_767.0 * 32_767.0;
        }
    }

    @Override
    public void heard(ByteBuffer packet, long nowNanos) {
        byte[] payload = new byte[packet.limit() - HEADER];
        packet.get(HEADER, payload);
        payloads.addLast(payload);
        if (payloads.size() > PACKETS) {
            payloads.removeFirst();
        }
    }

    /** The last four seconds. */
    Sound sound() {
        return decode(codecs, codec, List.copyOf(payloads));
    }

    private static Sound decode(Codecs codecs, AudioCodec codec, List<byte[]> payloads) {
        short[] samples = new short[payloads.size() * MOST_SAMPLES];
        int count = 0;
        try (AudioDecoder decoder = codecs.openDecoder(codec)) {
            for (byte[] payload : payloads) {
                if (samples.length - count >= MOST_SAMPLES) {
                    count +=
                            Math.max(0, decoder.decode(payload, 0, payload.length, samples, count));
                }
            }
            return new Sound(Arrays.copyOf(samples, count), decoder.sampleRate());
        }
    }
}

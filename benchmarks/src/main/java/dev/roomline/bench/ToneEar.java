package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dsp.Goertzel;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Whether a server carries sound: a tone that one phone sends without end, as another hears it.
 * Owner: the {@link Crowd} or {@link PhoneLoop} of who hears it; {@link #heard()} may be asked when
 * it is closed.
 */
final class ToneEar implements PhoneStream.Ear, WebRtcPeer.Ear {
    static final double AMPLITUDE = 10_000;
    private static final int SECONDS = 10;
    private static final int PACKETS = 150;
    private static final int PIECES = 20;

    private final Codecs codecs;
    private final AudioCodec codec;
    private final double hertz;
    private final Deque<byte[]> payloads = new ArrayDeque<>();

    ToneEar(Codecs codecs, AudioCodec codec, double hertz) {
        this.codecs = codecs;
        this.codec = codec;
        this.hertz = hertz;
    }

    /** What was heard: the tone's level in dBov and how far it stands above all else, in dB. */
    record Heard(double dbov, double snrDb) {}

    static Payloads pcmu(double hertz) {
        return pcmu(hertz, 0);
    }

    /**
     * @param phase at the beginning of its first packet, in radians
     */
    static Payloads pcmu(double hertz, double phase) {
        return Speech.pcmu(tone(hertz, phase, 8_000));
    }

    static Payloads opus(Codecs codecs, double hertz) {
        return Speech.opus(codecs, tone(hertz, 0, 48_000));
    }

    private static short[] tone(double hertz, double phase, int rateHz) {
        short[] tone = new short[SECONDS * rateHz];
        for (int n = 0; n < tone.length; n++) {
            tone[n] = (short) (AMPLITUDE * Math.sin(2 * Math.PI * hertz * n / rateHz + phase));
        }
        return tone;
    }

    @Override
    public void heard(ByteBuffer packet, long nowNanos) {
        byte[] payload = new byte[packet.limit() - 12];
        packet.get(12, payload);
        heard(codec, payload, nowNanos);
    }

    @Override
    public void heard(AudioCodec of, byte[] payload, long nowNanos) {
        if (of != codec) {
            return;
        }
        payloads.addLast(payload);
        if (payloads.size() > PACKETS) {
            payloads.removeFirst();
        }
    }

    /** Medians over the last pieces of 100 ms. */
    Heard heard() {
        short[] samples = new short[PACKETS * 5_760];
        int count = 0;
        try (AudioDecoder decoder = codecs.openDecoder(codec)) {
            for (byte[] payload : payloads) {
                count += Math.max(0, decoder.decode(payload, 0, payload.length, samples, count));
            }
            int rate = decoder.sampleRate();
            int piece = rate / 10;
            int pieces = Math.min(PIECES, count / piece);
            double[] dbov = new double[pieces];
            double[] snr = new double[pieces];
            for (int i = 0; i < pieces; i++) {
                int at = count - (i + 1) * piece;
                dbov[i] = Goertzel.dbov(samples, at, piece, hertz, rate);
                snr[i] = Goertzel.snr(samples, at, piece, hertz, rate);
            }
            Arrays.sort(dbov);
            Arrays.sort(snr);
            return pieces == 0
                    ? new Heard(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY)
                    : new Heard(dbov[pieces / 2], snr[pieces / 2]);
        }
    }
}

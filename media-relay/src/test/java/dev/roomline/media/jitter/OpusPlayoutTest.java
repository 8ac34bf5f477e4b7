package dev.roomline.media.jitter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpusPlayoutTest {
    private static final long MILLI = 1_000_000L;
    private final Codecs codecs = Codecs.load();
    private final AudioDecoder decoder = codecs.openDecoder(AudioCodec.OPUS);
    private final JitterBuffer buffer = new JitterBuffer(AudioCodec.OPUS, decoder);
    private final List<Playout> playouts = new ArrayList<>();
    private final byte[] packet = new byte[1_500];
    private final short[] frame = new short[320];

    @AfterEach
    void close() {
        decoder.close();
    }

    private interface Voice {
        double at(double seconds);
    }

    /** A second of harmonics of 120 Hz whose loudness moves like syllables; it repeats exactly. */
    private static final double[] SYLLABLES = new double[16_000];

    static {
        for (int i = 0; i < SYLLABLES.length; i++) {
            double t = i / 16_000.0;
            double sum = 0;
            for (int k = 1; k <= 20; k++) {
                sum += Math.sin(2 * Math.PI * 120 * k * t + k * k) / k;
            }
            SYLLABLES[i] = 3_000 * sum * (1.2 + Math.sin(2 * Math.PI * 3 * t));
        }
    }

    private static double syllables(double t) {
        return SYLLABLES[(int) Math.round(t * 16_000) % SYLLABLES.length];
    }

    /** Plays so many frames of 20 ms; packets that are not sent by DTX leave no sequence number. */
    private short[] play(OpusSettings settings, int frames, double loss, Voice voice) {
        Random random = new Random(9);
        short[] heard = new short[frames * 320];
        int sequence = 65_000;
        try (OpusEncoder encoder = codecs.openOpusEncoder(settings)) {
            boolean paused = false;
            for (int i = 0; i < frames; i++) {
                for (int k = 0; k < 320; k++) {
                    frame[k] = (short) voice.at((i * 320 + k) / 16_000.0);
                }
                int octets = encoder.encode(frame, 0, 320, packet, 0);
                boolean silent = octets <= 2;
                long now = i * 20L * MILLI;
                if (!silent || !paused) {
                    if (random.nextDouble() >= loss) {
                        buffer.insert(7, sequence & 0xFFFF, i * 960, false, packet, 0, octets, now);
                    }
                    sequence++;
                }
                paused = silent;
                playouts.add(buffer.pull(now + 12 * MILLI, frame));
                System.arraycopy(frame, 0, heard, i * 320, 320);
            }
        }
        return heard;
    }

    @Test
    void aToneArrivesClean() {
        short[] heard =
                play(
                        new OpusSettings(16_000, 5, 32_000, false, 0, false),
                        200,
                        0,
                        t -> 8_000 * Math.sin(2 * Math.PI * 440 * t));

        assertThat(Goertzel.snr(heard, 32_000, 16_000, 440, 16_000)).isGreaterThan(25);
        assertThat(Level.dbov(heard, 32_000, 16_000)).isBetween(-17, -14);
        assertThat(buffer.report().concealedSamples()).isZero();
    }

    @Test
    void mostOfWhatIsLostComesBackByFec() {
        OpusSettings settings = new OpusSettings(16_000, 5, 24_000, true, 20, false);

        play(settings, 1_000, 0.05, OpusPlayoutTest::syllables);

        JitterReport report = buffer.report();
        assertThat(report.lost()).isBetween(30L, 70L);
        assertThat(report.recoveredSamples()).isGreaterThan(report.lost() * 320 / 2);
        assertThat(report.concealedShare()).isLessThan(0.025);
    }

    @Test
    void withoutFecTheCodecsOwnConcealmentFillsIn() {
        short[] heard =
                play(OpusSettings.voice(16_000, 5), 1_000, 0.05, OpusPlayoutTest::syllables);

        JitterReport report = buffer.report();
        assertThat(report.recoveredSamples()).isZero();
        assertThat(report.concealedShare()).isBetween(0.03, 0.07);
        assertThat(Level.dbov(heard, 16_000, heard.length - 16_000)).isBetween(-22, -10);
    }

    @Test
    void aDtxPauseIsComfortNoiseAndNoLoss() {
        OpusSettings settings = new OpusSettings(16_000, 5, 24_000, false, 0, true);

        play(settings, 600, 0, t -> t % 4 < 2 ? syllables(t) : 0);

        JitterReport report = buffer.report();
        assertThat(report.lost()).isZero();
        assertThat(report.concealedSamples()).isZero();
        assertThat(playouts).contains(Playout.COMFORT_NOISE);
        assertThat(playouts.stream().filter(kind -> kind == Playout.SPEECH).count())
                .isGreaterThan(290);
    }
}

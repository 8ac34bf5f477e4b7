package dev.roomline.media.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * STOI and ESTOI of sounds made from formulas, as the algorithm of pystoi (which its makers hold
 * against the authors' own Matlab) gave them in double precision with NumPy.
 */
class IntelligibilityVectorsTest {
    private static final int SECONDS = 5;

    /** How what was said was spoilt. */
    enum Spoilt {
        NOISE,
        LOUD_NOISE,
        MODULATED,
        CUT
    }

    /**
     * @param rate at 10 kHz the measure itself is compared, at 16 the resampling before it too
     */
    record Row(int rate, Spoilt spoilt, double stoi, double estoi) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row(10_000, Spoilt.NOISE, 0.834240, 0.496333),
                new Row(10_000, Spoilt.LOUD_NOISE, 0.534379, 0.162398),
                new Row(10_000, Spoilt.MODULATED, 0.749102, 0.610095),
                new Row(10_000, Spoilt.CUT, 0.905057, 0.910514),
                new Row(16_000, Spoilt.NOISE, 0.857282, 0.511447),
                new Row(16_000, Spoilt.LOUD_NOISE, 0.585585, 0.186594),
                new Row(16_000, Spoilt.MODULATED, 0.788681, 0.627638),
                new Row(16_000, Spoilt.CUT, 0.907823, 0.907486));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theReferenceSaysTheSame(Row row) {
        short[] said = said(row.rate());
        Intelligibility understood = new Intelligibility(said, row.rate());
        short[] heard = heard(said, row.rate(), row.spoilt());
        double tolerance = row.rate() == 10_000 ? 1e-5 : 1e-4;

        System.out.printf(
                "%s: STOI %.6f, ESTOI %.6f%n",
                row, understood.stoi(heard), understood.estoi(heard));
        assertThat(understood.stoi(heard)).isCloseTo(row.stoi(), within(tolerance));
        assertThat(understood.estoi(heard)).isCloseTo(row.estoi(), within(tolerance));
    }

    /** Syllables with two formants that move, and a hiss between them. */
    private static short[] said(int rate) {
        short[] said = new short[SECONDS * rate];
        double[] noise = noise(said.length, 1);
        for (int n = 0; n < said.length; n++) {
            double t = (double) n / rate;
            double turn = 2 * Math.PI * t;
            double syllable =
                    Math.max(0, Math.sin(3.1 * turn)) * (0.6 + 0.4 * Math.sin(0.37 * turn));
            double phase = 2 * Math.PI * (120 * t + 6 * Math.sin(0.9 * turn));
            double formant = 700 + 400 * Math.sin(1.3 * turn);
            double voice = 0;
            for (int k = 1; k < 26; k++) {
                double first = 120 * k - formant;
                double second = 120 * k - 2 * formant - 500;
                double gain =
                        Math.exp(-first * first / (2 * 500.0 * 500))
                                + 0.2 * Math.exp(-second * second / (2 * 600.0 * 600));
                voice += gain * Math.sin(k * phase);
            }
            double hiss = 0.3 * noise[n] * Math.max(0, Math.sin(3.1 * turn + 2.4));
            said[n] = (short) Math.rint(2_500 * (syllable * voice + hiss));
        }
        return said;
    }

    private static short[] heard(short[] said, int rate, Spoilt spoilt) {
        short[] heard = new short[said.length];
        double[] noise = noise(said.length, 77);
        for (int n = 0; n < heard.length; n++) {
            double bursts = Math.max(0, Math.sin(2 * Math.PI * 5 * n / rate));
            heard[n] =
                    (short)
                            Math.rint(
                                    switch (spoilt) {
                                        case NOISE -> said[n] + 2_000 * noise[n];
                                        case LOUD_NOISE -> said[n] + 9_000 * noise[n];
                                        case MODULATED -> said[n] + 4_000 * noise[n] * bursts;
                                        case CUT -> n / (rate / 50) % 7 == 3 ? 0 : said[n];
                                    });
        }
        return heard;
    }

    /** −1 to 1, by a linear congruence. */
    private static double[] noise(int length, int seed) {
        double[] noise = new double[length];
        int state = seed;
        for (int n = 0; n < length; n++) {
            state = state * 1_664_525 + 1_013_904_223;
            noise[n] = state / 2_147_483_648.0;
        }
        return noise;
    }
}

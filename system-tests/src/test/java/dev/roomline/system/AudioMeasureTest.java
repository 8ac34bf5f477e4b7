package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The instrument itself, on sound whose measures are known by construction. */
final class AudioMeasureTest {
    private static final int RATE = 8000;

    @Test
    void theLevelOfAToneIsThatOfItsPeak() {
        Recording tone = Recording.tone(RATE, 2, 437, -12);

        assertThat(AudioMeasure.levelDbfs(tone, 437)).isCloseTo(-12, within(0.05));
        assertThat(AudioMeasure.fit(tone, 437).levelDbfs(437)).isCloseTo(-12, within(0.01));
        assertThat(AudioMeasure.levelDbfs(tone)).isCloseTo(-12, within(0.05));
        assertThat(AudioMeasure.levelDbfs(tone, 661)).isLessThan(-80);
    }

    @Test
    void theSnrOfAToneIsThatOfTheNoiseAddedToIt() {
        Random random = new Random(7);
        double noiseRms = Math.pow(10, -52 / 20.0);
        Recording noise = Recording.of(RATE, 4, _ -> noiseRms * random.nextGaussian());
        // A tone of peak −12 dBFS has an RMS of −15.01 dBFS.
        Recording noisy = Recording.tone(RATE, 4, 437, -12).plus(noise);

        assertThat(AudioMeasure.fit(noisy, 437).snrDb()).isCloseTo(52 - 15.01, within(0.5));
    }

    @Test
    void twoTonesAreToldApartThoughOneIsFiftyDecibelsBelow() {
        Recording both = Recording.tone(RATE, 2, 437, -12).plus(Recording.tone(RATE, 2, 661, -62));

        AudioMeasure.Tones tones = AudioMeasure.fit(both, 437, 661);

        assertThat(tones.levelDbfs(437)).isCloseTo(-12, within(0.01));
        assertThat(tones.levelDbfs(661)).isCloseTo(-62, within(0.1));
    }

    @Test
    void aSkipInTimeBreaksOneSegmentAndDoesNotMoveTheMedian() {
        Recording tone = Recording.tone(RATE, 4, 437, -12);
        Recording skipped = Recording.of(RATE, 3, n -> tone.samples()[n < 9_000 ? n : n + 45]);

        AudioMeasure.Tones tones = AudioMeasure.fit(skipped, 437);

        assertThat(tones.brokenShare()).isCloseTo(1 / 15.0, within(0.001));
        assertThat(tones.snrDb()).isGreaterThan(60);
    }

    @Test
    void clicksAreCountedAndATonesOwnSlopeIsNone() {
        Recording tone = Recording.tone(RATE, 2, 437, -12);
        Recording clicked =
                Recording.of(
                        RATE, 2, n -> tone.samples()[n] + (n == 3_000 || n == 11_000 ? 0.2 : 0));

        assertThat(AudioMeasure.clicks(tone, -30, 437)).isZero();
        assertThat(AudioMeasure.clicks(clicked, -30, 437)).isEqualTo(2);
    }

    @Test
    void theOnsetOfABurstIsFoundWithinFiveMilliseconds() {
        Recording tone = Recording.tone(RATE, 2, 1009, -12);
        Recording burst = Recording.of(RATE, 2, n -> n < 5_000 ? 0 : tone.samples()[n]);

        assertThat(AudioMeasure.onsetSeconds(burst, 1009, -20).orElseThrow())
                .isCloseTo(0.625, within(0.0051));
        assertThat(AudioMeasure.onsetSeconds(burst, 1009, -3)).isEmpty();
    }

    @Test
    void aFileKeepsWhatWasWrittenUpToItsSixteenBits(@TempDir Path folder) {
        Recording tone = Recording.tone(48_000, 0.5, 437, -12);
        tone.write(folder.resolve("tone.wav"), 2);

        Recording read = Recording.read(folder.resolve("tone.wav"));

        assertThat(read.rateHz()).isEqualTo(48_000);
        assertThat(read.samples()).containsExactly(tone.samples(), within(1 / 60_000.0));
    }

    /** Half a period is gone in the midst of it: at once, or smoothly within 20 ms. */
    @Test
    void aCutIsToldFromABendOfTheSameSize() {
        for (int rate : new int[] {8_000, 16_000}) {
            Recording cut =
                    Recording.of(
                            rate, 1, n -> 0.3 * Math.sin(phase(rate, n) + (2 * n > rate ? 2 : 0)));
            Recording bend =
                    Recording.of(
                            rate,
                            1,
                            n -> {
                                double t = Math.clamp((n / (double) rate - 0.5) / 0.02, 0, 1);
                                return 0.3 * Math.sin(phase(rate, n) + 2 * t);
                            });
            assertThat(AudioMeasure.cuts(cut, 1_009, 0.35 * 0.3)).isEqualTo(1);
            assertThat(AudioMeasure.cuts(bend, 1_009, 0.35 * 0.3)).isZero();
            assertThat(AudioMeasure.clicks(bend, -22.5, 1_009)).isPositive();
        }
    }

    private static double phase(int rate, int n) {
        return 2 * Math.PI * 1_009 * n / rate;
    }
}

package dev.roomline.media.jitter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimeScaleTest {
    private static final double OWN_ROUGHNESS = 800;
    private final TimeScale scale = new TimeScale(16);
    private PlayoutLine line = new PlayoutLine(16);
    private final short[] played = new short[160];

    /**
     * Two tones without a common period: no lag fits, so only the cross-fade can hide the joint.
     */
    private void lay(int samples, int from) {
        int at = line.reserve(samples);
        for (int i = 0; i < samples; i++) {
            double t = (from + i) / 16_000.0;
            line.pcm[at + i] =
                    (short)
                            (7_000 * Math.sin(2 * Math.PI * 443 * t)
                                    + 7_000 * Math.sin(2 * Math.PI * 617.3 * t));
        }
        line.commit(samples, Playout.SPEECH);
    }

    private double roughness(int from, int to) {
        return Network.roughness(line.pcm, from, to);
    }

    @Test
    void fasterPlayTakesOneLagOutWithoutAClick() {
        lay(160, 0);
        line.play(played, 160);
        lay(600, 160);

        int removed = scale.compress(line, -1, scale.longestStep);

        assertThat(removed).isBetween(40, scale.longestStep);
        assertThat(line.available()).isEqualTo(600 - removed);
        assertThat(roughness(line.head() - 150, line.end())).isLessThan(OWN_ROUGHNESS * 1.5);
    }

    @Test
    void slowerPlayPutsOneLagInWithoutAClick() {
        for (int from = 0; from < 1_000; from += 50) {
            line = new PlayoutLine(16);
            lay(960, from);
            for (int i = 0; i < 3; i++) {
                line.play(played, 160);
            }

            int added = scale.stretch(line, -1);

            assertThat(added).isBetween(40, scale.longestStep);
            assertThat(line.available()).isEqualTo(480 + added);
            assertThat(roughness(line.head() - 150, line.end())).isLessThan(OWN_ROUGHNESS * 1.5);
        }
    }

    @Test
    void whatDoesNotRepeatItselfIsLeftAlone() {
        int at = line.reserve(960);
        java.util.Random random = new java.util.Random(1);
        for (int i = 0; i < 960; i++) {
            line.pcm[at + i] = (short) random.nextInt(-8_000, 8_000);
        }
        line.commit(960, Playout.SPEECH);
        line.play(new short[480], 480);

        assertThat(scale.compress(line, 0.9, scale.longestStep)).isZero();
        assertThat(scale.stretch(line, 0.9)).isZero();
    }

    @Test
    void silenceIsShortenedByTheLongestStep() {
        line.commit(600, Playout.SPEECH);

        assertThat(scale.compress(line, 0.9, scale.longestStep)).isEqualTo(scale.longestStep);
    }
}

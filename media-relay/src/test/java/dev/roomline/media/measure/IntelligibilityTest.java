package dev.roomline.media.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.roomline.media.leg.SpokenText;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The measure itself: what its authors say of it. */
class IntelligibilityTest {
    private static final short[] SAID = SpokenText.by("en-gb");
    private static final Intelligibility OF_SAID = new Intelligibility(SAID);

    private static short[] withNoise(double snrDb) {
        Random random = new Random(5);
        double power = 0;
        for (short sample : SAID) {
            power += (double) sample * sample;
        }
        double amplitude = Math.sqrt(power / SAID.length) * Math.pow(10, -snrDb / 20);
        short[] out = new short[SAID.length];
        for (int i = 0; i < out.length; i++) {
            double sample = SAID[i] + amplitude * random.nextGaussian();
            out[i] = (short) Math.clamp(Math.round(sample), -32_768, 32_767);
        }
        return out;
    }

    /** Silence for so many ms of each 100. */
    private static short[] interrupted(int millis) {
        short[] out = SAID.clone();
        for (int i = 0; i < out.length; i++) {
            if (i % 1_600 < 16 * millis) {
                out[i] = 0;
            }
        }
        return out;
    }

    @Test
    void whatIsHeardAsItWasSaidIsOneAtAnyLoudness() {
        short[] softer = new short[SAID.length];
        for (int i = 0; i < softer.length; i++) {
            softer[i] = (short) (SAID[i] / 3);
        }
        assertThat(OF_SAID.stoi(SAID)).isCloseTo(1, within(1e-9));
        assertThat(OF_SAID.estoi(SAID)).isCloseTo(1, within(1e-9));
        assertThat(OF_SAID.estoi(softer)).isCloseTo(1, within(0.02));
    }

    @Test
    void theMoreNoiseTheLess() {
        double stoiBefore = 1;
        double estoiBefore = 1;
        for (int snrDb : new int[] {30, 20, 10, 5, 0, -5, -10, -20}) {
            double stoi = OF_SAID.stoi(withNoise(snrDb));
            double estoi = OF_SAID.estoi(withNoise(snrDb));
            System.out.printf("SNR %3d dB: STOI %.3f, ESTOI %.3f%n", snrDb, stoi, estoi);
            assertThat(stoi).isLessThan(stoiBefore);
            assertThat(estoi).isLessThan(estoiBefore);
            stoiBefore = stoi;
            estoiBefore = estoi;
        }
        assertThat(stoiBefore).isLessThan(0.5);
        assertThat(estoiBefore).isLessThan(0.2);
    }

    @Test
    void theMoreIsMissingTheLess() {
        double before = 1;
        for (int millis : new int[] {5, 10, 20, 40, 60, 80}) {
            double now = OF_SAID.estoi(interrupted(millis));
            System.out.printf("%d ms of each 100 missing: %.3f%n", millis, now);
            assertThat(now).isLessThan(before);
            before = now;
        }
        assertThat(before).isLessThan(0.4);
    }

    @Test
    void otherWordsAreNotUnderstoodAsThese() {
        short[] other = new short[SAID.length];
        for (int i = 0; i < other.length; i++) {
            other[i] = SAID[(i + 48_000) % SAID.length];
        }
        assertThat(OF_SAID.estoi(other)).isLessThan(0.3);
    }
}

package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ListeningQualityTest {
    @Test
    void theScoreIsTheEModels() {
        // R = 93.2 is 4.41 (G.107 annex B)
        assertThat(ListeningQuality.mos(0, 1, 0)).isCloseTo(4.41, within(0.01));
        // Ie,eff = 95 · 5 / (5 + 25.1) = 15.78: R = 77.4
        assertThat(ListeningQuality.mos(0.05, 1, 0)).isCloseTo(3.92, within(0.02));
        // Ie,eff = 35.5: R = 57.7
        assertThat(ListeningQuality.mos(0.15, 1, 0)).isCloseTo(2.97, within(0.02));
        // Id = 0.024 · 300 + 0.11 · 122.7 = 20.7: R = 72.5
        assertThat(ListeningQuality.mos(0, 1, 300)).isCloseTo(3.72, within(0.02));
        assertThat(ListeningQuality.mos(1, 1, 2_000)).isEqualTo(1);
    }

    @Test
    void lossAndDelayNeverMakeItBetter() {
        for (int loss = 0; loss < 100; loss++) {
            double here = ListeningQuality.mos(loss / 100.0, 1, 100);
            assertThat(ListeningQuality.mos((loss + 1) / 100.0, 1, 100)).isLessThanOrEqualTo(here);
            assertThat(ListeningQuality.mos(loss / 100.0, 1, 200)).isLessThanOrEqualTo(here);
            assertThat(here).isBetween(1.0, 4.5);
        }
    }
}

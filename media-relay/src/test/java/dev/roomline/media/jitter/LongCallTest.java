package dev.roomline.media.jitter;

import static dev.roomline.media.jitter.Network.MILLI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hours of a call in virtual time over a network that loses, delays and turns packets round, from a
 * clock that is off: nothing may add up.
 */
final class LongCallTest {
    private static final int MINUTES = 120;
    private static final int MINUTE_MILLIS = 60_000;
    private static final int PULLS_A_MINUTE = MINUTE_MILLIS / 20;
    private static final double LOSS = 0.05;
    private static final int MOST_DELAY_MILLIS = 110;

    @ParameterizedTest
    @ValueSource(doubles = {-200, 200})
    void twoHoursOfLossJitterAndDriftEndAsTheyBegan(double ppm) {
        Network network = new Network(11, Codecs.load().openDecoder(AudioCodec.PCMU), 440);
        network.skewPpm = ppm;
        network.loss = LOSS;
        network.duplication = 0.02;
        network.delay = sent -> 5 * MILLI + (long) (network.random.nextDouble() * 30 * MILLI);
        List<Double> roughness = new ArrayList<>();
        List<Double> concealed = new ArrayList<>();
        double before = 0;
        for (int minute = 0; minute < MINUTES; minute++) {
            short[] heard = network.run(MINUTE_MILLIS);
            roughness.add(Network.roughness(heard, 16_000, heard.length));
            double now = network.buffer.report().concealedSamples();
            concealed.add((now - before) / (16.0 * MINUTE_MILLIS));
            before = now;
        }

        List<Integer> delays = network.delays.subList(PULLS_A_MINUTE, network.delays.size());
        double early = meanDelay(delays, 0);
        double late = meanDelay(delays, delays.size() - 10 * PULLS_A_MINUTE);
        JitterReport report = network.buffer.report();
        long moved = (report.stretchedSamples() - report.compressedSamples()) / 16;
        System.out.printf(
                "%+.0f ppm for %d minutes: concealed %.4f, moved %d ms, mean delay %.1f ms in the first ten"
                        + " minutes, %.1f in the last, roughness %.0f in the worst minute, %.0f of the tone%n",
                ppm,
                MINUTES,
                report.concealedShare(),
                moved,
                early,
                late,
                Collections.max(roughness),
                network.smoothRoughness());
        assertThat(concealed)
                .allSatisfy(share -> assertThat(share).isBetween(0.6 * LOSS, 1.5 * LOSS));
        assertThat(delays).allMatch(delay -> delay >= 0 && delay <= MOST_DELAY_MILLIS);
        assertThat(late).isCloseTo(early, within(5.0));
        assertThat(roughness)
                .allSatisfy(
                        worst -> assertThat(worst).isLessThan(4 * network.smoothRoughness() + 700));
        assertThat(report.overflows()).isZero();
    }

    private static double meanDelay(List<Integer> delays, int from) {
        return delays.subList(from, from + 10 * PULLS_A_MINUTE).stream()
                .mapToInt(Integer::intValue)
                .average()
                .orElseThrow();
    }
}

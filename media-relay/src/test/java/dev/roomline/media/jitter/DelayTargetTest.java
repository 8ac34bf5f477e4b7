package dev.roomline.media.jitter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much delay is kept after what a network has just done. */
class DelayTargetTest {
    private static final long MILLI = Network.MILLI;
    private static final int PULLS_PER_SECOND = 50;

    private static Network network() {
        return new Network(7, Codecs.load().openDecoder(AudioCodec.PCMU), 440);
    }

    private static List<Integer> delays(Network network, int fromSecond, int toSecond) {
        return network.delays.subList(fromSecond * PULLS_PER_SECOND, toSecond * PULLS_PER_SECOND);
    }

    @Test
    void aWayThatHasBecomeLongerIsNotTakenForJitterForLong() {
        Network network = network();
        network.delay = sent -> (sent < 10_000 * MILLI ? 5 : 65) * MILLI;

        network.run(30_000);

        // the fastest of the last two to four seconds is of the longer way from then on
        assertThat(delays(network, 16, 30)).allSatisfy(d -> assertThat(d).isLessThan(50));
        assertThat(network.buffer.report().concealedShare()).isLessThan(0.005);
    }

    @Test
    void onePacketThatOthersOvertakeIsNoHoldUpToBePreparedFor() {
        Network network = network();
        network.delay = sent -> (sent / (20 * MILLI) % 150 == 75 ? 105 : 5) * MILLI;

        network.run(60_000);

        assertThat(delays(network, 5, 60)).allSatisfy(d -> assertThat(d).isLessThan(60));
        // one of 150, and no more than it
        assertThat(network.buffer.report().concealedShare()).isLessThan(0.015);
    }

    @Test
    void whatIsHeldUpAgainAndAgainIsPreparedFor() {
        Network network = network();
        network.delay =
                sent -> {
                    long arrival = sent + (long) (network.random.nextDouble() * 5 * MILLI);
                    long standsUntil = arrival - arrival % (2_000 * MILLI) + 120 * MILLI;
                    return Math.max(arrival, standsUntil) + 5 * MILLI - sent;
                };

        network.run(10_000);
        long concealed = network.buffer.report().concealedSamples();
        network.run(50_000);

        assertThat(network.buffer.report().concealedSamples()).isEqualTo(concealed);
    }
}

package dev.roomline.media.leg;

import static dev.roomline.media.leg.NetworkTalk.AMPLITUDE;
import static dev.roomline.media.leg.NetworkTalk.CLICK;
import static dev.roomline.media.leg.NetworkTalk.HERTZ;
import static dev.roomline.media.leg.NetworkTalk.SECOND;
import static dev.roomline.media.leg.NetworkTalk.TONE;
import static dev.roomline.media.leg.NetworkTalk.print;
import static dev.roomline.media.leg.NetworkTalk.spread;
import static dev.roomline.media.leg.Sender.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.jitter.Playout;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What real networks and real senders do to a tone, through the real {@link Ear} in virtual time.
 * Each row prints what it measured.
 */
class RealNetworksTest {
    /** A packet that is so old when it is needed is late by no network that we call good. */
    private static final int LEAST_AGE_MILLIS = 5;

    /**
     * One network or sender.
     *
     * @param concealed the most that may be made up, as a share
     * @param delayMillis the longest mean delay from the fifth second on
     */
    record Row(String name, Consumer<Sender> network, double concealed, int delayMillis) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("nothing", s -> {}, 0.005, 32),
                new Row("5 % loss", s -> s.loss = 0.05, 0.06, 48),
                new Row("15 % loss", s -> s.loss = 0.15, 0.17, 48),
                new Row(
                        "10 % loss in runs of three",
                        s -> {
                            s.loss = 0.1;
                            s.lossRun = 3;
                        },
                        0.12,
                        48),
                new Row("40 ms of jitter", s -> s.delayNanos = t -> spread(s, 40), 0.01, 75),
                new Row(
                        "jitter of a Gaussian, σ 15 ms",
                        s ->
                                s.delayNanos =
                                        t ->
                                                (long)
                                                        (Math.max(
                                                                        0,
                                                                        60
                                                                                + 15
                                                                                        * s.random
                                                                                                .nextGaussian())
                                                                * MILLI),
                        0.01,
                        110),
                new Row(
                        "5 % loss, 40 ms of jitter, 10 % twice",
                        s -> {
                            s.loss = 0.05;
                            s.duplication = 0.1;
                            s.delayNanos = t -> spread(s, 40);
                        },
                        0.07,
                        75),
                new Row(
                        "each fifth overtaken, a third twice",
                        s -> {
                            s.duplication = 0.33;
                            s.delayNanos = t -> t / (20 * MILLI) % 5 == 0 ? 32 * MILLI : 5 * MILLI;
                        },
                        0.01,
                        60),
                new Row("a clock 200 ppm slow", s -> s.driftPpm = 200, 0.006, 36),
                new Row("a clock 200 ppm fast", s -> s.driftPpm = -200, 0.006, 36),
                new Row("another SSRC", s -> s.newStreamAtNanos = 10 * SECOND, 0.006, 32),
                new Row(
                        "timestamps a second ahead",
                        s -> {
                            s.timestampJumpAtNanos = 10 * SECOND;
                            s.timestampJumpTicks = s.codec.clockRate();
                        },
                        0.006,
                        32),
                new Row(
                        "timestamps a second back",
                        s -> {
                            s.timestampJumpAtNanos = 10 * SECOND;
                            s.timestampJumpTicks = -s.codec.clockRate();
                        },
                        0.006,
                        32),
                new Row(
                        "timestamps an hour ahead",
                        s -> {
                            s.timestampJumpAtNanos = 10 * SECOND;
                            s.timestampJumpTicks = 3_600 * s.codec.clockRate();
                        },
                        0.006,
                        32),
                new Row("packets of 10 ms", s -> s.ptimeMillis = t -> 10, 0.005, 32),
                new Row("packets of 40 ms", s -> s.ptimeMillis = t -> 40, 0.005, 34),
                new Row("packets of 60 ms", s -> s.ptimeMillis = t -> 60, 0.005, 36),
                new Row(
                        "packets of 20, 40, 10 and 60 ms by turns",
                        s ->
                                s.ptimeMillis =
                                        t ->
                                                new int[] {20, 40, 10, 60}
                                                        [(int) (t / (5 * SECOND)) % 4],
                        0.01,
                        80));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void noNetworkMakesG711Click(Row row) {
        checkWithoutClick(row, AudioCodec.PCMA);
    }

    /** What was lost leaves its decoder apart from the encoder for a moment. */
    @ParameterizedTest
    @MethodSource("rows")
    void noNetworkMakesG722Click(Row row) {
        checkWithoutClick(row, AudioCodec.G722);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void noNetworkMakesOpusClickBeyondWhatItLost(Row row) {
        Heard heard = through(row, AudioCodec.OPUS);

        assertThat(heard.clicks(HERTZ, AMPLITUDE, CLICK, true, 1)).isZero();
        assertThat(heard.worstClick(HERTZ, AMPLITUDE, 1)).isLessThan(0.25);
    }

    private static void checkWithoutClick(Row row, AudioCodec codec) {
        Heard heard = through(row, codec);

        assertThat(heard.clicks(HERTZ, AMPLITUDE, CLICK, false, 1)).isZero();
    }

    /** A tone over that network, which keeps to its row. */
    private static Heard through(Row row, AudioCodec codec) {
        Sender phone = new Sender(11);
        phone.codec = codec;
        row.network().accept(phone);

        Heard heard = Listening.to(phone.say(TONE));

        check(row, heard, 30);
        return heard;
    }

    /** A tick just behind the packets has nothing to wait for; one just before them has most. */
    @ParameterizedTest
    @EnumSource(AudioCodec.class)
    void theDelayIsNoMoreThanTheTicksPhaseNeeds(AudioCodec codec) {
        double sum = 0;
        for (int phase = 0; phase < 20; phase++) {
            Sender phone = new Sender(11);
            phone.codec = codec;

            Heard heard = Listening.to(phone.say(TONE), phase);

            // packets come 5 ms after each 20
            int behind = Math.floorMod(phase - 5, 20);
            int needed = behind < LEAST_AGE_MILLIS ? behind + 20 : behind;
            double mean = heard.meanDelay(5, 20);
            sum += mean / 20;
            assertThat(mean)
                    .as("%d ms behind the packets", behind)
                    .isBetween(needed + 1.0, needed + 9.0);
            assertThat(heard.report().concealedShare()).isLessThan(0.005);
            assertThat(heard.clicks(HERTZ, AMPLITUDE, CLICK, false, 1)).isZero();
        }
        System.out.printf("%s: mean delay over all phases %.1f ms%n", codec, sum);
        // a whole pull more, whatever the phase, would be 25 at the least
        assertThat(sum).isLessThan(22);
    }

    @Test
    void packetsOf30MillisAreG711Too() {
        Sender phone = new Sender(11);
        phone.ptimeMillis = t -> 30;

        Heard heard = Listening.to(phone.say(TONE));

        check(new Row("packets of 30 ms", s -> {}, 0.005, 32), heard, 30);
    }

    private static void check(Row row, Heard heard, double snr) {
        print(row.name(), heard);
        assertThat(heard.report().concealedShare()).isLessThan(row.concealed());
        assertThat(heard.meanDelay(5, 20)).isLessThan(row.delayMillis());
        if (heard.report().lost() < 100) {
            assertThat(heard.toneSnr(HERTZ, 2)).isGreaterThan(snr);
        }
        // nothing is silent in the midst of the tone
        assertThat(heard.playouts().subList(50, 19 * 50)).doesNotContain(Playout.SILENCE);
    }
}

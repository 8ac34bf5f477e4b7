package dev.roomline.media.leg;

import static dev.roomline.media.leg.Sender.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.jitter.JitterReport;
import dev.roomline.media.jitter.Playout;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What real networks and real senders do, through the real {@link Ear} in virtual time. Each row
 * prints what it measured.
 */
class RealNetworksTest {
    private static final double HERTZ = 440;
    private static final double AMPLITUDE = 10_000;

    /** The tone bends where a loss is concealed; a cut leaves eight times as much as this. */
    private static final double CLICK = 0.125;

    private static final long SECOND = 1_000 * MILLI;

    /** A packet that is so old when it is needed is late by no network that we call good. */
    private static final int LEAST_AGE_MILLIS = 5;

    private static final short[] TONE = Voices.tone(HERTZ, AMPLITUDE, 20);
    private static final short[] LONG_TONE = Voices.tone(HERTZ, AMPLITUDE, 40);
    private static final short[] SPEECH = Voices.speech(4, 20);
    private static final short[] LONG_SPEECH = Voices.speech(9, 40);

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

    private static long spread(Sender sender, int millis) {
        return 5 * MILLI + (long) (sender.random.nextDouble() * millis * MILLI);
    }

    /** Everything that is sent while it is held up comes at its end at once. */
    private static long heldUp(long sent, long from, long to) {
        return sent > from && sent < to ? to + 5 * MILLI - sent : 5 * MILLI;
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
        Sender phone = new Sender(11);
        phone.codec = AudioCodec.PCMA;
        row.network().accept(phone);

        Heard heard = Listening.to(phone.say(TONE));

        check(row, heard, 30);
        assertThat(heard.clicks(HERTZ, AMPLITUDE, CLICK, false, 1)).isZero();
    }

    /** What was lost leaves its decoder apart from the encoder for a moment. */
    @ParameterizedTest
    @MethodSource("rows")
    void noNetworkMakesG722Click(Row row) {
        Sender phone = new Sender(11);
        phone.codec = AudioCodec.G722;
        row.network().accept(phone);

        Heard heard = Listening.to(phone.say(TONE));

        check(row, heard, 30);
        assertThat(heard.clicks(HERTZ, AMPLITUDE, CLICK, false, 1)).isZero();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void noNetworkMakesOpusClickBeyondWhatItLost(Row row) {
        Sender phone = new Sender(11);
        phone.codec = AudioCodec.OPUS;
        row.network().accept(phone);

        Heard heard = Listening.to(phone.say(TONE));

        check(row, heard, 30);
        assertThat(heard.clicks(HERTZ, AMPLITUDE, CLICK, true, 1)).isZero();
        assertThat(heard.worstClick(HERTZ, AMPLITUDE, 1)).isLessThan(0.25);
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

    private static void print(String name, Heard heard) {
        JitterReport r = heard.report();
        System.out.printf(
                "%-42s %-4s concealed %5.2f %%, by FEC %5.2f %%, delay %3.0f ms mean %3d most,"
                        + " +%d −%d ms",
                name,
                heard.trace().codec(),
                100 * r.concealedShare(),
                100.0 * r.recoveredSamples() / r.playedSamples(),
                heard.meanDelay(5, heard.delays().length / 50.0),
                heard.maxDelay(5, 1e9),
                r.stretchedSamples() / 16,
                r.compressedSamples() / 16);
        short[] said = heard.trace().said();
        if (Arrays.equals(said, TONE) || Arrays.equals(said, LONG_TONE)) {
            System.out.printf(
                    ", clicks %d, worst %.2f, SNR %.1f dB",
                    heard.clicks(HERTZ, AMPLITUDE, CLICK, false, 1),
                    heard.worstClick(HERTZ, AMPLITUDE, 1),
                    heard.toneSnr(HERTZ, 1));
        }
        System.out.println();
    }

    @ParameterizedTest
    @EnumSource(AudioCodec.class)
    void afterAHoldUpOf300MillisTheDelayIsBackWithinTenSeconds(AudioCodec codec) {
        for (short[] said : new short[][] {LONG_TONE, LONG_SPEECH}) {
            Sender phone = new Sender(5);
            phone.codec = codec;
            phone.fifo = true;
            phone.delayNanos = t -> heldUp(t, 20 * SECOND, 20 * SECOND + 300 * MILLI);

            Heard heard = Listening.to(phone.say(said));

            print("held up for 300 ms at 20 s", heard);
            double back = heard.lastAbove(20.3, 45);
            System.out.printf("  back below 45 ms %.1f s after it%n", back - 20.3);
            assertThat(heard.maxDelay(20, 21)).isGreaterThan(200);
            assertThat(back - 20.3).isLessThan(10);
            assertThat(heard.report().lost()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(AudioCodec.class)
    void afterFiveBadSecondsTheDelayIsBackWithinTen(AudioCodec codec) {
        Sender phone = new Sender(5);
        phone.codec = codec;
        phone.delayNanos = t -> t > 15 * SECOND && t < 20 * SECOND ? spread(phone, 150) : 5 * MILLI;

        Heard heard = Listening.to(phone.say(LONG_TONE));

        print("150 ms of jitter for five seconds", heard);
        double back = heard.lastAbove(20, 45);
        System.out.printf("  back below 45 ms %.1f s after it%n", back - 20);
        assertThat(back - 20).isLessThan(10);
        assertThat(heard.report().concealedShare()).isLessThan(0.02);
        assertThat(heard.clicks(HERTZ, AMPLITUDE, CLICK, true, 1)).isZero();
    }

    @Test
    void holdUpsThatComeAgainAndAgainAreAwaited() {
        Sender phone = new Sender(5);
        phone.fifo = true;
        // as Wi-Fi does when it scans: 180 ms each three seconds
        phone.delayNanos = t -> heldUp(t % (3 * SECOND), 2 * SECOND, 2 * SECOND + 180 * MILLI);

        Heard heard = Listening.to(phone.say(LONG_TONE));

        print("180 ms each three seconds", heard);
        int after = 0;
        for (int i = 10 * 50; i < 39 * 50; i++) {
            after += heard.playouts().get(i) == Playout.SPEECH ? 0 : 1;
        }
        assertThat(after).as("frames made up after the third").isZero();
        // a pull may come up to 20 ms before the next packet would have been needed
        assertThat(heard.report().targetMillis()).isBetween(160, 200);
    }

    @Test
    void afterAHoldUpAnotherIsAwaitedForAWhile() {
        Sender phone = new Sender(5);
        phone.fifo = true;
        phone.delayNanos = t -> heldUp(t % (2 * SECOND), SECOND, SECOND + 120 * MILLI);

        Heard heard = Listening.to(phone.say(TONE));

        print("120 ms each two seconds", heard);
        assertThat(heard.playouts().subList(50, 2 * 50)).contains(Playout.CONCEALED);
        assertThat(heard.playouts().subList(2 * 50, 19 * 50)).containsOnly(Playout.SPEECH);
    }

    /** The word of the buffer for its delay is checked against the sound itself. */
    @Test
    void theDelayThatIsToldIsTheDelayThatIsHeard() {
        Sender phone = new Sender(6);
        phone.delayNanos = t -> t > 8 * SECOND ? spread(phone, 60) : 5 * MILLI;

        Heard heard = Listening.to(phone.say(SPEECH));

        int compared = 0;
        for (double at : new double[] {4.1, 5.3, 6.2, 12.1, 13.4, 14.6, 15.2, 16.8}) {
            double heardMillis = heard.mouthToEarMillis(at);
            // packetisation, the network's best, two half-band filters
            double told = heard.delays()[(int) (at * 50)] + 20 + 5 + 3 - 20;
            System.out.printf("at %.1f s heard %.1f ms, told %.1f ms%n", at, heardMillis, told);
            if (heardMillis > 0) {
                compared++;
                assertThat(heardMillis - told).isBetween(-25.0, 25.0);
            }
        }
        assertThat(compared).isGreaterThan(4);
    }

    @Test
    void opusFecBringsBackMostOfWhatSpeechLoses() {
        for (double loss : new double[] {0.05, 0.15}) {
            Sender phone = new Sender(8);
            phone.codec = AudioCodec.OPUS;
            phone.loss = loss;

            Heard heard = Listening.to(phone.say(SPEECH));

            print("speech with FEC, loss " + loss, heard);
            JitterReport report = heard.report();
            assertThat(report.recoveredSamples()).isGreaterThan(report.lost() * 320 * 6 / 10);
            assertThat(report.concealedShare()).isLessThan(0.3 * loss + 0.01);
        }
    }

    @Test
    void whatIsMadeUpForSpeechIsNoRougherThanSpeech() {
        for (AudioCodec codec : AudioCodec.values()) {
            Sender phone = new Sender(8);
            phone.codec = codec;
            phone.opus = OpusSettings.voice(16_000, 5);
            Heard clean = Listening.to(phone.say(SPEECH));
            Sender lossy = new Sender(8);
            lossy.codec = codec;
            lossy.opus = OpusSettings.voice(16_000, 5);
            lossy.loss = 0.15;

            Heard heard = Listening.to(lossy.say(SPEECH));

            double own = Heard.roughness(clean.pcm(), 0, clean.pcm().length);
            double made = Heard.roughness(heard.pcm(), 0, heard.pcm().length);
            System.out.printf("%s at 15 %% loss: roughness %.2f of the clean%n", codec, made / own);
            assertThat(made).isLessThan(1.3 * own);
        }
    }

    @Test
    void aPauseWithoutAWordIsNeitherLossNorNoise() {
        for (boolean noise : new boolean[] {false, true}) {
            Sender phone = new Sender(8);
            phone.dtx = true;
            phone.comfortNoise = noise;
            short[] said = Voices.withPauses(TONE, 1.0, 20);

            Heard heard = Listening.to(phone.say(said));

            print("G.711 that pauses" + (noise ? " with CN" : ""), heard);
            assertThat(heard.report().lost()).isZero();
            assertThat(heard.report().concealedShare()).isLessThan(0.015);
            // its own noise is at −64 dBov; nothing louder is played into the pauses
            for (int second = 3; second < 18; second += 2) {
                int at = second * 16_000 + 3_200;
                assertThat(Level.dbov(heard.pcm(), at, 9_600)).isLessThan(-51);
            }
            assertThat(heard.clicks(HERTZ, AMPLITUDE, CLICK, false, 0.2)).isZero();
        }
    }

    @Test
    void opusDtxPausesAndBeginsAgainWithoutAClick() {
        Sender phone = new Sender(8);
        phone.codec = AudioCodec.OPUS;
        phone.opus = new OpusSettings(16_000, 5, 24_000, false, 0, true);

        Heard heard = Listening.to(phone.say(Voices.withPauses(SPEECH, 1.5, 3)));

        print("Opus DTX", heard);
        assertThat(heard.report().lost()).isZero();
        assertThat(heard.report().concealedShare()).isLessThan(0.02);
        assertThat(heard.playouts()).contains(Playout.COMFORT_NOISE);
        assertThat(Heard.roughness(heard.pcm(), 0, heard.pcm().length))
                .isLessThan(1.2 * Heard.roughness(SPEECH, 0, SPEECH.length));
    }
}

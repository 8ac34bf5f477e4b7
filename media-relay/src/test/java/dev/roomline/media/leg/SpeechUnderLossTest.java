package dev.roomline.media.leg;

import static dev.roomline.media.leg.Sender.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.measure.Alignment;
import dev.roomline.media.measure.Intelligibility;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Speech through bad networks and the real {@link Ear}, measured by ESTOI against what was said,
 * beside the same with silence where something was made up. Prints what it measured.
 */
class SpeechUnderLossTest {
    private static final short[] SAID = SpokenText.by("en-gb");
    private static final Intelligibility OF_SAID = new Intelligibility(SAID);
    private static final int PACKET_SAMPLES = 320;
    private static final long[] SEEDS = {11, 12};

    /** How the phone speaks. */
    enum Talk {
        PCMU(AudioCodec.PCMU, false),
        PCMA(AudioCodec.PCMA, false),
        G722(AudioCodec.G722, false),
        OPUS(AudioCodec.OPUS, false),
        OPUS_WITH_FEC(AudioCodec.OPUS, true);

        private final AudioCodec codec;
        private final boolean fec;

        Talk(AudioCodec codec, boolean fec) {
            this.codec = codec;
            this.fec = fec;
        }

        Sender phone(long seed) {
            Sender phone = new Sender(seed);
            phone.codec = codec;
            phone.opus = new OpusSettings(16_000, 5, 24_000, fec, fec ? 15 : 0, false);
            return phone;
        }
    }

    /**
     * @param concealed ESTOI of what we play
     * @param cutOut ESTOI of the same, silent where packets were lost
     */
    private record Measured(double concealed, double cutOut) {}

    private static Measured measure(Talk talk, Consumer<Sender> network) {
        double concealed = 0;
        double cutOut = 0;
        for (long seed : SEEDS) {
            Sender phone = talk.phone(seed);
            network.accept(phone);
            Trace trace = phone.say(SAID);
            short[] heard = Alignment.of(SAID, Listening.to(trace).pcm());
            concealed += OF_SAID.estoi(heard) / SEEDS.length;
            cutOut += OF_SAID.estoi(silenced(phone, trace, heard)) / SEEDS.length;
        }
        return new Measured(concealed, cutOut);
    }

    /** The 20 ms of each packet that did not come are silent. */
    private static short[] silenced(Sender phone, Trace trace, short[] heard) {
        int ticks = phone.codec.clockRate() / 50;
        boolean[] came = new boolean[heard.length / PACKET_SAMPLES + 1];
        for (Trace.Packet packet : trace.packets()) {
            came[(packet.timestamp() - phone.firstTimestamp) / ticks] = true;
        }
        short[] silenced = heard.clone();
        for (int i = 0; i < silenced.length; i++) {
            silenced[i] = came[i / PACKET_SAMPLES] ? silenced[i] : 0;
        }
        return silenced;
    }

    private static void print(Talk talk, String network, Measured measured) {
        System.out.printf(
                "%-13s %-38s ESTOI %.3f, cut out %.3f%n",
                talk, network, measured.concealed(), measured.cutOut());
    }

    /**
     * @param gain by how much concealment must be better than cutting out
     * @param least ESTOI
     */
    record LossRow(Talk talk, double loss, double run, double gain, double least) {
        @Override
        public String toString() {
            return talk
                    + ", "
                    + Math.round(100 * loss)
                    + " % loss"
                    + (run > 1 ? " in runs of " + Math.round(run) : "");
        }
    }

    static Stream<LossRow> losses() {
        return Stream.of(
                new LossRow(Talk.PCMU, 0.05, 1, 0.008, 0.94),
                new LossRow(Talk.PCMU, 0.15, 1, 0.03, 0.86),
                new LossRow(Talk.PCMU, 0.15, 3, 0.01, 0.86),
                new LossRow(Talk.PCMA, 0.15, 1, 0.03, 0.86),
                new LossRow(Talk.G722, 0.05, 1, 0.008, 0.94),
                new LossRow(Talk.G722, 0.15, 1, 0.03, 0.82),
                new LossRow(Talk.OPUS, 0.05, 1, 0.01, 0.89),
                new LossRow(Talk.OPUS, 0.15, 1, 0.028, 0.7),
                new LossRow(Talk.OPUS_WITH_FEC, 0.05, 1, 0.015, 0.87),
                new LossRow(Talk.OPUS_WITH_FEC, 0.15, 1, 0.05, 0.87));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void concealedSpeechIsUnderstoodBetterThanCutSpeech(LossRow row) {
        Measured measured =
                measure(
                        row.talk(),
                        phone -> {
                            phone.loss = row.loss();
                            phone.lossRun = row.run();
                        });

        print(row.talk(), row.toString(), measured);
        assertThat(measured.concealed() - measured.cutOut()).isGreaterThan(row.gain());
        assertThat(measured.concealed()).isGreaterThan(row.least());
    }

    @Test
    void opusWithFecIsUnderstoodBetterThanWithoutAtFifteenPercent() {
        Measured without = measure(Talk.OPUS, phone -> phone.loss = 0.15);
        Measured with = measure(Talk.OPUS_WITH_FEC, phone -> phone.loss = 0.15);

        assertThat(with.concealed()).isGreaterThan(without.concealed() + 0.1);
    }

    @ParameterizedTest
    @EnumSource(Talk.class)
    void whatIsNotLostIsUnderstoodAsWellAsOnAPerfectNetwork(Talk talk) {
        double perfect = understood(talk, "a perfect network", phone -> {});
        assertThat(perfect).isGreaterThan(talk == Talk.OPUS_WITH_FEC ? 0.88 : 0.96);

        Map<String, Consumer<Sender>> networks =
                Map.of(
                        "40 ms of jitter, overtaking",
                        phone ->
                                phone.delayNanos =
                                        t ->
                                                5 * MILLI
                                                        + (long)
                                                                (phone.random.nextDouble()
                                                                        * 40
                                                                        * MILLI),
                        "each fifth overtaken, a third twice",
                        phone -> {
                            phone.duplication = 0.33;
                            phone.delayNanos =
                                    t -> t / (20 * MILLI) % 5 == 0 ? 32 * MILLI : 5 * MILLI;
                        },
                        "a clock 200 ppm slow",
                        phone -> phone.driftPpm = 200,
                        "a clock 200 ppm fast",
                        phone -> phone.driftPpm = -200);
        networks.forEach(
                (name, network) ->
                        assertThat(understood(talk, name, network))
                                .as(name)
                                .isGreaterThan(perfect - 0.02));
    }

    private static double understood(Talk talk, String name, Consumer<Sender> network) {
        Sender phone = talk.phone(SEEDS[0]);
        network.accept(phone);
        short[] heard = Listening.to(phone.say(SAID)).pcm();
        double estoi = OF_SAID.estoi(Alignment.of(SAID, heard));
        System.out.printf("%-13s %-38s ESTOI %.3f%n", talk, name, estoi);
        return estoi;
    }
}

package dev.roomline.media.jitter;

import static dev.roomline.media.jitter.Network.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.G711;
import dev.roomline.media.dsp.Doubler;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dsp.Tone;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JitterBufferTest {
    private final AudioDecoder decoder = Codecs.load().openDecoder(AudioCodec.PCMU);
    private final short[] frame = new short[160];

    private Network network() {
        return network(440);
    }

    private Network network(double frequency) {
        return new Network(1, decoder, frequency);
    }

    @Test
    void aCleanNetworkIsPlayedBitExactly() {
        Network network = network();

        short[] heard = network.run(20_000);

        // what a receiver without a jitter buffer would have made of the same octets
        short[] reference = new short[21 * 16_000];
        Tone tone = new Tone(440, 8_000, 20 * Math.log10(10_000 / Math.sqrt(2) / 32_767));
        short[] narrow = new short[160];
        Doubler doubler = new Doubler();
        for (int i = 0; i < reference.length / 320; i++) {
            tone.generate(narrow, 0, 160);
            for (int k = 0; k < 160; k++) {
                narrow[k] = G711.decode(AudioCodec.PCMU, G711.encodeMu(narrow[k]));
            }
            doubler.process(narrow, 0, 160, reference, i * 320);
        }
        // the first guess of the network's jitter is forgotten by then
        int from = 12 * 16_000;
        int length = 7 * 16_000;
        int offset = find(reference, Arrays.copyOfRange(heard, from, from + 800), from);
        assertThat(Arrays.copyOfRange(heard, from, from + length))
                .isEqualTo(Arrays.copyOfRange(reference, offset, offset + length));
        assertThat(network.buffer.report().concealedSamples()).isZero();
        assertThat(network.buffer.report().lost()).isZero();
        assertThat(network.buffer.delayMillis()).isBetween(5, 30);
    }

    private static int find(short[] in, short[] what, int near) {
        for (int at = Math.max(0, near - 4_000); at < near + 4_000; at++) {
            if (Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        throw new AssertionError("not found");
    }

    @Test
    void everyPacketTimeFrom10To60MillisIsPlayedWithoutConcealment() {
        for (int ptime : new int[] {10, 20, 30, 40, 60}) {
            Network network = network();
            network.ptimeMillis = ptime;

            short[] heard = network.run(6_000);

            assertThat(network.buffer.report().concealedSamples()).as("ptime %s", ptime).isZero();
            assertThat(Goertzel.snr(heard, 48_000, 16_000, 440, 16_000))
                    .as("ptime %s", ptime)
                    .isGreaterThan(30);
        }
    }

    @Test
    void fortyMillisOfJitterAreAbsorbedAndClickFree() {
        Network network = network();
        network.delay = sent -> 5 * MILLI + (long) (network.random.nextDouble() * 40 * MILLI);

        short[] heard = network.run(120_000);

        JitterReport report = network.buffer.report();
        assertThat(report.concealedShare()).isLessThan(0.01);
        assertThat(report.targetMillis()).isBetween(50, 80);
        assertThat(network.delays.subList(200, network.delays.size()))
                .allSatisfy(delay -> assertThat(delay).isBetween(35, 110));
        assertNoClicks(network, heard, 4 * 16_000);
        assertThat(network.buffer.report().duplicates()).isZero();
    }

    @Test
    void fiveAndFifteenPercentLossAreConcealedWithoutClicks() {
        for (double loss : new double[] {0.05, 0.15}) {
            Network network = network();
            network.loss = loss;

            short[] heard = network.run(60_000);

            JitterReport report = network.buffer.report();
            assertThat(report.concealedShare()).isBetween(0.8 * loss, 1.3 * loss);
            assertThat(report.lost())
                    .isBetween(Math.round(3_000 * loss * 0.7), Math.round(3_000 * loss * 1.3));
            assertNoClicks(network, heard, 16_000);
            assertThat(Level.dbov(heard, 16_000, heard.length - 16_000)).isBetween(-16, -12);
        }
    }

    @Test
    void clockDriftIsFollowedForAnHour() {
        for (double ppm : new double[] {-200, 200}) {
            Network network = network();
            network.skewPpm = ppm;
            double worst = 0;

            for (int minute = 0; minute < 60; minute++) {
                short[] heard = network.run(60_000);
                worst = Math.max(worst, Network.roughness(heard, 16_000, heard.length));
            }

            JitterReport report = network.buffer.report();
            // an hour at 200 ppm is 720 ms
            long moved = (report.stretchedSamples() - report.compressedSamples()) / 16;
            System.out.printf(
                    "%+.0f ppm for an hour: moved %d ms, delay %d ms most, roughness %.0f of %.0f%n",
                    ppm,
                    moved,
                    network.delays.subList(100, network.delays.size()).stream()
                            .mapToInt(Integer::intValue)
                            .max()
                            .orElseThrow(),
                    worst,
                    network.smoothRoughness());
            assertThat(report.concealedShare()).as("%s ppm", ppm).isLessThan(0.0005);
            assertThat(network.delays.subList(100, network.delays.size()))
                    .allMatch(delay -> delay >= 5 && delay <= 60);
            assertThat(ppm > 0 ? moved : -moved).as("%s ppm", ppm).isBetween(660L, 760L);
            assertThat(worst).isLessThan(4 * network.smoothRoughness() + 700);
        }
    }

    @Test
    void aBurstAfterAStallIsPlayedAndTheDelayReturnsToItsMinimum() {
        Network network = network();
        // from 5.0 s to 5.3 s everything is held up and comes at once
        network.delay =
                sent ->
                        sent > 5_000 * MILLI && sent < 5_300 * MILLI
                                ? 5_305 * MILLI - sent
                                : 5 * MILLI;

        short[] heard = network.run(30_000);

        assertThat(network.delays.subList(250, 300))
                .anySatisfy(d -> assertThat(d).isGreaterThan(150));
        assertThat(network.delays.getLast()).isBetween(20, 50);
        assertThat(network.buffer.report().lost()).isZero();
        assertNoClicks(network, heard, 16_000);
    }

    @Test
    void reorderedAndDuplicatedPacketsAreHeardOnce() {
        Network network = network();
        network.duplication = 0.3;
        network.delay = sent -> sent / (20 * MILLI) % 5 == 0 ? 32 * MILLI : 5 * MILLI;

        short[] heard = network.run(20_000);

        JitterReport report = network.buffer.report();
        assertThat(report.duplicates()).isBetween(200L, 400L);
        assertThat(report.concealedShare()).isLessThan(0.005);
        assertThat(Goertzel.snr(heard, 10 * 16_000, 16_000, 440, 16_000)).isGreaterThan(25);
    }

    @Test
    void aPauseOfTheSenderIsNoLoss() {
        Network network = network();
        network.speaks = sent -> sent / (1_000 * MILLI) % 2 == 0;

        short[] heard = network.run(20_000);

        JitterReport report = network.buffer.report();
        assertThat(report.lost()).isZero();
        assertThat(report.late()).isZero();
        // the last pause is still open, so its fade (to the next whole frame) cannot yet be known
        assertThat(report.concealedSamples()).isLessThanOrEqualTo(960 + 320);
        assertThat(Level.dbov(heard, 15 * 16_000 + 4_800, 8_000)).isLessThan(-50);
        assertNoClicks(network, heard, 0);
    }

    @Test
    void anotherSsrcBeginsAnewWithoutAClick() {
        Network network = network();
        network.run(3_000);
        network.ssrc = 0x9999;
        network.firstTimestamp += 123_456;

        short[] heard = network.run(3_000);

        assertNoClicks(network, heard, 0);
        assertThat(Goertzel.snr(heard, 2 * 16_000, 8_000, 440, 16_000)).isGreaterThan(30);
        assertThat(network.buffer.delayMillis()).isBetween(20, 60);
    }

    @Test
    void aStreamThatStopsFadesToItsBackgroundAndThenToSilence() {
        Network network = network();
        network.run(2_000);
        network.loss = 1;

        short[] heard = network.run(3_000);

        // 60 ms of what was said, then 2 s of the line's own noise: a dead line at once alarms
        assertThat(network.playouts.subList(100, 250))
                .contains(Playout.CONCEALED, Playout.COMFORT_NOISE)
                .endsWith(Playout.SILENCE);
        assertThat(Level.dbov(heard, 4_000, 16_000)).isBetween(-68, -52);
        assertThat(Arrays.copyOfRange(heard, 40_000, 48_000)).containsOnly(0);
        assertNoClicks(network, heard, 0);
    }

    @Test
    void comfortNoiseIsPlayedAtTheLevelThatTheSenderGives() {
        JitterBuffer buffer = new JitterBuffer(AudioCodec.PCMU, decoder);
        byte[] silence = new byte[160];
        Arrays.fill(silence, G711.MU_SILENCE);
        int sequence = 0;
        long now = 0;
        for (; sequence < 20; sequence++, now += 20 * MILLI) {
            buffer.insert(7, sequence, sequence * 160, false, silence, 0, 160, now);
            buffer.pull(now, frame);
        }
        buffer.insertComfortNoise(7, sequence, sequence * 160, new byte[] {45}, 0, 1, now);

        double power = 0;
        Playout kind = Playout.SPEECH;
        for (int i = 0; i < 60; i++, now += 20 * MILLI) {
            kind = buffer.pull(now, frame);
            if (i >= 10) {
                power += Level.meanSquare(frame, 0, 160) / 50;
            }
        }

        assertThat(kind).isEqualTo(Playout.COMFORT_NOISE);
        assertThat(Level.ofMeanSquare(power)).isBetween(-47, -43);
        assertThat(buffer.report().concealedSamples()).isZero();
    }

    @Test
    void telephoneEventsLeaveAPauseAndNoLoss() {
        JitterBuffer buffer = new JitterBuffer(AudioCodec.PCMU, decoder);
        byte[] tone = toneOctets();
        long now = 0;
        for (int i = 0; i < 200; i++, now += 20 * MILLI) {
            if (i >= 50 && i < 80) {
                buffer.noteOther(7, i);
            } else {
                buffer.insert(7, i, i * 160, false, tone, 0, 160, now);
            }
            buffer.pull(now, frame);
        }

        assertThat(buffer.report().lost()).isZero();
        assertThat(buffer.report().concealedSamples()).isZero();
    }

    private static byte[] toneOctets() {
        short[] pcm = new short[160];
        new Tone(400, 8_000, -12).generate(pcm, 0, 160);
        byte[] octets = new byte[160];
        for (int i = 0; i < 160; i++) {
            octets[i] = G711.encodeMu(pcm[i]);
        }
        return octets;
    }

    @Test
    void noFloodOfPacketsGrowsItOrMakesItThrow() {
        JitterBuffer buffer = new JitterBuffer(AudioCodec.PCMU, decoder);
        Random random = new Random(5);
        byte[] payload = new byte[1_600];
        for (int i = 0; i < 50_000; i++) {
            int base = random.nextInt(4) == 0 ? random.nextInt() : i;
            buffer.insert(
                    random.nextInt(100) == 0 ? random.nextInt(3) : 1,
                    base & 0xFFFF,
                    random.nextInt(3) == 0 ? random.nextInt() : base * 160,
                    random.nextBoolean(),
                    payload,
                    0,
                    random.nextInt(1_600),
                    i * MILLI);
            if (random.nextInt(50) == 0) {
                buffer.noteOther(1, base & 0xFFFF);
            }
            if (random.nextInt(20) == 0) {
                buffer.pull(i * MILLI, frame);
            }
        }
        for (int i = 0; i < 200; i++) {
            buffer.pull(50_000 * MILLI + i * 20L * MILLI, frame);
        }

        assertThat(buffer.pull(60_000 * MILLI, frame)).isEqualTo(Playout.SILENCE);
    }

    @Test
    void theSequenceNumberMayWrapAndALateOneIsCalledLate() {
        JitterBuffer buffer = new JitterBuffer(AudioCodec.PCMU, decoder);
        byte[] tone = toneOctets();
        long now = 0;
        for (int i = 65_500; i < 65_600; i++, now += 20 * MILLI) {
            Insertion taken = buffer.insert(7, i & 0xFFFF, i * 160, false, tone, 0, 160, now);
            assertThat(taken).isEqualTo(Insertion.ACCEPTED);
            buffer.pull(now, frame);
        }

        assertThat(buffer.insert(7, 10, 65_546 * 160, false, tone, 0, 160, now))
                .isEqualTo(Insertion.DUPLICATE);
        assertThat(buffer.insert(7, 65_400, 65_400 * 160, false, tone, 0, 160, now))
                .isEqualTo(Insertion.LATE);
        assertThat(buffer.report().lost()).isZero();
        assertThat(buffer.insert(7, 70, 0, false, tone, 0, 0, now)).isEqualTo(Insertion.INVALID);
    }

    /** One of packets of 10 ms, each tenth of which the network loses or holds up. */
    private static void insert(JitterBuffer buffer, int i, long nowNanos) {
        byte[] payload = new byte[80];
        buffer.insert(7, i, i * 80, false, payload, 0, payload.length, nowNanos);
    }

    private static boolean isMissing(int i) {
        return i % 10 == 3;
    }

    @Test
    void aCopyThatComesLongAfterwardsTakesNothingFromTheLoss() {
        JitterBuffer buffer = new JitterBuffer(AudioCodec.PCMU, decoder);
        for (int i = 0; i < 1_000; i++) {
            long nowNanos = i * 10L * MILLI;
            if (!isMissing(i)) {
                insert(buffer, i, nowNanos);
            }
            if (i >= 500 && !isMissing(i - 150)) {
                insert(buffer, i - 150, nowNanos);
            }
            if (i % 2 == 1) {
                buffer.pull(nowNanos, frame);
            }
        }
        // some the ring still knows: where they lay a lost one would have lain
        assertThat(buffer.report().late()).isEqualTo(400);
        assertThat(buffer.report().lost()).isBetween(96L, 100L);
    }

    @Test
    void whatComesLongAfterwardsWasNotLostAndThatOnce() {
        JitterBuffer buffer = new JitterBuffer(AudioCodec.PCMU, decoder);
        for (int i = 0; i < 1_000; i++) {
            long nowNanos = i * 10L * MILLI;
            if (!isMissing(i)) {
                insert(buffer, i, nowNanos);
            }
            if (i >= 500 && isMissing(i - 150)) {
                insert(buffer, i - 150, nowNanos);
                insert(buffer, i - 150, nowNanos);
            }
            if (i % 2 == 1) {
                buffer.pull(nowNanos, frame);
            }
        }
        assertThat(buffer.report().late()).isEqualTo(2 * 50);
        assertThat(buffer.report().lost()).isBetween(46L, 50L);
    }

    private static void assertNoClicks(Network network, short[] heard, int from) {
        // a joint of two phases bends the tone, but by a small multiple of its own curvature; a
        // hard splice of it would be ten times that
        assertThat(Network.roughness(heard, from, heard.length))
                .isLessThan(4 * network.smoothRoughness() + 700);
    }
}

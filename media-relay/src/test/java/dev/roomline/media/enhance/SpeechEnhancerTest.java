package dev.roomline.media.enhance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.dsp.Level;
import dev.roomline.media.leg.SpokenText;
import dev.roomline.media.measure.Alignment;
import dev.roomline.media.measure.Intelligibility;
import dev.roomline.media.measure.Resampled;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpeechEnhancerTest {
    private static final short[] SAID = SpokenText.by("en-gb");
    private static final EnhancementWishes NOISE = new EnhancementWishes(true, false);
    private static final EnhancementWishes GAIN = new EnhancementWishes(false, true);
    private static final EnhancementWishes BOTH = new EnhancementWishes(true, true);

    private static short[] at(int rate, short[] wide) {
        return rate == 16_000 ? wide : rounded(Resampled.of(wide, 16_000, rate));
    }

    private static short[] wide(int rate, short[] pcm) {
        return rate == 16_000 ? pcm : rounded(Resampled.of(pcm, rate, 16_000));
    }

    private static short[] rounded(double[] samples) {
        short[] out = new short[samples.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (short) Math.clamp(Math.round(samples[i]), -32_768, 32_767);
        }
        return out;
    }

    private static short[] enhanced(EnhancementWishes wishes, int rate, short[] pcm) {
        short[] out = new short[pcm.length];
        short[] frame = new short[rate / 50];
        try (SpeechEnhancer enhancer = Enhancement.load(wishes).open(rate)) {
            for (int at = 0; at + frame.length <= pcm.length; at += frame.length) {
                System.arraycopy(pcm, at, frame, 0, frame.length);
                enhancer.process(frame);
                System.arraycopy(frame, 0, out, at, frame.length);
            }
        }
        return out;
    }

    private static short[] louder(short[] pcm, double decibels) {
        double[] out = new double[pcm.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = pcm[i] * Math.pow(10, decibels / 20);
        }
        return rounded(out);
    }

    /** Two seconds of a fan alone, then somebody who speaks beside it. */
    private static short[] besideAFan(int rate, short[] said, double noise) {
        Random random = new Random(9);
        double[] out = new double[said.length + 2 * rate];
        for (int i = 0; i < out.length; i++) {
            double speech = i < 2 * rate ? 0 : said[i - 2 * rate];
            out[i] = speech + noise * random.nextGaussian();
        }
        return rounded(out);
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000})
    void noiseIsLoweredAndSpeechBetterUnderstood(int rate) {
        short[] said = at(rate, SAID);
        short[] noisy = besideAFan(rate, said, 800);
        short[] made = enhanced(NOISE, rate, noisy);
        int noiseBefore = Level.dbov(noisy, rate, rate / 2);
        int noiseAfter = Level.dbov(made, rate, rate / 2);
        short[] clean = wide(rate, besideAFan(rate, said, 0));
        Intelligibility understood = new Intelligibility(clean);
        double before = understood.estoi(wide(rate, noisy));
        double after = understood.estoi(Alignment.of(clean, wide(rate, made)));
        System.out.printf(
                "%d Hz: noise %d → %d dBov, ESTOI %.3f → %.3f%n",
                rate, noiseBefore, noiseAfter, before, after);

        assertThat(noiseAfter).isLessThan(noiseBefore - 9);
        assertThat(after).isGreaterThan(before + 0.02);
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000})
    void quietAndLoudPhonesComeOutAlike(int rate) {
        short[] said = at(rate, SAID);
        int from = said.length / 2;
        int quiet = Level.dbov(enhanced(GAIN, rate, louder(said, -15)), from, from);
        int loud = Level.dbov(enhanced(GAIN, rate, louder(said, 8)), from, from);
        System.out.printf("%d Hz: quiet %d, loud %d dBov%n", rate, quiet, loud);

        assertThat(loud - quiet).isBetween(-2, 3);
        assertThat(loud).isBetween(-26, -19);
    }

    @Test
    void whatIsHeldBackComesOutOnceWhenTheSoundEnds() {
        short[] frame = new short[160];
        short[] silence = new short[160];
        try (SpeechEnhancer enhancer = Enhancement.load(GAIN).open(8_000)) {
            assertThat(enhancer.drain(silence)).isFalse();
            for (int i = 0; i < 20; i++) {
                System.arraycopy(at(8_000, SAID), 8_000 + i * 160, frame, 0, 160);
                enhancer.process(frame);
            }

            assertThat(enhancer.drain(silence)).isTrue();
            assertThat(Level.dbov(silence, 0, 80)).isGreaterThan(-60);
            assertThat(Level.dbov(silence, 80, 80)).isLessThan(-80);
            assertThat(enhancer.drain(silence)).isFalse();
        }
    }

    @Test
    void aFrameAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        short[] frame = new short[320];
        try (SpeechEnhancer enhancer = Enhancement.load(BOTH).open(16_000)) {
            for (int i = 0; i < 20_000; i++) {
                System.arraycopy(SAID, i % 200 * 320, frame, 0, 320);
                enhancer.process(frame);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                System.arraycopy(SAID, i % 200 * 320, frame, 0, 320);
                enhancer.process(frame);
            }
            double perFrame = (threads.getCurrentThreadAllocatedBytes() - before) / 10_000.0;
            assertThat(perFrame).isLessThan(1);
        }
    }

    @Test
    void whatIsNotWishedIsNotDone() {
        assertThat(Enhancement.load(EnhancementWishes.NONE).isOn()).isFalse();
        assertThat(Enhancement.load(NOISE).done()).hasToString("noise suppression");
        assertThat(Enhancement.load(BOTH).done()).hasToString("noise suppression, auto gain");
    }

    @Test
    void aLibraryThatRefusesIsFoundOutAtTheStartAndIsNoFault() {
        EnhancementWishes wishes = new EnhancementWishes(true, true);

        assertThat(Enhancement.load(wishes).isOn()).isTrue();
        assertThat(
                        Enhancement.tried(
                                        wishes,
                                        _ -> {
                                            throw new IllegalStateException("no such request");
                                        })
                                .isOn())
                .isFalse();
    }
}

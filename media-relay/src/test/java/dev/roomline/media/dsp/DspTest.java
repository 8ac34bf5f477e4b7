package dev.roomline.media.dsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DspTest {
    private static final double IN_DBOV = -10;

    /** What comes out of the 16 to 8 kHz step at the frequency where the tone lands, in dB. */
    private static double halvedGain(double frequency) {
        short[] in = new short[320];
        short[] out = new short[8_000];
        Tone tone = new Tone(frequency, 16_000, IN_DBOV);
        Halver halver = new Halver();
        for (int at = 0; at < out.length; at += 160) {
            tone.generate(in, 0, 320);
            halver.process(in, 0, 320, out, at);
        }
        double lands = frequency < 4_000 ? frequency : 8_000 - frequency;
        return Goertzel.dbov(out, 800, 6_400, lands, 8_000) - IN_DBOV;
    }

    /** The tone's gain through the 8 to 16 kHz step, or that of its image. */
    private static double doubledGain(double frequency, double listenAt) {
        short[] in = new short[160];
        short[] out = new short[16_000];
        Tone tone = new Tone(frequency, 8_000, IN_DBOV);
        Doubler doubler = new Doubler();
        for (int at = 0; at < out.length; at += 320) {
            tone.generate(in, 0, 160);
            doubler.process(in, 0, 160, out, at);
        }
        return Goertzel.dbov(out, 1_600, 12_800, listenAt, 16_000) - IN_DBOV;
    }

    @Test
    void halvingIsFlatToThePassbandsEdgeAndStopsWhatWouldAlias() {
        for (double frequency : new double[] {50, 300, 1_000, 2_000, 3_000, 3_400}) {
            assertThat(halvedGain(frequency)).as("%s Hz", frequency).isCloseTo(0, within(0.1));
        }
        assertThat(halvedGain(4_600)).isLessThan(-40);
        for (double frequency : new double[] {4_800, 5_200, 6_000, 7_000, 7_900}) {
            assertThat(halvedGain(frequency)).as("%s Hz", frequency).isLessThan(-72);
        }
    }

    @Test
    void doublingIsFlatAndLeavesNoImage() {
        for (double frequency : new double[] {50, 300, 1_000, 2_000, 3_000, 3_400}) {
            assertThat(doubledGain(frequency, frequency))
                    .as("%s Hz", frequency)
                    .isCloseTo(0, within(0.1));
        }
        assertThat(doubledGain(3_400, 4_600)).isLessThan(-40);
        for (double frequency : new double[] {100, 1_000, 2_000, 3_200}) {
            assertThat(doubledGain(frequency, 8_000 - frequency))
                    .as("%s Hz", frequency)
                    .isLessThan(-72);
        }
    }

    @Test
    void upsamplingIsFlatAndLeavesNoImageAtAnyFactorAndInPiecesOfAnyLength() {
        for (int factor : new int[] {3, 6}) {
            int rate = 48_000 / factor;
            for (double frequency : new double[] {0.006, 0.125, 0.25, 0.375, 0.42}) {
                double hertz = frequency * rate;
                String as = hertz + " Hz, times " + factor;
                short[] out = upsampled(factor, hertz, rate / 50);
                assertThat(Goertzel.dbov(out, 9_600, 38_400, hertz, 48_000) - IN_DBOV)
                        .as(as)
                        .isCloseTo(0, within(0.1));
                for (double image : new double[] {rate - hertz, rate + hertz, 2 * rate - hertz}) {
                    assertThat(Goertzel.dbov(out, 9_600, 38_400, image, 48_000) - IN_DBOV)
                            .as(as + ", heard at " + image)
                            .isLessThan(-60);
                }
                assertThat(upsampled(factor, hertz, 70)).isEqualTo(out);
            }
        }
    }

    /** A second of a tone at 48 kHz, made of pieces of so many samples. */
    private static short[] upsampled(int factor, double hertz, int piece) {
        int rate = 48_000 / factor;
        short[] in = new short[rate];
        new Tone(hertz, rate, IN_DBOV).generate(in, 0, rate);
        short[] out = new short[48_000];
        short[] some = new short[piece * factor];
        Upsampler upsampler = new Upsampler(factor);
        for (int at = 0; at < rate; at += piece) {
            int samples = Math.min(piece, rate - at);
            upsampler.process(in, at, samples, some);
            System.arraycopy(some, 0, out, at * factor, samples * factor);
        }
        return out;
    }

    @Test
    void resamplingBeginsAnywhereAsIfItHadAlwaysRun() {
        Random random = new Random(3);
        Resampler resampler = new Resampler();
        Doubler doubler = new Doubler();
        Halver halver = new Halver();
        int[] narrow = new int[Resampler.NARROW_MEMORY + 160];
        int[] wide = new int[Resampler.WIDE_MEMORY + 320];
        short[] narrowIn = new short[160];
        short[] wideIn = new short[320];
        short[] narrowOut = new short[160];
        short[] wideOut = new short[320];
        for (int frame = 0; frame < 20; frame++) {
            System.arraycopy(narrow, 160, narrow, 0, Resampler.NARROW_MEMORY);
            System.arraycopy(wide, 320, wide, 0, Resampler.WIDE_MEMORY);
            for (int i = 0; i < 160; i++) {
                narrowIn[i] = (short) random.nextInt(-9_000, 9_000);
                narrow[Resampler.NARROW_MEMORY + i] = narrowIn[i];
            }
            for (int i = 0; i < 320; i++) {
                wideIn[i] = (short) random.nextInt(-9_000, 9_000);
                wide[Resampler.WIDE_MEMORY + i] = wideIn[i];
            }
            doubler.process(narrowIn, 0, 160, wideOut, 0);
            halver.process(wideIn, 0, 320, narrowOut, 0);
            // it is asked now and then only, and remembers nothing
            if (frame % 3 == 1) {
                int[] doubled = new int[320];
                int[] halved = new int[160];
                resampler.addDoubled(narrow, doubled);
                resampler.addHalved(wide, halved);
                for (int i = 0; i < 320; i++) {
                    assertThat(doubled[i]).isEqualTo(wideOut[i]);
                }
                for (int i = 0; i < 160; i++) {
                    assertThat(halved[i]).isEqualTo(narrowOut[i]);
                }
            }
        }
    }

    @Test
    void levelsAreThoseOfRfc6464() {
        short[] pcm = new short[1_600];
        assertThat(Level.dbov(pcm, 0, 1_600)).isEqualTo(-127);
        java.util.Arrays.fill(pcm, Short.MAX_VALUE);
        assertThat(Level.dbov(pcm, 0, 1_600)).isZero();
        java.util.Arrays.fill(pcm, Short.MIN_VALUE);
        assertThat(Level.dbov(pcm, 0, 1_600)).isZero();
        for (int level : new int[] {-4, -20, -40, -60}) {
            new Tone(500, 16_000, level).generate(pcm, 0, 1_600);
            assertThat(Level.dbov(pcm, 0, 1_600)).isEqualTo(level);
        }
    }

    @Test
    void everybodyButOneselfIsTheSumLessOnesOwn() {
        int[] sum = new int[3];
        short[] loud = {30_000, -30_000, 5};
        short[] also = {30_000, -30_000, 7};
        Mix.add(sum, loud, 0, 3);
        Mix.add(sum, also, 0, 3);
        assertThat(sum).containsExactly(60_000, -60_000, 12);
        int[] others = new int[3];
        Mix.minus(sum, also, 0, 3, others);
        assertThat(others).containsExactly(30_000, -30_000, 5);
        Mix.add(others, loud, 0, 3, -1f);
        assertThat(others).containsExactly(0, 0, 0);
    }

    @Test
    void theLimiterLeavesWhatIsBelowMinusThreeAndNeverWraps() {
        for (int sample = -SoftLimiter.KNEE; sample <= SoftLimiter.KNEE; sample++) {
            assertThat(SoftLimiter.limit(sample)).isEqualTo((short) sample);
        }
        int last = 0;
        for (int sample = 0; sample < 40_000_000; sample += 97) {
            int limited = SoftLimiter.limit(sample);
            assertThat(limited).isGreaterThanOrEqualTo(last);
            assertThat(SoftLimiter.limit(-sample)).isEqualTo((short) -limited);
            last = limited;
        }
        assertThat(SoftLimiter.limit(Integer.MAX_VALUE)).isPositive();
        assertThat(SoftLimiter.limit(Integer.MIN_VALUE)).isNegative();
    }

    @Test
    void theLimiterAddsNoDistortionBelowItsKneeAndLittleAbove() {
        assertThat(limitedSnr(-6.1)).isGreaterThan(80);
        // 3 dB over full scale; a sum that wrapped would leave less than nothing
        assertThat(limitedSnr(0)).isGreaterThan(15);
    }

    private static double limitedSnr(double dbov) {
        int[] sum = new int[16_000];
        short[] out = new short[16_000];
        double amplitude = Level.amplitude(dbov) * Math.sqrt(2);
        for (int i = 0; i < sum.length; i++) {
            sum[i] = (int) Math.round(amplitude * Math.sin(2 * Math.PI * 440 * i / 16_000));
        }
        SoftLimiter.limit(sum, sum.length, out, 0);
        return Goertzel.snr(out, 0, 16_000, 440, 16_000);
    }

    @Test
    void aGainRampReachesItsValueWithoutAStep() {
        GainRamp ramp = new GainRamp(1);
        short[] pcm = new short[320];
        java.util.Arrays.fill(pcm, (short) 10_000);
        ramp.apply(pcm, 0, 320);
        assertThat(pcm).containsOnly(10_000);
        ramp.set(0);
        ramp.apply(pcm, 0, 320);
        for (int i = 1; i < 320; i++) {
            assertThat(pcm[i - 1] - pcm[i]).isBetween(30, 33);
        }
        assertThat(pcm[319]).isZero();
        assertThat(ramp.isMuted()).isTrue();
        ramp.set(4);
        java.util.Arrays.fill(pcm, (short) 10_000);
        ramp.apply(pcm, 0, 320);
        assertThat(pcm[319]).isEqualTo(Short.MAX_VALUE);
    }

    @Test
    void aCrossFadeJoinsItsTwoEnds() {
        short[] old = {1_000, 1_000, 1_000, 1_000};
        short[] fresh = {-1_000, -1_000, -1_000, -1_000};
        Fade.cross(old, 0, fresh, 0, 4);
        assertThat(fresh).containsExactly(600, 200, -200, -600);
    }

    @Test
    void comfortNoiseHasTheLevelThatIsAsked() {
        for (int level : new int[] {-30, -45, -60}) {
            ComfortNoise narrow = new ComfortNoise(8_000);
            short[] telephone = new short[16_000];
            narrow.setLevel(level);
            narrow.generate(telephone, 0, 160);
            narrow.generate(telephone, 0, 16_000);
            assertThat(Level.dbov(telephone, 0, 16_000)).isBetween(level - 1, level + 1);
            ComfortNoise noise = new ComfortNoise(16_000);
            short[] pcm = new short[32_000];
            noise.setLevel(level);
            noise.generate(pcm, 0, 320);
            noise.generate(pcm, 0, 32_000);
            assertThat(Level.dbov(pcm, 0, 32_000)).isBetween(level - 1, level + 1);
            noise.setLevel(Level.SILENCE);
            noise.generate(pcm, 0, 320);
            noise.generate(pcm, 0, 320);
            assertThat(noise.isSilent()).isTrue();
        }
    }

    @Test
    @Tag("RFC3389§3")
    void comfortNoiseHasTheSpectrumThatTheSenderDescribes() {
        // RFC 3389 §3.2: k = 258 (N − 127) / 32768; −0.9 leans towards low, +0.9 towards high
        for (int rate : new int[] {8_000, 16_000}) {
            for (int sign : new int[] {-1, 1}) {
                ComfortNoise noise = new ComfortNoise(rate);
                noise.setLevel(-40);
                noise.setSpectrum(new byte[] {(byte) (127 + sign * 114)}, 0, 1);
                short[] pcm = new short[33_001];
                // odd pieces: none of the noise may get lost between them
                noise.generate(pcm, 0, 333);
                noise.generate(pcm, 333, 667);
                noise.generate(pcm, 1_000, 32_001);

                assertThat(Level.dbov(pcm, 1_000, 32_000)).isBetween(-42, -39);
                double low = 0;
                double high = 0;
                for (int hertz = 100; hertz < 1_000; hertz += 10) {
                    low += Goertzel.power(pcm, 1_000, 32_000, hertz, rate);
                    high += Goertzel.power(pcm, 1_000, 32_000, hertz + 2_300, rate);
                }
                double lean = 10 * Math.log10(low / high);
                assertThat(-sign * lean).as("%s at %s Hz", sign, rate).isGreaterThan(6);
            }
        }
    }

    @Test
    void goertzelHearsATonesLevelAndWhatSpoilsIt() {
        short[] pcm = new short[1_603];
        new Tone(437, 16_000, -20).generate(pcm, 0, pcm.length);
        assertThat(Goertzel.dbov(pcm, 0, pcm.length, 437, 16_000)).isCloseTo(-20, within(0.05));
        assertThat(Goertzel.dbov(pcm, 0, pcm.length, 1_437, 16_000)).isLessThan(-50);
        assertThat(Goertzel.snr(pcm, 0, pcm.length, 437, 16_000)).isGreaterThan(60);
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] += i % 2 == 0 ? (short) 327 : (short) -327;
        }
        // noise at −40 dBov under a tone at −20
        assertThat(Goertzel.snr(pcm, 0, pcm.length, 437, 16_000)).isCloseTo(20, within(0.2));
    }

    /** A corner in its curve would buzz, and where it is flat two voices are one noise. */
    @Test
    void theLimiterBendsWithoutACornerAndIsNowhereFlat() {
        int step = 100;
        for (int x = 0; x < 3 * Short.MAX_VALUE; x += step) {
            int low = SoftLimiter.limit(x);
            int middle = SoftLimiter.limit(x + step);
            int high = SoftLimiter.limit(x + 2 * step);
            assertThat(middle).as("at %s", x).isGreaterThan(low);
            assertThat(high - 2 * middle + low).as("at %s", x).isBetween(-4, 1);
        }
    }
}

package dev.roomline.media.dsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
    void aCopyOfAHalverContinuesWhereTheOriginIs() {
        short[] in = new short[320];
        new Tone(700, 16_000, -10).generate(in, 0, 320);
        Halver origin = new Halver();
        short[] a = new short[160];
        short[] b = new short[160];
        origin.process(in, 0, 320, a, 0);
        Halver copy = new Halver();
        copy.copyFrom(origin);
        origin.process(in, 0, 320, a, 0);
        copy.process(in, 0, 320, b, 0);
        assertThat(b).isEqualTo(a);
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
            ComfortNoise noise = new ComfortNoise();
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
    void comfortNoiseHasTheSpectrumThatTheSenderDescribes() {
        // RFC 3389 §3.2: k = 258 (N − 127) / 32768; −0.9 leans towards low, +0.9 towards high
        for (int sign : new int[] {-1, 1}) {
            ComfortNoise noise = new ComfortNoise();
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
                low += Goertzel.power(pcm, 1_000, 32_000, hertz, 16_000);
                high += Goertzel.power(pcm, 1_000, 32_000, hertz + 2_300, 16_000);
            }
            double lean = 10 * Math.log10(low / high);
            assertThat(-sign * lean).as("%s", sign).isGreaterThan(6);
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
}

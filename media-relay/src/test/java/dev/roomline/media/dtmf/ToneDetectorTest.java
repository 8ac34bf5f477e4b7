package dev.roomline.media.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.G711;
import dev.roomline.media.dsp.Halver;
import dev.roomline.media.leg.SpokenText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ToneDetectorTest {
    private static final String KEYS = "123A456B789C*0#D";
    private static final double[] LOW = {697, 770, 852, 941};
    private static final double[] HIGH = {1_209, 1_336, 1_477, 1_633};
    private static final double LOUD = 5_000;

    private final StringBuilder heard = new StringBuilder();
    private final List<Integer> millis = new ArrayList<>();
    private final ToneDetector detector =
            new ToneDetector(
                    (digit, duration) -> {
                        heard.append(digit);
                        millis.add(duration);
                    });
    private final Random random = new Random(24);
    private int at;
    private int suspicious;

    /** As it comes by µ-law. */
    private void hear(double sample) {
        int linear = Math.clamp(Math.round(sample), -32_768, 32_767);
        detector.hear(G711.decode(AudioCodec.PCMU, G711.encodeMu(linear)));
        suspicious += detector.isActive() ? 1 : 0;
    }

    private void press(char key, double durationMillis, double lowLevel, double highLevel) {
        int code = KEYS.indexOf(key);
        tones(LOW[code / 4], HIGH[code % 4], durationMillis, lowLevel, highLevel);
    }

    private void tones(
            double low, double high, double durationMillis, double lowLevel, double highLevel) {
        for (int i = 0; i < durationMillis * 8; i++, at++) {
            hear(
                    lowLevel * Math.sin(2 * Math.PI * low * at / 8_000)
                            + highLevel * Math.sin(2 * Math.PI * high * at / 8_000));
        }
    }

    private void rest(double durationMillis, double noise) {
        for (int i = 0; i < durationMillis * 8; i++, at++) {
            hear(noise * random.nextGaussian());
        }
    }

    @Test
    void eachKeyIsHeardOnceWithItsLength() {
        for (int i = 0; i < KEYS.length(); i++) {
            press(KEYS.charAt(i), 100, LOUD, LOUD);
            rest(100, 20);
        }

        assertThat(heard).hasToString(KEYS);
        assertThat(millis).allSatisfy(each -> assertThat(each).isBetween(80, 115));
    }

    /** Q.24 table A-1: 40 ms and pauses of 40 ms are keys, wherever the windows begin. */
    @Test
    void keysOfFortyMillisecondsWithPausesOfFortyAreAllHeard() {
        StringBuilder pressed = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            char key = KEYS.charAt(i % 16);
            pressed.append(key);
            press(key, 40, LOUD, LOUD);
            rest(40 + i % 7, 20);
        }

        assertThat(heard).hasToString(pressed.toString());
    }

    @Test
    void whatIsShorterThanTwentyThreeMillisecondsIsNoKey() {
        for (int i = 0; i < 200; i++) {
            press(KEYS.charAt(i % 16), 22.9, LOUD, LOUD);
            rest(60 + i % 7, 20);
        }

        assertThat(heard).isEmpty();
    }

    @Test
    void aGapOfTenMillisecondsIsNoEndAndOneOfFortyIs() {
        press('5', 80, LOUD, LOUD);
        rest(10, 0);
        press('5', 80, LOUD, LOUD);
        rest(40, 0);
        press('5', 80, LOUD, LOUD);
        rest(100, 0);

        assertThat(heard).hasToString("55");
    }

    @Test
    void tonesOnePointFivePercentOffAreKeysAndThreePointFivePercentOffAreNone() {
        for (double off : new double[] {-0.015, 0.015}) {
            tones(770 * (1 + off), 1_336 * (1 - off), 100, LOUD, LOUD);
            rest(100, 20);
        }
        assertThat(heard).hasToString("55");

        for (double off : new double[] {-0.035, 0.035}) {
            tones(770 * (1 + off), 1_336, 100, LOUD, LOUD);
            rest(100, 20);
            tones(770, 1_336 * (1 + off), 100, LOUD, LOUD);
            rest(100, 20);
        }
        assertThat(heard).hasToString("55");
    }

    @Test
    void theTwistAndTheLoudnessThatQ24NamesAreTakenAndMoreIsNot() {
        press('1', 80, 4_000, 4_000 * db(3.9));
        rest(80, 5);
        press('2', 80, 4_000, 4_000 * db(-7.5));
        rest(80, 5);
        press('3', 80, 16_000, 16_000);
        rest(80, 5);
        press('4', 80, 900, 900);
        rest(80, 5);
        assertThat(heard).hasToString("1234");

        press('5', 80, 2_000, 2_000 * db(8));
        rest(80, 5);
        press('6', 80, 4_000, 4_000 * db(-12));
        rest(80, 5);
        press('7', 80, 100, 100);
        rest(80, 5);
        tones(770, 0, 80, LOUD, 0);
        rest(80, 5);
        assertThat(heard).hasToString("1234");
    }

    private static double db(double decibels) {
        return Math.pow(10, decibels / 20);
    }

    @Test
    void aKeyInNoiseFifteenDecibelsBelowIsHeard() {
        for (int i = 0; i < 50; i++) {
            int code = i % 16;
            for (int n = 0; n < 800; n++, at++) {
                hear(
                        LOUD * Math.sin(2 * Math.PI * LOW[code / 4] * at / 8_000)
                                + LOUD * Math.sin(2 * Math.PI * HIGH[code % 4] * at / 8_000)
                                + LOUD * db(-15) * random.nextGaussian());
            }
            rest(100, LOUD * db(-15));
        }

        assertThat(heard).hasSize(50);
    }

    /** Voices, each at eight pitches; their harmonics come by every pair of tones. */
    @Test
    void minutesOfSpeechHoldNoKeyAndHardlyEverLookLikeOne() {
        double seconds = 0;
        for (String voice : List.of("en-gb", "en-us+f3", "de", "hi", "en-us+m7", "fr+f2")) {
            short[] wide = SpokenText.by(voice);
            short[] said = new short[wide.length / 2];
            new Halver().process(wide, 0, 2 * said.length, said, 0);
            for (double speed = 0.7; speed < 1.45; speed += 0.1) {
                for (double place = 0; place < said.length - 1; place += speed) {
                    double into = place - (int) place;
                    hear(2 * (said[(int) place] * (1 - into) + said[(int) place + 1] * into));
                }
                seconds += said.length / speed / 8_000;
            }
        }
        System.out.printf(
                "%.1f minutes of speech: keys \"%s\", %.0f ms that looked like one%n",
                seconds / 60, heard, suspicious / 8.0);

        assertThat(seconds).isGreaterThan(10 * 60);
        assertThat(heard).isEmpty();
        assertThat(suspicious / 8.0).isLessThan(200);
    }
}

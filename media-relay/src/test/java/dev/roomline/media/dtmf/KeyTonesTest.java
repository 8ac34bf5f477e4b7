package dev.roomline.media.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.dsp.Goertzel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyTonesTest {
    private static final String KEYS = "0123456789*#ABCD";
    private static final double HUM = 6_000;

    private final DtmfSender sender = new DtmfSender();
    private final KeyTones tones = new KeyTones(sender);
    private int rate = 8_000;
    private int at;

    /** So many frames of a hum of 300 Hz, with what is pressed meanwhile. */
    private short[] hear(int frames) {
        List<short[]> all = new ArrayList<>();
        for (int n = 0; n < frames; n++) {
            short[] frame = new short[rate / 50];
            for (int i = 0; i < frame.length; i++, at++) {
                frame[i] = (short) (HUM * Math.sin(2 * Math.PI * 300 * at / rate));
            }
            if (tones.busy()) {
                tones.draw(frame, frame.length);
            }
            all.add(frame);
        }
        short[] joined = new short[all.size() * rate / 50];
        for (int i = 0; i < all.size(); i++) {
            System.arraycopy(all.get(i), 0, joined, i * rate / 50, rate / 50);
        }
        return joined;
    }

    /** All lie below 1.7 kHz, so that every second sample tells them too. */
    private String keysIn(short[] pcm) {
        StringBuilder heard = new StringBuilder();
        ToneDetector detector = new ToneDetector((digit, millis) -> heard.append(digit));
        for (int i = 0; i < pcm.length; i += rate / 8_000) {
            detector.hear(pcm[i]);
        }
        return heard.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000})
    void everyKeyIsHeardAsTonesAtTheShortestThatReceiversTake(int sampleRate) {
        rate = sampleRate;
        sender.press(KEYS, 40, 40);

        assertThat(keysIn(hear(16 * 4 + 10))).isEqualTo(KEYS);
        sender.press("99w9", 100, 100);
        assertThat(keysIn(hear(80))).isEqualTo("999");
    }

    @Test
    void theTonesStandAtMinusTenAndMinusEightOfNominal() {
        sender.press("1", 200, 40);
        short[] pcm = hear(9);

        // a sine of full scale is −3.01 dBov and +3.14 dBm0
        double low = Goertzel.dbov(pcm, 800, 640, 697, rate) + 3.01 + 3.14;
        double high = Goertzel.dbov(pcm, 800, 640, 1_209, rate) + 3.01 + 3.14;
        assertThat(low).isBetween(-10.5, -9.5);
        assertThat(high).isBetween(-8.5, -7.5);
    }

    /** Second differences: of a tone alone they are bounded, at a cut they are its amplitude. */
    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000})
    void nothingBeginsOrEndsWithAJump(int sampleRate) {
        rate = sampleRate;
        sender.press("5w#D", 60, 60);
        short[] pcm = hear(60);
        double steady =
                7_220 * Math.pow(2 * Math.PI * 941 / rate, 2)
                        + 9_090 * Math.pow(2 * Math.PI * 1_633 / rate, 2);
        for (int i = 2; i < pcm.length; i++) {
            double bend = Math.abs(pcm[i] - 2.0 * pcm[i - 1] + pcm[i - 2]);
            assertThat(bend).as("sample %s", i).isLessThan(1.15 * steady);
        }
        assertThat(Math.abs(pcm[1] - pcm[0])).isLessThan(2_000);
    }

    @Test
    void theOtherSoundRestsWhileKeysArePressedAndIsItselfAgainAfterwards() {
        sender.press("12w", 100, 100);
        short[] pressed = hear(20);
        assertThat(Goertzel.dbov(pressed, 40, 3_160, 300, rate)).isLessThan(-35);
        // the pause that was asked for is one of the keys, and not of the others' sound
        short[] after = hear(25);
        int from = at - after.length;
        for (int i = 40; i < after.length; i++) {
            double hum = HUM * Math.sin(2 * Math.PI * 300 * (from + i) / rate);
            assertThat(after[i]).isEqualTo((short) hum);
        }
        assertThat(tones.busy()).isFalse();
    }

    @Test
    void tonesMayNotWrapWhateverTheyAreAddedTo() {
        sender.press("D", 100, 40);
        short[] pcm = new short[160];
        Arrays.fill(pcm, Short.MIN_VALUE);
        tones.draw(pcm, 160);
        for (int i = 1; i < 40; i++) {
            assertThat(pcm[i] - pcm[i - 1]).isLessThan(20_000);
        }
    }
}

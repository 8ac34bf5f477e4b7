package dev.roomline.media.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DtmfReceiverTest {
    private static final long MILLI = 1_000_000L;
    private final List<String> digits = new ArrayList<>();
    private final DtmfReceiver receiver =
            new DtmfReceiver(8_000, (digit, millis) -> digits.add(digit + " " + millis));
    private long now;

    private boolean send(int timestamp, boolean marker, int event, boolean end, int duration) {
        byte[] payload = {
            (byte) event, (byte) (end ? 0x8A : 0x0A), (byte) (duration >> 8), (byte) duration
        };
        now += 20 * MILLI;
        return receiver.handle(1, timestamp, marker, payload, 0, 4, now);
    }

    private void press(int timestamp, int event) {
        for (int i = 1; i <= 5; i++) {
            send(timestamp, i == 1, event, false, 160 * i);
        }
        for (int i = 0; i < 3; i++) {
            send(timestamp, false, event, true, 960);
        }
    }

    @Test
    void redundantEndsMakeOneDigitWithItsDuration() {
        press(1_000, 5);
        assertThat(digits).containsExactly("5 120");
        assertThat(receiver.isActive()).isFalse();
    }

    @Test
    void allSixteenEventsAreDigitsAndOthersAreNot() {
        for (int event = 0; event < 16; event++) {
            press(event * 10_000, event);
        }
        assertThat(digits.stream().map(line -> line.substring(0, 1)).toList())
                .isEqualTo(List.of("0123456789*#ABCD".split("")));
        digits.clear();
        assertThat(send(999_000, true, 16, true, 800)).isFalse();
        assertThat(send(999_000, true, 255, true, 800)).isFalse();
        assertThat(digits).isEmpty();
    }

    @Test
    void theSameDigitTwiceIsTwoDigits() {
        press(1_000, 7);
        press(3_000, 7);
        assertThat(digits).containsExactly("7 120", "7 120");
    }

    @Test
    @Tag("RFC4733§2.5.2.2")
    void lostEndsAreReplacedByTime() {
        send(1_000, true, 3, false, 160);
        send(1_000, false, 3, false, 320);
        assertThat(receiver.isActive()).isTrue();
        long deadline = receiver.nextDeadlineNanos();
        receiver.advance(deadline - 1);
        assertThat(digits).isEmpty();
        receiver.advance(deadline);
        assertThat(digits).containsExactly("3 40");
        assertThat(receiver.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        now = deadline;
        // an end that was merely slow is no second digit
        send(1_000, false, 3, true, 480);
        assertThat(digits).hasSize(1);
    }

    @Test
    void theNextEventEndsOneWhoseEndWasLost() {
        send(1_000, true, 3, false, 160);
        send(3_000, true, 4, false, 160);
        send(3_000, false, 4, true, 320);
        // and the first one's packets that were overtaken change nothing
        send(1_000, false, 3, true, 480);
        assertThat(digits).containsExactly("3 20", "4 40");
    }

    @Test
    void onlyTheEndArrives() {
        send(1_000, false, 9, true, 800);
        send(1_000, false, 9, true, 800);
        assertThat(digits).containsExactly("9 100");
    }

    @Test
    void aLongPressInSegmentsIsOneDigit() {
        int timestamp = 0;
        int duration = 0;
        boolean first = true;
        // 12 s: 96000 ticks, more than the field holds
        for (int total = 160; total <= 96_000; total += 160) {
            duration += 160;
            if (duration > 0xFFFF) {
                timestamp += duration - 160;
                duration = 160;
            }
            send(timestamp, first, 1, total == 96_000, duration);
            first = false;
        }
        assertThat(digits).containsExactly("1 12000");
    }

    @Test
    void theTimestampMayWrap() {
        press(-480, 2);
        press(1_600, 3);
        assertThat(digits).containsExactly("2 120", "3 120");
    }

    @Test
    void shortAndRandomPayloadsNeverThrow() {
        assertThat(receiver.handle(1, 1, false, new byte[] {1, 2, 3}, 0, 3, 0)).isFalse();
        Random random = new Random(1);
        byte[] payload = new byte[8];
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(payload);
            payload[0] &= 0x1F;
            receiver.handle(
                    random.nextInt(2),
                    random.nextInt(),
                    random.nextBoolean(),
                    payload,
                    0,
                    random.nextInt(9),
                    i * MILLI);
        }
        assertThat(digits).allMatch(line -> line.matches("[0-9*#A-D] \\d+"));
    }
}

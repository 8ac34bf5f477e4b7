package dev.roomline.media.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("RFC4733§2.5.1")
final class DtmfSenderTest {
    private final DtmfSender sender = new DtmfSender();
    private final byte[] payload = new byte[4];

    /** {@code 5+20 5+40E} for packets, {@code .} for 20 ms of sound. */
    private String steps(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            if (!sender.step()) {
                text.append('.');
                continue;
            }
            assertThat(sender.write(payload, 0, 8000)).isEqualTo(4);
            int duration = (payload[2] & 0xff) << 8 | (payload[3] & 0xff);
            text.append(sender.first() ? " !" : " ").append(payload[0]).append('+');
            text.append(duration / 8).append((payload[1] & 0x80) != 0 ? "E" : "");
        }
        return text.toString();
    }

    @Test
    void aKeyGrowsEndsThreeTimesAndLeavesItsGap() {
        assertThat(sender.press("5#", 60, 100)).isTrue();
        assertThat(steps(14))
                .isEqualTo(" !5+20 5+40 5+60E 5+60E 5+60E... !11+20 11+40 11+60E 11+60E 11+60E.");
        assertThat(steps(3)).isEqualTo("...");
        assertThat(sender.idle()).isTrue();
    }

    @Test
    void aPauseIsHalfASecondOfSound() {
        sender.press("w1", 20, 40);
        assertThat(steps(26)).isEqualTo(".".repeat(25) + " !1+20E");
    }

    @Test
    void tooManyKeysAreNotTakenAtAll() {
        assertThat(sender.press("1".repeat(DtmfSender.MOST_WAITING + 1), 100, 100)).isFalse();
        assertThat(sender.idle()).isTrue();
    }

    /** What we send is what we understand. */
    @Test
    void theReceiverHearsEachKeyOnce() {
        List<Character> heard = new ArrayList<>();
        DtmfReceiver receiver = new DtmfReceiver(8000, (digit, millis) -> heard.add(digit));
        sender.press("0123456789*#ABCD", 100, 100);
        int timestamp = 1000;
        int keyTimestamp = 0;
        long now = 0;
        while (!sender.idle()) {
            now += 20_000_000L;
            if (sender.step()) {
                keyTimestamp = sender.first() ? timestamp : keyTimestamp;
                sender.write(payload, 0, 8000);
                receiver.handle(7, keyTimestamp, sender.first(), payload, 0, 4, now);
            }
            timestamp += 160;
        }
        assertThat(heard)
                .containsExactly(
                        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C',
                        'D');
    }

    /** A key's packets as they leave: when each began, its duration, whether it ends the key. */
    private record Told(boolean first, int segment, int duration, boolean end) {}

    private List<Told> longPress(int millis, int clockRate) {
        List<Told> all = new ArrayList<>();
        sender.press("7", millis, 40);
        while (!sender.idle()) {
            if (sender.step()) {
                sender.write(payload, 0, clockRate);
                int duration = (payload[2] & 0xff) << 8 | (payload[3] & 0xff);
                boolean end = (payload[1] & 0x80) != 0;
                all.add(new Told(sender.first(), sender.segmentTicks(clockRate), duration, end));
            }
        }
        return all;
    }

    /** RFC 4733 §2.5.1.3: each segment but the last ends at 0xFFFF without an end bit. */
    @Test
    void aLongPressGoesOnInSegments() {
        for (int clockRate : new int[] {8_000, 48_000}) {
            List<Told> all = longPress(20_000, clockRate);
            int end = 20 * clockRate;
            assertThat(all.getLast())
                    .isEqualTo(new Told(false, end / 0xFFFF * 0xFFFF, end % 0xFFFF, true));
            assertThat(all).filteredOn(Told::first).hasSize(1);
            assertThat(all).filteredOn(Told::end).hasSize(3).containsOnly(all.getLast());
            Told before = all.getFirst();
            for (Told each : all.subList(1, all.size())) {
                if (each.segment() != before.segment()) {
                    assertThat(each.segment()).isEqualTo(before.segment() + 0xFFFF);
                    assertThat(before.duration()).isEqualTo(0xFFFF);
                }
                int at = each.segment() + each.duration();
                assertThat(at - before.segment() - before.duration())
                        .isBetween(0, 2 * clockRate / 50);
                before = each;
            }
        }
    }

    @Test
    void aLongPressIsHeardAsOneWithItsLengthWhateverIsLostOfIt() {
        for (int clockRate : new int[] {8_000, 48_000}) {
            for (int lost = 0; lost < 3; lost++) {
                List<Integer> heard = new ArrayList<>();
                DtmfReceiver receiver =
                        new DtmfReceiver(clockRate, (_, millis) -> heard.add(millis));
                long now = 0;
                int n = 0;
                sender.press("9", 20_000, 40);
                while (!sender.idle()) {
                    now += 20_000_000L;
                    // each third packet, so that some segment's first and last are among them
                    if (sender.step() && (lost == 0 || n++ % 3 != lost)) {
                        sender.write(payload, 0, clockRate);
                        int at = 0xFFFF_0000 + sender.segmentTicks(clockRate);
                        receiver.handle(7, at, sender.first(), payload, 0, 4, now);
                    }
                }
                assertThat(heard).containsExactly(20_000);
            }
        }
    }
}

package dev.roomline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bench.Speech.Payloads;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PhoneStreamTest {
    private static final int SOURCE = 7;

    private final PhoneStream phone =
            new PhoneStream(new Payloads(0, 160, new byte[1][160]), 0, 0x1000, (_, _) -> {});

    /** A packet of 20 ms that comes so long after it was said. */
    private void hear(int number, int afterMillis) {
        ByteBuffer packet = ByteBuffer.allocate(172);
        packet.putShort(2, (short) number);
        // the timestamp passes its end on the way
        packet.putInt(4, -800 + 160 * number);
        packet.putInt(8, SOURCE);
        phone.hear(packet, (20L * number + afterMillis) * 1_000_000);
    }

    @Test
    void everyPacketOfAStandstillIsLateAndNotOnlyItsFirst() {
        for (int number = 0; number < 10; number++) {
            hear(number, 3);
        }
        assertThat(phone.receivedLate).isZero();
        // all of 100 ms come at once
        for (int number = 10; number < 15; number++) {
            hear(number, 3 + 20 * (15 - number));
        }
        hear(15, 3);
        // the last of them came 20 ms behind, which is not more than 20
        assertThat(phone.receivedLate).isEqualTo(4);
        assertThat(phone.lost).isZero();
    }

    @Test
    void lateIsCountedFromTheFastestAndLostOnesAreNotLate() {
        hear(0, 15);
        hear(1, 5);
        hear(5, 25);
        hear(6, 26);
        assertThat(phone.receivedLate).isEqualTo(1);
        assertThat(phone.lost).isEqualTo(3);
    }
}

package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.PassThroughPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What phones' packets are lost is counted once, whichever way their sound goes. */
class LostPacketsTest {
    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);

    /** Speaks, and each fifth packet is lost. */
    private Caller loses(int id, AudioCodec codec) {
        Caller phone = new Caller(id, codec, 20, at);
        byte[] packet = new byte[160];
        for (int i = 0; i < 160; i++) {
            packet[i] = (byte) (i / 4 % 2 == 0 ? 0x20 : 0xA0);
        }
        int[] count = {0};
        at.everybody.add(
                () -> {
                    if (at.nowMillis() % 20 == id) {
                        if (count[0]++ % 5 == 3) {
                            phone.pauses(1, 160);
                        } else {
                            phone.says(packet, 160);
                        }
                    }
                });
        return phone;
    }

    private long lost(Caller... phones) {
        for (Caller each : phones) {
            each.leg.tally();
        }
        return at.bench.traffic().packetsLost();
    }

    /** As packets to one of the same codec, mixed for one of another. */
    @ParameterizedTest
    @CsvSource({"PCMU,PCMU", "PCMU,PCMA"})
    void each_is_counted_as_packets_and_mixed(AudioCodec says, AudioCodec hears) {
        Caller ada = loses(1, says);
        Caller grace = loses(2, hears);
        at.pass(20_000);

        assertThat(ada.leg.ear().isOpen()).isEqualTo(says != hears);
        assertThat(lost(ada, grace)).isBetween(2 * 200L - 2, 2 * 200L);
        assertThat(lost(ada, grace)).as("told already").isLessThanOrEqualTo(2 * 200L);
    }

    @Test
    void none_is_counted_twice_where_mixing_begins_and_ends() {
        Caller ada = loses(1, AudioCodec.PCMU);
        new Caller(2, AudioCodec.PCMU, 20, at);
        long counted = 0;
        for (int i = 0; i < 20; i++) {
            Caller linus = new Caller(10 + i, AudioCodec.PCMA, 20, at);
            at.pass(500);
            assertThat(ada.leg.ear().isOpen()).isTrue();
            counted = lost(ada);
            at.room.remove(10 + i);
            at.pass(500);
            counted = Math.max(counted, lost(ada));
            assertThat(linus.packets).isNotEmpty();
        }
        assertThat(counted).isBetween(160L, 200L);
    }

    @Test
    void who_is_overtaken_is_not_lost() {
        Caller ada = new Caller(1, AudioCodec.PCMU, 20, at);
        new Caller(2, AudioCodec.PCMU, 20, at);
        byte[] packet = new byte[160];
        for (int i = 0; i < 500; i++) {
            int first = i % 2 == 0 ? 1 : -1;
            ada.send(0, 100 + i + first, 160 * (100 + i + first), packet);
            at.pass(20);
            if (i % 50 == 49) {
                lost(ada);
            }
        }
        assertThat(lost(ada)).isZero();
    }

    @Test
    void what_came_before_it_left_is_counted_when_it_leaves() {
        loses(1, AudioCodec.PCMU);
        new Caller(2, AudioCodec.PCMU, 20, at);
        at.pass(2_000);
        at.room.remove(1);

        assertThat(at.bench.traffic().packetsLost()).isBetween(19L, 20L);
    }
}

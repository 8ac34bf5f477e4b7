package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.jitter.JitterBuffer;
import dev.roomline.media.leg.Drop;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets as large as a datagram that is still looked at, which no sound is: they end no call. */
class OversizedPacketTest {
    private static final int PCMU = 0;

    /** The longest that an extension in the one-byte form holds. */
    private static final String LONG_MID = "a".repeat(16);

    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);

    private SlotBrowser hearer() {
        Map<Integer, AudioCodec> codecs =
                Map.of(SlotBrowser.OPUS, AudioCodec.OPUS, PCMU, AudioCodec.PCMU);
        return new SlotBrowser(9, at, codecs, LONG_MID);
    }

    @ParameterizedTest
    @ValueSource(ints = {JitterBuffer.MOST_OCTETS + 1, 2_000, 2_010, 2_025, 2_035})
    void a_phones_is_dropped_and_its_call_goes_on(int octets) {
        SlotBrowser hearer = hearer();
        Caller ada = new Caller(1, AudioCodec.PCMU, 20, at);
        Caller grace = new Caller(2, AudioCodec.PCMU, 20, at);
        ada.says(new byte[octets], octets);
        ada.send(Caller.EVENTS, ada.sequence, ada.timestamp, new byte[octets]);
        assertThat(at.drops.of(Drop.OVERSIZE)).isEqualTo(2);
        for (int i = 0; i < 5; i++) {
            ada.says(new byte[160], 160);
        }

        assertThat(hearer.path.packets).hasSize(5);
        assertThat(grace.packets).hasSizeGreaterThan(4);
    }

    @Test
    void the_longest_that_is_taken_goes_to_everybody() {
        SlotBrowser hearer = hearer();
        Caller ada = new Caller(1, AudioCodec.PCMU, 20, at);
        Caller grace = new Caller(2, AudioCodec.PCMU, 20, at);
        ada.says(new byte[JitterBuffer.MOST_OCTETS], JitterBuffer.MOST_OCTETS);
        at.pass(300);

        assertThat(at.drops.of(Drop.OVERSIZE)).isZero();
        assertThat(hearer.path.packets.getFirst().payload()).hasSize(JitterBuffer.MOST_OCTETS);
        assertThat(grace.packets).isNotEmpty();
    }

    @Test
    void a_browsers_is_dropped_and_it_goes_on() {
        SlotBrowser hearer = hearer();
        SpeakingBrowser ada = new SpeakingBrowser(1, at);
        byte[] large = new byte[JitterBuffer.MOST_OCTETS + 1];
        large[0] = TwoSlots.OPUS_OF_20_MILLIS[0];
        ada.says(large);
        for (int i = 0; i < 5; i++) {
            ada.says(TwoSlots.OPUS_OF_20_MILLIS);
        }

        assertThat(at.drops.of(Drop.OVERSIZE)).isEqualTo(1);
        assertThat(hearer.path.packets).hasSize(5);
    }
}

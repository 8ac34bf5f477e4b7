package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys that a browser presses between words, as telephone events. */
class BrowserKeysTest {
    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);
    private final SpeakingBrowser ada = new SpeakingBrowser(1, at);

    private void says(int packets) {
        for (int i = 0; i < packets; i++) {
            ada.says(TwoSlots.OPUS_OF_20_MILLIS);
            at.pass(20);
        }
    }

    /** What others are not sent they must not take for lost, or they would ask for it. */
    @Test
    void leave_no_gap_in_the_numbers_that_others_are_sent() {
        SlotBrowser grace = new SlotBrowser(2, at, Map.of(SlotBrowser.OPUS, AudioCodec.OPUS), "1");
        says(10);
        ada.presses(5, 6);
        at.pass(120);
        says(10);

        List<Caller.Packet> heard = grace.path.packets;
        assertThat(at.told).contains("digit 5 of 1");
        // two frames of silence end the sound before the key
        assertThat(heard).hasSize(22);
        for (int i = 1; i < heard.size(); i++) {
            assertThat(heard.get(i).sequence()).isEqualTo(heard.get(i - 1).sequence() + 1 & 0xFFFF);
        }
        assertThat(heard.get(12).marker()).isTrue();
    }
}

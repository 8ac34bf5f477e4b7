package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.Drop;
import dev.roomline.media.leg.PassThroughPolicy;
import org.junit.jupiter.api.Test;

/** A caller who sends a thousand times what sound is does not have us send it to everybody. */
class FloodTest {
    private static final int FRAME = 160;
    private static final byte[] SOUND = new byte[FRAME];

    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);
    private final Caller ada = new Caller(1, AudioCodec.PCMU, 20, at);
    private final Caller grace = new Caller(2, AudioCodec.PCMU, 20, at);

    private long floods() {
        return at.drops.of(Drop.RTP_FLOOD);
    }

    @Test
    void aFloodOfASpeakerIsNotMadeAFloodForThoseWhoHearIt() {
        at.everybody.add(
                () -> {
                    for (int i = 0; i < 50; i++) {
                        ada.says(SOUND, FRAME);
                    }
                });
        at.pass(2_000);

        assertThat(grace.packets.size()).isBetween(50, 400 + 2 * 200 + 100);
        assertThat(floods()).isGreaterThan(98_000);
    }

    private long keysOf(int leg) {
        return at.told.stream().filter(each -> each.endsWith(" of " + leg)).count();
    }

    /** Each packet is a key of its own, pressed and let go. */
    @Test
    void keysThatNobodyCouldPressAreNotTold() {
        SpeakingBrowser browser = new SpeakingBrowser(3, at);
        byte[] key = {5, (byte) 0x80, 0, (byte) 160};
        at.everybody.add(
                () -> {
                    if (at.nowMillis() % 5 == 0) {
                        ada.send(Caller.EVENTS, ada.sequence, ada.timestamp, key);
                        ada.pauses(1, FRAME);
                        browser.presses(5, 1);
                    }
                });
        at.pass(10_000);

        for (int leg : new int[] {1, 3}) {
            assertThat(keysOf(leg)).isBetween(250L, 280L);
        }
        assertThat(at.drops.of(Drop.DTMF_FLOOD)).isBetween(2 * 1_700L, 2 * 1_750L);
    }

    @Test
    void keysThatAMachineDialsAreAllTold() {
        byte[] key = {5, (byte) 0x80, 1, (byte) 0x90};
        at.everybody.add(
                () -> {
                    if (at.nowMillis() % 80 == 0) {
                        ada.send(Caller.EVENTS, ada.sequence, ada.timestamp, key);
                        ada.pauses(1, 4 * FRAME);
                    }
                });
        at.pass(8_000);

        assertThat(keysOf(1)).isEqualTo(100);
        assertThat(at.drops.of(Drop.DTMF_FLOOD)).isZero();
    }

    @Test
    void whatANetworkHeldBackForThreeSecondsIsNoFlood() {
        at.pass(100);
        for (int i = 0; i < 150; i++) {
            ada.says(SOUND, FRAME);
        }
        at.pass(100);

        assertThat(floods()).isZero();
    }
}

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

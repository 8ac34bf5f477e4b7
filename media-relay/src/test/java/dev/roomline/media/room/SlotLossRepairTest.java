package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.PassThroughPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A phone in the slot of a browser that loses much and asks for nothing, in virtual time. */
class SlotLossRepairTest {
    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);

    @ParameterizedTest
    @EnumSource(
            value = AudioCodec.class,
            names = {"PCMU", "OPUS"})
    void its_packets_go_twice_while_that_loses(AudioCodec says) {
        Caller ada = Caller.humming(1, says, 440, at);
        LosingBrowser firefox = new LosingBrowser(2, at);
        at.pass(10_000);
        assertThat(firefox.copies).isZero();
        assertThat(ada.toldLost).isZero();

        firefox.lossShare = 0.1;
        at.pass(10_000);
        int before = firefox.missing();
        int sent = firefox.expected();
        int copies = firefox.copies;
        at.pass(40_000);
        double missed = (double) (firefox.missing() - before) / (firefox.expected() - sent);
        System.out.printf("%s, each tenth lost: %.4f missed%n", says, missed);
        // less is tried now and then, for two seconds
        int during = firefox.expected() - sent;
        assertThat(firefox.copies - copies).isBetween(during * 8 / 10, during);
        assertThat(missed).isLessThan(0.03);
        assertThat(ada.leg.ear().isOpen()).as("encoded anew").isFalse();
        // G.711 knows no redundancy that its phone could add
        boolean mayAddFec = says == AudioCodec.OPUS;
        assertThat(ada.toldLost / 256.0).isBetween(mayAddFec ? 0.03 : 0, mayAddFec ? 0.2 : 0);

        firefox.lossShare = 0;
        at.pass(60_000);
        copies = firefox.copies;
        at.pass(10_000);
        assertThat(firefox.copies).isEqualTo(copies);
        assertThat(ada.toldLost).isZero();
    }
}

package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A bug that strikes while one is sent another's sound: who hears is taken out, and nobody else.
 */
class FaultyHearerTest {
    private static final Map<Integer, AudioCodec> AS_IT_COMES =
            Map.of(SlotBrowser.OPUS, AudioCodec.OPUS, 0, AudioCodec.PCMU);
    private static final Map<Integer, AudioCodec> OPUS_ALONE =
            Map.of(SlotBrowser.OPUS, AudioCodec.OPUS);

    private final VirtualRoom at = new VirtualRoom(PassThroughPolicy.AUTO);
    private final Talker ada = new Talker(at, 1, AudioCodec.PCMU, 20, 3);

    private void assertOnlyItIsTakenOut(int hearer) {
        assertThat(at.told).containsOnlyOnce("fault of " + hearer);
    }

    /** Its MID is one octet longer than an extension in the one-byte form holds. */
    @Test
    void a_slot_that_cannot_be_written_costs_its_own_browser_and_no_speaker() {
        at.mayFault.add(2);
        new SlotBrowser(2, at, AS_IT_COMES, "a".repeat(17));
        SlotBrowser grace = new SlotBrowser(3, at, AS_IT_COMES, "1");
        at.pass(1_000);

        assertOnlyItIsTakenOut(2);
        assertThat(grace.path.packets).hasSizeBetween(49, 50);
        at.room.remove(2);
        at.pass(1_000);
        assertThat(grace.path.packets).hasSizeBetween(99, 100);
    }

    @Test
    void what_a_tick_encodes_for_several_goes_on_to_the_others() {
        at.mayFault.add(2);
        SlotBrowser broken = new SlotBrowser(2, at, OPUS_ALONE, "1");
        SlotBrowser grace = new SlotBrowser(3, at, OPUS_ALONE, "1");
        at.pass(500);
        broken.path.broken = true;
        at.pass(500);

        assertOnlyItIsTakenOut(2);
        assertThat(grace.path.packets).hasSizeGreaterThan(45);
    }

    @Test
    void a_sound_that_cannot_be_ended_for_one_is_ended_for_the_others() {
        at.mayFault.add(2);
        SlotBrowser broken = new SlotBrowser(2, at, AS_IT_COMES, "1");
        SlotBrowser grace = new SlotBrowser(3, at, AS_IT_COMES, "1");
        at.pass(500);
        broken.path.broken = true;
        ada.loud = false;
        // whoever speaks is heard on for a moment: nothing is sent to the one that is broken
        ada.sends = false;
        at.room.onPause(ada.phone.leg);

        assertOnlyItIsTakenOut(2);
        assertThat(grace.path.packets.getLast().payload()).containsOnly(0xFF);
        assertThat(at.told).contains("talks 1");
    }

    @Test
    void who_leaves_frees_the_slots_of_the_others() {
        at.mayFault.add(2);
        SlotBrowser broken = new SlotBrowser(2, at, AS_IT_COMES, "1");
        new SlotBrowser(3, at, AS_IT_COMES, "1");
        at.pass(500);
        broken.path.broken = true;
        at.everybody.clear();
        at.room.remove(1);

        assertOnlyItIsTakenOut(2);
        assertThat(at.told).endsWith("fault of 2", "slots of 3 [0]");
        assertThat(at.room.size()).isEqualTo(2);
    }

    @Test
    void a_phone_that_is_sent_anothers_packets_is_taken_out_alone() {
        at.mayFault.add(2);
        Caller broken = new Caller(2, AudioCodec.PCMU, 20, at);
        Caller grace = new Caller(3, AudioCodec.PCMU, 20, at);
        at.pass(500);
        broken.broken = true;
        int before = grace.packets.size();
        at.pass(500);

        assertOnlyItIsTakenOut(2);
        assertThat(grace.packets.size() - before).isEqualTo(25);
    }

    /** Opus packets that give way to a mix are ended by packets of our own. */
    @Test
    void a_phone_whose_packets_give_way_to_a_mix_is_taken_out_alone() {
        ada.sends = false;
        Caller grace = new Caller(2, AudioCodec.OPUS, 20, at);
        Caller broken = new Caller(3, AudioCodec.OPUS, 20, at);
        for (int i = 0; i < 20; i++) {
            grace.says(TwoSlots.OPUS_OF_20_MILLIS, 960);
            at.pass(20);
        }
        at.mayFault.add(3);
        broken.broken = true;
        at.room.announce(new short[160]);
        at.room.tick(at.nowNanos(), at.nowNanos());

        assertOnlyItIsTakenOut(3);
    }

    @Test
    void what_a_leg_holds_is_freed_also_where_its_goodbye_fails() {
        SlotBrowser grace = new SlotBrowser(2, at, OPUS_ALONE, "1");
        at.pass(500);
        grace.path.broken = true;
        int open = at.codecs.openDecoders();
        assertThat(open).isPositive();
        assertThatThrownBy(() -> at.room.remove(2)).hasMessage("a bug of ours");
        ada.phone.broken = true;
        assertThatThrownBy(() -> at.room.remove(1)).hasMessage("a bug of ours");

        assertThat(at.codecs.openDecoders()).isZero();
        assertThat(grace.path.closed).isTrue();
        assertThat(at.room.size()).isZero();
    }
}

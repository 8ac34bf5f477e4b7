package dev.roomline.media.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.PassThroughPolicy;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A phone goes from room to room in the midst of its sound and theirs, octet by octet: on the same
 * media loop at once, to another with its sockets off both for a while.
 */
class RelocationTest {
    private static final int FRAME = 160;

    private final VirtualRoom here = new VirtualRoom(PassThroughPolicy.AUTO);

    private static VirtualRoom other(VirtualRoom here, int underWayMillis) {
        return underWayMillis == 0
                ? new VirtualRoom(here)
                : new VirtualRoom(PassThroughPolicy.AUTO);
    }

    private void pass(VirtualRoom there, int millis) {
        for (int i = 0; i < millis; i++) {
            here.pass(1);
            there.pass(1);
        }
    }

    private void move(Talker who, VirtualRoom there, int underWayMillis) {
        who.phone.leave();
        pass(there, underWayMillis);
        who.phone.arrive(there);
    }

    /** Where in somebody's sound a phone has come with the last octets that it heard of it. */
    private static int end(List<Caller.Packet> heard, Talker of) {
        byte[] last = heard.getLast().payload();
        int place = Talker.indexOf(of.said, last, 0);
        assertThat(place).as("its sound was heard").isNotNegative();
        return place + last.length;
    }

    private static byte[] joined(List<Caller.Packet> packets) {
        byte[] all = new byte[0];
        for (Caller.Packet each : packets) {
            int before = all.length;
            all = Arrays.copyOf(all, before + each.payload().length);
            System.arraycopy(each.payload(), 0, all, before, each.payload().length);
        }
        return all;
    }

    /** Its packets from one on, without those that carry nothing of somebody's sound. */
    private static List<Caller.Packet> of(Talker speaker, Caller phone, int from) {
        return phone.packets.subList(from, phone.packets.size()).stream()
                .filter(each -> Talker.indexOf(speaker.said, each.payload(), 0) >= 0)
                .toList();
    }

    private static void assertOneStream(List<Caller.Packet> packets, int mostFramesLost) {
        int lost = 0;
        for (int i = 1; i < packets.size(); i++) {
            Caller.Packet before = packets.get(i - 1);
            Caller.Packet each = packets.get(i);
            assertThat(each.sequence() - before.sequence() & 0xFFFF).as("number %d", i).isOne();
            lost += (each.timestamp() - before.timestamp()) / FRAME - 1;
        }
        assertThat(lost)
                .as("frames of time that nothing was sent for")
                .isBetween(0, mostFramesLost);
    }

    /** However many hear one another there already, and need no ticks for it. */
    @ParameterizedTest
    @CsvSource({"0, 1", "0, 2", "3, 1", "3, 2", "19, 1", "19, 2", "55, 1", "55, 2"})
    void all_that_it_says_is_heard_once_in_one_room_or_the_other(int underWayMillis, int others) {
        VirtualRoom there = other(here, underWayMillis);
        Talker mover = new Talker(here, 1, AudioCodec.PCMU, 20, 3);
        Talker left = new Talker(here, 2, AudioCodec.PCMU, 20, 9);
        Talker joined = new Talker(there, 3, AudioCodec.PCMU, 20, 14);
        Talker beside = others == 2 ? new Talker(there, 4, AudioCodec.PCMU, 20, 5) : joined;
        left.loud = false;
        joined.loud = false;
        beside.loud = false;
        pass(there, 1_000);
        int before = joined.phone.packets.size();
        int besideBefore = beside.phone.packets.size();
        // its next packet comes just after it has left, or while it is under way
        pass(there, 2);
        move(mover, there, underWayMillis);
        pass(there, 600);

        List<Caller.Packet> heardBefore = of(mover, left.phone, 0);
        List<Caller.Packet> heardAfter = of(mover, joined.phone, before);
        int first = Talker.indexOf(mover.said, heardAfter.getFirst().payload(), 0);
        assertThat(first).as("goes on where it ceased").isEqualTo(end(heardBefore, mover));
        assertThat(Talker.indexOf(mover.said, joined(heardAfter), 0)).isEqualTo(first);
        List<Caller.Packet> heardBeside = of(mover, beside.phone, besideBefore);
        assertThat(joined(heardBeside)).isEqualTo(joined(heardAfter));
        assertThat(mover.said.length - end(heardAfter, mover)).isLessThanOrEqualTo(FRAME);
        assertThat(heardAfter).hasSizeGreaterThan(28);
    }

    /**
     * What is said to it while its sockets are on no loop cannot be sent; its first packet rises.
     */
    @ParameterizedTest
    @CsvSource({"0, 1", "3, 1", "17, 1", "17, 2", "0, 2", "55, 1", "55, 2"})
    void what_it_hears_goes_on_in_the_other_room_with_a_frame_lost_at_most(
            int underWayMillis, int others) {
        VirtualRoom there = other(here, underWayMillis);
        Talker mover = new Talker(here, 1, AudioCodec.PCMU, 20, 3);
        Talker low = new Talker(here, 2, AudioCodec.PCMU, 20, 9);
        Talker high = new Talker(there, 3, AudioCodec.PCMU, 20, 9);
        mover.loud = false;
        if (others == 2) {
            new Talker(there, 4, AudioCodec.PCMU, 20, 5).loud = false;
        }
        pass(there, 1_000);
        int from = mover.phone.packets.size() - 5;
        move(mover, there, underWayMillis);
        pass(there, 600);

        int wholly = underWayMillis / 20;
        List<Caller.Packet> all = mover.phone.packets.subList(from, mover.phone.packets.size());
        assertOneStream(all, wholly + 1);
        List<Caller.Packet> before = of(low, mover.phone, from);
        List<Caller.Packet> after = of(high, mover.phone, from);
        assertThat(all.size() - before.size() - after.size())
                .as("but the packet that rises, no other is of neither room")
                .isOne();
        // both rooms' phones speak at the same moments: the same place is the same time
        int missed = Talker.indexOf(high.said, after.getFirst().payload(), 0) - end(before, low);
        assertThat(missed / FRAME - 1).isBetween(0, wholly + 1);
        assertThat(Talker.indexOf(high.said, joined(after), 0)).isNotNegative();
        assertThat(Talker.indexOf(low.said, joined(before), 0)).isNotNegative();
    }

    /** Two who speak at once are mixed. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 17})
    void who_comes_into_the_midst_of_a_conversation_is_mixed_without_a_sample_lost(
            int underWayMillis) {
        VirtualRoom there = other(here, underWayMillis);
        Talker mover = new Talker(here, 1, AudioCodec.PCMU, 20, 3);
        Talker left = new Talker(here, 2, AudioCodec.PCMU, 20, 9);
        Talker high = new Talker(there, 3, AudioCodec.PCMU, 20, 9);
        Talker listening = new Talker(there, 4, AudioCodec.PCMU, 20, 5);
        left.loud = false;
        listening.loud = false;
        pass(there, 1_000);
        pass(there, 2);
        move(mover, there, underWayMillis);
        pass(there, 40);
        high.loud = false;
        pass(there, 600);

        // while both are heard it stands in the sum; alone again, it is as it was said
        assertThat(mover.phone.leg.ear().isOpen()).as("it is mixed").isTrue();
        List<Caller.Packet> alone = of(high, mover.phone, 0);
        assertThat(Talker.indexOf(high.said, joined(alone), 0)).isNotNegative();
        assertOneStream(mover.phone.packets, 1);
        int from = listening.phone.packets.size();
        pass(there, 200);
        assertThat(listening.heardInARow(mover, from)).isGreaterThan(8 * FRAME);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void who_is_left_alone_is_sent_silence_from_then_on(int underWayMillis) {
        VirtualRoom there = other(here, underWayMillis);
        Talker mover = new Talker(here, 1, AudioCodec.PCMU, 20, 3);
        Talker left = new Talker(here, 2, AudioCodec.PCMU, 20, 9);
        pass(there, 1_000);
        int from = left.phone.packets.size();
        move(mover, there, underWayMillis);
        pass(there, 200);

        List<Caller.Packet> after = left.phone.packets.subList(from, left.phone.packets.size());
        assertThat(after.size()).isBetween(9, 11);
        assertThat(of(mover, left.phone, from)).isEmpty();
        assertOneStream(left.phone.packets, 1);
    }
}

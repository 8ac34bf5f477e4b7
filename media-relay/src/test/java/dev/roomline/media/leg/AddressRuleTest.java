package dev.roomline.media.leg;

import static dev.roomline.media.leg.AddressRule.Verdict.HEARD;
import static dev.roomline.media.leg.AddressRule.Verdict.LATCHED;
import static dev.roomline.media.leg.AddressRule.Verdict.STRANGER;
import static dev.roomline.media.leg.AddressRule.Verdict.SUPERSEDED;
import static dev.roomline.media.leg.AddressRule.Verdict.UNPROVEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.leg.AddressRule.Verdict;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressRuleTest {
    private static final long MILLI = 1_000_000L;
    private static final InetAddress SIGNALLING = InetAddress.ofLiteral("198.51.100.7");
    private static final InetSocketAddress DESCRIBED = at("203.0.113.5", 4_000);
    private static final InetSocketAddress DESCRIBED_HOST = at("203.0.113.5", 61_000);
    private static final InetSocketAddress SIGNALLING_HOST = at("198.51.100.7", 5_004);
    private static final InetSocketAddress CARRIER = at("168.86.130.9", 12_000);
    private static final InetSocketAddress STRANGE = at("192.0.2.66", 4_000);

    private final AddressRule rule =
            new AddressRule(SIGNALLING, AddressRange.parseAll(List.of("168.86.128.0/18")));

    /** What one source sends: 20 ms of PCMU at a time, in order and in time. */
    private final class Source {
        private final InetSocketAddress address;
        private final int ssrc;
        private int sequence = 65_534;
        private int timestamp = Integer.MAX_VALUE - 100;

        Source(InetSocketAddress address, int ssrc) {
            this.address = address;
            this.ssrc = ssrc;
        }

        Source from(InetSocketAddress other) {
            Source moved = new Source(other, ssrc);
            moved.sequence = sequence;
            moved.timestamp = timestamp;
            return moved;
        }

        Source silentFor(int packets) {
            sequence = (sequence + packets) & 0xFFFF;
            timestamp += 160 * packets;
            return this;
        }

        Verdict sends(long nowMillis) {
            sequence = (sequence + 1) & 0xFFFF;
            timestamp += 160;
            return rule.judge(address, true, ssrc, sequence, timestamp, nowMillis * MILLI);
        }

        Verdict sendsOtherType(long nowMillis) {
            sequence = (sequence + 1) & 0xFFFF;
            timestamp += 160;
            return rule.judge(address, false, ssrc, sequence, timestamp, nowMillis * MILLI);
        }

        /** Four packets in time; the last one's verdict. */
        Verdict provesItself(long fromMillis) {
            assertThat(sends(fromMillis)).isEqualTo(UNPROVEN);
            assertThat(sends(fromMillis + 20)).isEqualTo(UNPROVEN);
            assertThat(sends(fromMillis + 40)).isEqualTo(UNPROVEN);
            return sends(fromMillis + 60);
        }
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    AddressRuleTest() {
        rule.described(DESCRIBED, 8_000, 0);
    }

    @Test
    void the_described_address_is_heard_at_its_first_packet() {
        Source phone = new Source(DESCRIBED, 1);

        assertThat(phone.sends(10)).isEqualTo(LATCHED);
        assertThat(phone.sends(30)).isEqualTo(HEARD);
        assertThat(rule.target()).isEqualTo(DESCRIBED);
    }

    @Test
    void a_strangers_packets_are_never_heard_whatever_they_carry() {
        Source stranger = new Source(STRANGE, 1);

        for (int i = 0; i < 500; i++) {
            assertThat(stranger.sends(20L * i)).isEqualTo(STRANGER);
        }
        assertThat(rule.latched()).isNull();
        assertThat(rule.target()).isEqualTo(DESCRIBED);
    }

    @Test
    void a_stranger_does_not_disturb_a_phone_that_is_heard() {
        Source phone = new Source(DESCRIBED, 1);
        phone.sends(0);

        assertThat(new Source(STRANGE, 1).sends(5)).isEqualTo(STRANGER);
        assertThat(phone.sends(20)).isEqualTo(HEARD);
    }

    @Test
    void the_described_host_from_another_port_is_heard_after_four_packets() {
        assertThat(new Source(DESCRIBED_HOST, 1).provesItself(0)).isEqualTo(LATCHED);
        assertThat(rule.target()).isEqualTo(DESCRIBED_HOST);
    }

    @Test
    void the_source_of_the_signalling_is_heard_after_four_packets() {
        assertThat(new Source(SIGNALLING_HOST, 1).provesItself(0)).isEqualTo(LATCHED);
    }

    @Test
    void an_allowed_range_is_heard_after_four_packets() {
        assertThat(new Source(CARRIER, 1).provesItself(0)).isEqualTo(LATCHED);
    }

    @Test
    void packets_of_types_that_were_not_negotiated_prove_nothing() {
        Source source = new Source(CARRIER, 1);

        for (int i = 0; i < 50; i++) {
            assertThat(source.sendsOtherType(20L * i)).isEqualTo(UNPROVEN);
        }
        assertThat(new Source(DESCRIBED, 1).sendsOtherType(2_000)).isEqualTo(UNPROVEN);
    }

    @Test
    void a_gap_in_the_sequence_begins_the_proof_anew() {
        Source source = new Source(CARRIER, 1);
        source.sends(0);
        source.sends(20);
        source.sends(40);
        source.silentFor(1);

        assertThat(source.provesItself(80)).isEqualTo(LATCHED);
    }

    @Test
    void a_spray_in_a_burst_proves_nothing() {
        Source source = new Source(CARRIER, 1);

        for (int i = 0; i < 200; i++) {
            assertThat(source.sends(100)).isEqualTo(UNPROVEN);
        }
    }

    @Test
    void packets_dripped_too_slowly_prove_nothing() {
        Source source = new Source(CARRIER, 1);

        for (int i = 0; i < 20; i++) {
            assertThat(source.sends(1_000L * i)).isEqualTo(UNPROVEN);
        }
    }

    @Test
    void one_source_among_several_is_proven_by_its_own_packets_alone() {
        Source one = new Source(CARRIER, 1);
        Source two = new Source(at("168.86.130.9", 12_002), 2);

        for (int i = 0; i < 3; i++) {
            assertThat(one.sends(20L * i)).isEqualTo(UNPROVEN);
            assertThat(two.sends(20L * i + 5)).isEqualTo(UNPROVEN);
        }
        assertThat(one.sends(60)).isEqualTo(LATCHED);
        assertThat(two.sends(65)).isEqualTo(SUPERSEDED);
    }

    @Test
    void the_described_address_supersedes_another_within_five_seconds() {
        Source other = new Source(SIGNALLING_HOST, 1);
        other.provesItself(0);

        assertThat(new Source(DESCRIBED, 2).sends(4_999)).isEqualTo(LATCHED);
        assertThat(other.sends(5_000)).isEqualTo(SUPERSEDED);
        assertThat(rule.target()).isEqualTo(DESCRIBED);
    }

    @Test
    void after_five_seconds_the_described_address_comes_too_late() {
        Source other = new Source(SIGNALLING_HOST, 1);
        other.provesItself(0);

        assertThat(new Source(DESCRIBED, 2).sends(5_000)).isEqualTo(SUPERSEDED);
        assertThat(other.sends(5_010)).isEqualTo(HEARD);
    }

    @Test
    void the_described_address_is_heard_late_if_nobody_else_is() {
        assertThat(new Source(DESCRIBED, 1).sends(60_000)).isEqualTo(LATCHED);
    }

    @Test
    void a_permitted_host_does_not_take_over_a_phone_that_speaks() {
        Source phone = new Source(DESCRIBED, 1);
        Source other = new Source(SIGNALLING_HOST, 2);

        for (int i = 0; i < 100; i++) {
            phone.sends(20L * i);
            assertThat(other.sends(20L * i + 1)).isEqualTo(SUPERSEDED);
        }
    }

    @Test
    void a_moved_nat_binding_is_followed_once_the_old_one_is_silent() {
        Source phone = new Source(DESCRIBED, 1);
        for (int i = 0; i < 50; i++) {
            phone.sends(20L * i);
        }
        Source moved = phone.from(at("203.0.113.5", 61_002));

        for (int i = 50; i < 99; i++) {
            assertThat(moved.sends(20L * i)).isEqualTo(SUPERSEDED);
        }
        assertThat(moved.sends(1_980)).isEqualTo(LATCHED);
        assertThat(rule.target()).isEqualTo(at("203.0.113.5", 61_002));
    }

    @Test
    void a_binding_may_move_to_another_address_if_the_stream_goes_on() {
        Source phone = new Source(DESCRIBED, 1);
        phone.sends(0);

        assertThat(phone.silentFor(49).from(STRANGE).sends(1_000)).isEqualTo(LATCHED);
    }

    @Test
    void a_stranger_with_another_ssrc_does_not_take_over_a_silent_phone() {
        Source phone = new Source(DESCRIBED, 1);
        phone.sends(0);
        Source thief = new Source(STRANGE, 2).silentFor(50);

        assertThat(thief.sends(1_020)).isEqualTo(STRANGER);
    }

    @Test
    void a_stranger_with_a_sequence_out_of_span_does_not_take_over() {
        Source phone = new Source(DESCRIBED, 1);
        phone.sends(0);
        Source thief = phone.from(STRANGE);
        thief.sequence = (thief.sequence + 101) & 0xFFFF;
        thief.timestamp += 160 * 50;

        assertThat(thief.sends(1_020)).isEqualTo(STRANGER);
    }

    @Test
    void a_stranger_with_a_foreign_timestamp_does_not_take_over() {
        Source phone = new Source(DESCRIBED, 1);
        phone.sends(0);
        Source thief = phone.silentFor(50).from(STRANGE);
        thief.timestamp += 8_000 * 10;

        assertThat(thief.sends(1_020)).isEqualTo(STRANGER);
    }

    @Test
    void a_new_description_forgets_the_old_source() {
        Source phone = new Source(DESCRIBED, 1);
        phone.sends(0);
        InetSocketAddress next = at("203.0.113.8", 7_000);

        rule.described(next, 8_000, 10_000 * MILLI);

        assertThat(rule.target()).isEqualTo(next);
        assertThat(phone.sends(10_020)).isEqualTo(STRANGER);
        assertThat(new Source(next, 1).sends(10_040)).isEqualTo(LATCHED);
    }

    @Test
    void where_it_was_before_a_description_moved_it_is_not_heard_again() {
        Source phone = new Source(DESCRIBED, 1);
        phone.sends(0);
        InetSocketAddress next = at("203.0.113.5", 7_000);

        rule.described(next, 8_000, 10_000 * MILLI);

        for (int i = 0; i < 10; i++) {
            assertThat(phone.sends(10_020 + 20 * i)).isEqualTo(SUPERSEDED);
        }
        assertThat(new Source(next, 1).sends(10_300)).isEqualTo(LATCHED);
        assertThat(phone.sends(10_320)).isEqualTo(SUPERSEDED);
    }

    @Test
    void a_binding_that_died_on_hold_is_found_again_by_proof() {
        Source phone = new Source(SIGNALLING_HOST, 1);
        phone.provesItself(0);
        Source rebound = new Source(at("198.51.100.7", 9_999), 2);
        assertThat(rebound.sends(60_000)).isEqualTo(SUPERSEDED);

        rule.resumed(60_010 * MILLI);

        assertThat(rule.settled(70_000 * MILLI)).as("others may come").isFalse();
        assertThat(new Source(STRANGE, 3).sends(60_015)).isEqualTo(STRANGER);
        assertThat(rebound.provesItself(60_020)).isEqualTo(LATCHED);
        assertThat(phone.sends(60_120)).isEqualTo(SUPERSEDED);
    }

    @Test
    void after_a_hold_the_binding_that_still_works_stays() {
        Source phone = new Source(SIGNALLING_HOST, 1);
        phone.provesItself(0);

        rule.resumed(60_010 * MILLI);

        assertThat(phone.sends(60_020)).isEqualTo(HEARD);
        assertThat(new Source(at("198.51.100.7", 9_999), 2).sends(60_030)).isEqualTo(SUPERSEDED);
    }

    @Test
    void the_same_description_again_keeps_the_source() {
        Source phone = new Source(SIGNALLING_HOST, 1);
        phone.provesItself(0);

        rule.described(DESCRIBED, 8_000, 10_000 * MILLI);

        assertThat(phone.sends(10_020)).isEqualTo(HEARD);
    }

    @Test
    void a_hold_without_address_keeps_the_source() {
        Source phone = new Source(DESCRIBED, 1);
        phone.sends(0);

        rule.described(null, 8_000, 1_000 * MILLI);

        assertThat(phone.sends(1_020)).isEqualTo(HEARD);
    }

    @Test
    void rtcp_is_read_from_the_phones_host_alone() {
        new Source(DESCRIBED, 1).sends(0);

        assertThat(rule.rtcpFrom(at("203.0.113.5", 4_001))).isTrue();
        assertThat(rule.rtcpFrom(STRANGE)).isFalse();
    }

    @Test
    void ranges_are_compared_by_their_bits() {
        AddressRange range = AddressRange.parseAll(List.of("168.86.128.0/18")).getFirst();

        assertThat(range.contains(InetAddress.ofLiteral("168.86.191.255"))).isTrue();
        assertThat(range.contains(InetAddress.ofLiteral("168.86.192.0"))).isFalse();
        assertThat(range.contains(InetAddress.ofLiteral("::1"))).isFalse();
        assertThat(AddressRange.parseAll(List.of("example.com", "10.0.0.0/33", "10.0.0.0/x")))
                .isEmpty();
    }
}

package dev.roomline.media.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.ice.Check;
import dev.roomline.media.ice.IceCredentials;
import dev.roomline.media.sdp.IceAgreement;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A phone that is found by ICE, in virtual time. */
class PhoneIceTest extends SealedPhone {
    private static final IceCredentials OURS =
            new IceCredentials("ours", "ourPasswordOf24CharsLong");
    private static final IceCredentials NEXT =
            new IceCredentials("next", "anotherPasswordOf24Chars");
    private static final InetSocketAddress FOUND =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.77"), 61_000);
    private static final InetSocketAddress FOUND_REPORTS =
            new InetSocketAddress(FOUND.getAddress(), 61_777);

    private void agreeOnIce() {
        leg.agreed(media().reachedBy(agreement(OURS, "them")), now());
        leg.join();
        leg.release();
    }

    private static IceAgreement agreement(IceCredentials ours, String theirs) {
        return new IceAgreement(ours, theirs, "theirPasswordOf24CharsXX", true);
    }

    private void stun(byte[] message, InetSocketAddress from) {
        leg.onRtpPort(message, 0, message.length, from, now());
    }

    private void speaks(InetSocketAddress from) {
        comes(Arrays.copyOf(frame(), 172), from);
    }

    private void weSay() {
        leg.sendMix(new byte[160], 0, 160, -30);
    }

    /** Lets so much time pass, as the loop does it. */
    private void pass(int seconds) {
        for (int i = 0; i < 10 * seconds; i++) {
            nowMillis += 100;
            leg.maintain(now());
        }
    }

    @Test
    @Tag("RFC8445§12.1")
    void nothingIsHeardOrSentBeforeANominationAndThenThatPairAlone() {
        agreeOnIce();
        speaks(PHONE);
        speaks(FOUND);
        weSay();
        assertThat(rtp).isEmpty();
        assertThat(drops.of(Drop.RTP_STRANGER)).isEqualTo(2);

        stun(Check.nominating(OURS), FOUND);
        assertThat(Check.answered(rtp.removeLast())).isZero();
        assertThat(rtpTargets.getLast()).isEqualTo(FOUND);
        speaks(FOUND);
        weSay();
        assertThat(heard).isEqualTo(1);
        assertThat(rtp).hasSize(1);
        assertThat(rtpTargets.getLast()).isEqualTo(FOUND);
        for (int i = 0; i < 10; i++) {
            speaks(PHONE);
        }
        assertThat(heard).as("the address in its description proves nothing now").isEqualTo(1);
        assertThat(leg.onlySource(now())).as("checks may come from anywhere").isNull();

        InetSocketAddress moved = new InetSocketAddress(FOUND.getAddress(), 62_000);
        stun(Check.nominating(OURS), moved);
        weSay();
        assertThat(rtpTargets.getLast()).as("the latest nomination").isEqualTo(moved);
    }

    @Test
    @Tag("RFC8445§7.3.1.1")
    void whoIsWrongIsCountedAndSelectsNothing() {
        agreeOnIce();
        stun(Check.nominating(new IceCredentials("ours", "aPasswordThatIsNotOurs00")), FOUND);
        stun(Check.nominating(NEXT), FOUND);
        stun(Arrays.copyOf(Check.nominating(OURS), 60), FOUND);
        assertThat(rtp).as("strangers get no answer").isEmpty();
        assertThat(drops.of(Drop.STUN_REFUSED)).isEqualTo(2);
        assertThat(drops.of(Drop.STUN_UNKNOWN_USER)).isEqualTo(1);

        stun(Check.controlled(OURS), FOUND);
        assertThat(Check.answered(rtp.removeLast())).isEqualTo(487);
        speaks(FOUND);
        weSay();
        assertThat(heard).isZero();
        assertThat(rtp).isEmpty();
    }

    @Test
    void reportsHaveAPairOfTheirOwn() {
        agreeOnIce();
        byte[] check = Check.nominating(OURS);
        leg.onRtcpPort(check, 0, check.length, FOUND_REPORTS, now());
        assertThat(Check.answered(rtcp.removeLast())).isZero();
        stun(Check.nominating(OURS), FOUND);
        for (int i = 0; i < 400; i++) {
            speaks(FOUND);
            weSay();
            leg.maintain(now());
        }

        assertThat(rtcp).isNotEmpty();
        assertThat(rtcpTargets).containsOnly(FOUND_REPORTS);
        byte[] report = new byte[] {(byte) 0x80, (byte) 201, 0, 1, 0, 0, 0, 1};
        leg.onRtcpPort(report, 0, 8, FOUND, now());
        assertThat(drops.of(Drop.RTCP_STRANGER)).isEqualTo(1);
        leg.onRtcpPort(report, 0, 8, FOUND_REPORTS, now());
        assertThat(drops.of(Drop.RTCP_STRANGER)).isEqualTo(1);
    }

    @Test
    @Tag("RFC8445§11")
    @Tag("RFC7675§5.1")
    void whereNothingComesForHalfAMinuteNothingIsSentUntilSomethingDoes() {
        agreeOnIce();
        stun(Check.nominating(OURS), FOUND);
        pass(20);
        stun(Check.indication(), FOUND);
        pass(20);
        rtp.clear();
        weSay();
        assertThat(rtp).as("an indication keeps it open").hasSize(1);

        speaks(FOUND);
        pass(29);
        stun(Check.indication(), ELSEWHERE);
        weSay();
        assertThat(rtp).hasSize(2);
        pass(1);
        weSay();
        assertThat(rtp).as("a stranger's does not").hasSize(2);

        speaks(FOUND);
        weSay();
        assertThat(rtp).hasSize(3);
        assertThat(lost).as("its silence is another matter").noneMatch(l -> l.contains("ICE"));
    }

    @Test
    void aPhoneThatNominatesNothingIsGivenUpByReason() {
        agreeOnIce();
        pass(29);
        assertThat(lost).isEmpty();
        pass(2);
        assertThat(lost).singleElement().asString().startsWith("CONSENT_EXPIRED no ICE pair");
        assertThat(drops.of(Drop.ICE_NEVER_CONNECTED)).isEqualTo(1);
    }

    @Test
    @Tag("RFC8445§9")
    void aRestartGoesOnUntilTheNewCredentialsHaveNominated() {
        agreeOnIce();
        stun(Check.nominating(OURS), FOUND);
        leg.agreed(media().reachedBy(agreement(NEXT, "them")), now());
        weSay();
        assertThat(rtpTargets.getLast())
                .as("the same peer's words change nothing")
                .isEqualTo(FOUND);
        stun(Check.nominating(NEXT), PHONE);
        assertThat(drops.of(Drop.STUN_UNKNOWN_USER)).isEqualTo(1);

        leg.agreed(
                media().reachedBy(new IceAgreement(NEXT, "them", "anotherPasswordOfTheirs0", true)),
                now());
        weSay();
        assertThat(rtpTargets.getLast()).isEqualTo(FOUND);
        stun(Check.nominating(NEXT), PHONE);
        weSay();
        assertThat(rtpTargets.getLast()).isEqualTo(PHONE);
        stun(Check.nominating(OURS), FOUND);
        assertThat(drops.of(Drop.STUN_UNKNOWN_USER)).isEqualTo(2);
    }

    @Test
    void withoutIceItsChecksAreNothingAndTheAddressRuleDecidesAsEver() {
        leg.agreed(media(), now());
        leg.join();
        leg.release();
        stun(Check.nominating(OURS), PHONE);
        speaks(PHONE);
        weSay();
        assertThat(heard).isEqualTo(1);
        assertThat(rtp).hasSize(1);

        leg.agreed(media().reachedBy(agreement(OURS, "them")), now());
        stun(Check.nominating(OURS), FOUND);
        weSay();
        assertThat(rtpTargets.getLast()).isEqualTo(FOUND);
        leg.agreed(media(), now());
        weSay();
        assertThat(rtpTargets.getLast()).as("a description without ICE ends it").isEqualTo(PHONE);
    }
}

package dev.roomline.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ICE with SIP peers, as their descriptions agree to it. */
class PhoneIceSessionTest extends DescribedPhone {
    private static final String PASSWORD = "a=ice-pwd:asd88fgpdd777uzjYhagZg";

    private static final String FIRST = "a=candidate:1 1 UDP 2130706431 198.51.100.7 4000 typ host";

    private static final String FIRST_REPORTS =
            "a=candidate:1 2 UDP 2130706430 198.51.100.7 4001 typ host";

    private static final String SIX = "a=candidate:2 1 UDP 2130706175 2001:db8::7 4000 typ host";

    private static final String UFRAG = "a=ice-ufrag:8hhY";

    private static PhoneSession servedAt(LocalCandidate... candidates) {
        return new PhoneSession(
                new PhoneTerms(
                        InetAddress.ofLiteral("192.0.2.9"),
                        10_000,
                        List.of(AudioCodec.PCMU),
                        20,
                        new PhoneTerms.Security(MediaEncryption.ALLOW, null, new Random(9)),
                        List.of(candidates)),
                4711);
    }

    private static PhoneSession served() {
        return servedAt(candidate("192.0.2.9", 10_000), candidate("2001:db8::9", 10_002));
    }

    private static LocalCandidate candidate(String address, int port) {
        return new LocalCandidate(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    private static byte[] offer(String connection, int port, String... lines) {
        List<String> all = new ArrayList<>(List.of("v=0", "o=- 1 1 " + connection, "s=-"));
        all.addAll(List.of("c=" + connection, "t=0 0", "m=audio " + port + " RTP/AVP 0"));
        all.addAll(List.of(lines));
        return (String.join("\n", all) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] offer(String... lines) {
        return offer("IN IP4 198.51.100.7", 4000, lines);
    }

    private static IceAgreement ice(PhoneOutcome.Agreed outcome) {
        return Objects.requireNonNull(outcome.media().ice());
    }

    @Test
    @Tag("RFC8839§4.3.2")
    @Tag("RFC8839§5.3")
    void whoOffersIceIsAnsweredAsTheLiteSideWithHostCandidatesOfBothFamilies() {
        PhoneOutcome.Agreed answer =
                agreed(served().answer(offer(UFRAG, PASSWORD, FIRST, FIRST_REPORTS, SIX)));

        String sdp = text(answer.sdp());
        assertThat(sdp.substring(0, sdp.indexOf("m=audio")))
                .contains("a=ice-lite\r\n")
                .contains("a=ice-options:ice2\r\n");
        assertThat(sdp.lines().filter(line -> line.startsWith("a=candidate")))
                .containsExactly(
                        "a=candidate:40 1 udp 2130706431 192.0.2.9 10000 typ host",
                        "a=candidate:40 2 udp 2130706430 192.0.2.9 10001 typ host",
                        "a=candidate:61 1 udp 2130706175 2001:db8::9 10002 typ host",
                        "a=candidate:61 2 udp 2130706174 2001:db8::9 10003 typ host");
        IceAgreement agreed = ice(answer);
        assertThat(sdp)
                .contains("c=IN IP4 192.0.2.9")
                .contains("a=ice-ufrag:" + agreed.local().ufrag() + "\r\n")
                .contains("a=ice-pwd:" + agreed.local().password() + "\r\n");
        assertThat(agreed.remoteUfrag()).isEqualTo("8hhY");
        assertThat(agreed.toString()).doesNotContain("asd88");
    }

    @Test
    void onePortMeansOneComponent() {
        PhoneOutcome.Agreed muxed =
                agreed(served().answer(offer(UFRAG, PASSWORD, FIRST, FIRST_REPORTS, "a=rtcp-mux")));
        assertThat(text(muxed.sdp())).contains("a=rtcp-mux").doesNotContain("a=candidate:40 2 ");
        PhoneOutcome.Agreed single = agreed(served().answer(offer(UFRAG, PASSWORD, FIRST)));
        assertThat(text(single.sdp())).doesNotContain("a=candidate:40 2 ");
        assertThat(ice(single).reports()).isFalse();
    }

    @Test
    @Tag("RFC8839§4.2.5")
    void whereSomebodyHasRewrittenTheAddressIceIsOffAndSaysSo() {
        PhoneOutcome.Agreed answer =
                agreed(served().answer(offer("IN IP4 203.0.113.1", 4000, UFRAG, PASSWORD, FIRST)));
        assertThat(answer.media().ice()).isNull();
        assertThat(text(answer.sdp()))
                .contains("a=ice-mismatch")
                .doesNotContain("a=ice-ufrag")
                .doesNotContain("a=ice-lite");
        assertThat(answer.media().remoteRtp().getHostString()).isEqualTo("203.0.113.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=sendrecv",
                "a=ice-ufrag:8hh\n" + PASSWORD,
                UFRAG + "\na=ice-pwd:short",
                UFRAG,
            })
    void whatIsNoIceIsAnsweredWithout(String lines) {
        PhoneOutcome.Agreed answer = agreed(served().answer(offer(lines, FIRST)));
        assertThat(answer.media().ice()).isNull();
        assertThat(text(answer.sdp())).doesNotContain("a=ice").doesNotContain("a=candidate");
    }

    @Test
    void aPeerThatIsLiteItselfOrMeetsNoCandidatesOfOursGoesWithout() {
        byte[] lite =
                text(offer(UFRAG, PASSWORD, FIRST))
                        .replace("t=0 0", "t=0 0\na=ice-lite")
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(text(agreed(served().answer(lite)).sdp())).doesNotContain("a=ice");
        PhoneOutcome.Agreed none = agreed(servedAt().answer(offer(UFRAG, PASSWORD, FIRST)));
        assertThat(text(none.sdp())).doesNotContain("a=ice");
    }

    @Test
    @Tag("RFC8839§4.4.1")
    void theSameCredentialsAreTheSameSessionAndOthersARestart() {
        PhoneSession session = served();
        IceAgreement first = ice(agreed(session.answer(offer(UFRAG, PASSWORD, FIRST))));
        session.commit();
        IceAgreement again = ice(agreed(session.answer(offer(UFRAG, PASSWORD, FIRST))));
        assertThat(again).isEqualTo(first);
        assertThat(again.isSessionOf(first)).isTrue();
        session.commit();
        IceAgreement next = ice(agreed(session.answer(offer("a=ice-ufrag:9uB6", PASSWORD, FIRST))));
        assertThat(next.isSessionOf(first)).isFalse();
        assertThat(next.local()).isNotEqualTo(first.local());
    }

    @Test
    void ourHoldAndOurOwnOfferSayTheSameAndAnAnswerWithoutItEndsIt() {
        PhoneSession session = served();
        PhoneOutcome.Agreed first = agreed(session.answer(offer(UFRAG, PASSWORD, FIRST)));
        String ours = "a=ice-ufrag:" + ice(first).local().ufrag();
        session.commit();
        session.hold(true);
        assertThat(text(session.proposal())).contains(ours, "a=ice-lite", "a=inactive");
        session.commit();
        assertThat(ice(agreed(session.answered(offer(UFRAG, PASSWORD, FIRST)))))
                .isEqualTo(ice(first));
        session.hold(false);
        assertThat(text(session.offer())).contains(ours, "a=ice-lite", "a=candidate:40 1 ");
        session.commit();
        assertThat(agreed(session.answered(offer())).media().ice()).isNull();
        assertThat(text(session.offer())).doesNotContain("a=ice");
    }

    @Test
    void whoGathersWhileItOffersIsNotOnHoldAndWhoHoldsInTheOldStyleIs() {
        PhoneOutcome.Agreed gathers =
                agreed(served().answer(offer("IN IP4 0.0.0.0", 9, UFRAG, PASSWORD)));
        assertThat(gathers.media().heldByPeer()).isFalse();
        assertThat(gathers.media().hasAddress()).isTrue();
        assertThat(gathers.media().direction()).isEqualTo(Direction.SENDRECV);

        PhoneOutcome.Agreed holds =
                agreed(served().answer(offer("IN IP4 0.0.0.0", 4000, UFRAG, PASSWORD, FIRST)));
        assertThat(holds.media().heldByPeer()).isTrue();
        assertThat(holds.media().ice()).isNotNull();
    }

    @Test
    void anAddressOfTheOtherFamilyIsServedByIceAndRefusedWithout() {
        byte[] six = offer("IN IP6 2001:db8::7", 4000, UFRAG, PASSWORD, FIRST, SIX);
        assertThat(ice(agreed(served().answer(six)))).isNotNull();
        assertThat(served().answer(offer("IN IP6 2001:db8::7", 4000)))
                .isInstanceOf(PhoneOutcome.Refused.class);
    }

    @Test
    void whatAnOfferWishesIsSeenBeforeItIsAnswered() {
        assertThat(IceWish.of(offer())).isEqualTo(IceWish.NONE);
        assertThat(IceWish.of(new byte[] {1, 2})).isEqualTo(IceWish.NONE);
        assertThat(IceWish.of(offer(UFRAG, PASSWORD, FIRST))).isEqualTo(IceWish.ONE_FAMILY);
        assertThat(IceWish.of(offer(UFRAG, PASSWORD, SIX, FIRST))).isEqualTo(IceWish.BOTH_FAMILIES);
    }
}

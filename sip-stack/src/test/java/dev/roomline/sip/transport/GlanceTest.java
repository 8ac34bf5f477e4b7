package dev.roomline.sip.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.transport.Glance.Kind;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a look at the octets tells of a message. */
class GlanceTest {
    @Test
    void aCallOutOfTheBlueShowsItsBranchAndNoNonce() {
        Glance glance = at(invite("To: \"x>;tag=1\" <sip:room@x;tag=2>\r\n", ""));

        assertThat(glance.kind()).isEqualTo(Kind.OUTSIDE_DIALOG);
        assertThat(glance.method()).isEqualTo("INVITE");
        assertThat(glance.branch()).isEqualTo("z9hG4bK-top");
        assertThat(glance.nonces()).isEmpty();
    }

    @Test
    void aTagOfToIsFoundInAllItsForms() {
        for (String to :
                new String[] {
                    "To: <sip:room@x>;tag=7\r\n",
                    "TO : <sip:room@x>;a=b; TAG =7\r\n",
                    "t:sip:room@x;tag=7\r\n",
                    "To: <sip:room@x>\r\n ;tag=7\r\n"
                }) {
            assertThat(at(invite(to, "")).kind()).as(to).isEqualTo(Kind.INSIDE_DIALOG);
        }
    }

    @Test
    void credentialsShowTheirNoncesAndCnonceIsNone() {
        String to = "To: <sip:room@x>\r\n";
        String digest =
                "Digest username=\"nonce=\\\"\", cnonce=\"no\", realm=\"x\", nonce=\"YES-1\"\r\n";

        assertThat(at(invite(to, "Proxy-Authorization: " + digest)).nonces()).contains("YES-1");
        assertThat(at(invite(to, "AUTHORIZATION:" + digest)).nonces())
                .contains("YES-1")
                .doesNotContain("no");
        assertThat(at(invite(to, ("Authorization: " + digest).repeat(9))).nonces())
                .hasSizeLessThanOrEqualTo(Glance.MOST_NONCES);
    }

    @Test
    void whatStandsInTheBodyDoesNotCount() {
        Glance glance =
                at(invite("To: <sip:room@x>\r\n", "\r\nTo: ;tag=1\r\nAuthorization: nonce=\"x\""));

        assertThat(glance.kind()).isEqualTo(Kind.OUTSIDE_DIALOG);
        assertThat(glance.nonces()).isEmpty();
    }

    @Test
    void otherKindsAreTold() {
        assertThat(at("SIP/2.0 200 OK\r\n\r\n").kind()).isEqualTo(Kind.RESPONSE);
        assertThat(at("\r\nACK sip:x SIP/2.0\r\n\r\n").kind()).isEqualTo(Kind.INSIDE_DIALOG);
        assertThat(at("CANCEL sip:x SIP/2.0\r\nv: SIP/2.0/UDP a;branch=b1\r\n\r\n"))
                .extracting(Glance::kind, Glance::branch)
                .containsExactly(Kind.CANCEL, "b1");
        assertThat(at("hello").kind()).isEqualTo(Kind.UNREADABLE);
        assertThat(at("").kind()).isEqualTo(Kind.UNREADABLE);
    }

    @Test
    void aBranchThatNobodyUsesIsNotKept() {
        String long300 = "b".repeat(300);
        assertThat(at("INVITE sip:x SIP/2.0\r\nVia: x;branch=" + long300 + "\r\n\r\n").branch())
                .isEmpty();
    }

    @Test
    void noOctetsMakeItThrow() {
        SplittableRandom random = new SplittableRandom(8);
        byte[] good =
                invite("To: <sip:room@x>\r\n", "Authorization: Digest nonce=\"x\"\r\n")
                        .getBytes(ISO_8859_1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = java.util.Arrays.copyOf(good, random.nextInt(good.length + 1));
            for (int flips = random.nextInt(6); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(Glance.at(bytes)).isNotNull();
        }
    }

    private static Glance at(String message) {
        return Glance.at(message.getBytes(ISO_8859_1));
    }

    private static String invite(String to, String more) {
        return "INVITE sip:room@x SIP/2.0\r\n"
                + "Via: SIP/2.0/UDP 192.0.2.9:5060;rport;branch=z9hG4bK-top\r\n"
                + "Via: SIP/2.0/UDP 192.0.2.8:5060;branch=z9hG4bK-below\r\n"
                + "From: <sip:a@b>;tag=1\r\n"
                + to
                + more
                + "\r\n";
    }
}

package dev.roomline.sip.refer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refer-To, Replaces and sipfrag as peers write them (RFC 3515 §2.1, RFC 3891 §6.1, RFC 3420). */
class ReferToTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sip:bob@example.com | sip:bob@example.com",
                "<sip:bob@example.com;user=phone> | sip:bob@example.com;user=phone",
                "<sip:bob@example.com;method=INVITE> | sip:bob@example.com",
                "\"Bob <b>; \\\" x\" <tel:+15551234567> | tel:+15551234567",
                "Bob <sips:bob@[2001:db8::1]:5061>;x=y | sips:bob@[2001:db8::1]:5061",
                "sip:bob@example.com;x=y | sip:bob@example.com",
                "<sip:bob@example.com?Subject=x> | sip:bob@example.com",
            })
    @Tag("RFC3515§2.1")
    void whomItNames(String value, String uri) {
        assertThat(ReferTo.read(value))
                .isInstanceOfSatisfying(
                        ReferTo.Reading.Good.class,
                        good -> {
                            assertThat(good.target().uriText()).isEqualTo(uri);
                            assertThat(good.target().replaces()).isNull();
                        });
    }

    @Test
    void aDialogToReplaceStandsEscapedInTheUri() {
        String value =
                "<sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3B"
                        + "to-tag%3D12345%3Bfrom-tag%3D5FFE-3994&Require=replaces>";
        assertThat(ReferTo.read(value))
                .isInstanceOfSatisfying(
                        ReferTo.Reading.Good.class,
                        good ->
                                assertThat(good.target().replaces())
                                        .isEqualTo(
                                                new Replaces(
                                                        "12345@192.168.118.3",
                                                        "12345",
                                                        "5FFE-3994",
                                                        false)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<>",
                "<sip:bob@example.com",
                "\"Bob <sip:bob@example.com>",
                "<sip:>",
                "<sip:bob@example.com?Replaces=x>",
                "<sip:bob@example.com?Replaces=x%3Bto-tag%3D1>",
            })
    void whatNamesNobodyIsRefused(String value) {
        assertThat(ReferTo.read(value))
                .isInstanceOfSatisfying(
                        ReferTo.Reading.Bad.class, bad -> assertThat(bad.status()).isEqualTo(400));
    }

    @Test
    void anotherMethodThanInviteIsNotServed() {
        assertThat(ReferTo.read("<sip:bob@example.com;method=BYE>"))
                .isInstanceOfSatisfying(
                        ReferTo.Reading.Bad.class, bad -> assertThat(bad.status()).isEqualTo(501));
    }

    @Test
    void replacesNeedsBothTagsOnce() {
        assertThat(Replaces.read("a@b;from-tag=f;to-tag=t;early-only").orElseThrow())
                .isEqualTo(new Replaces("a@b", "t", "f", true));
        assertThat(Replaces.read("a@b ; to-tag = t ; from-tag = f;x=y").orElseThrow().value())
                .isEqualTo("a@b;to-tag=t;from-tag=f");
        for (String bad :
                new String[] {
                    "",
                    "a@b",
                    "a@b;to-tag=t",
                    "a@b;from-tag=f",
                    "a@b;to-tag=;from-tag=f",
                    "a@b;to-tag=t;to-tag=u;from-tag=f",
                    ";to-tag=t;from-tag=f",
                    "a b;to-tag=t;from-tag=f",
                    "a@b;to-tag=t;from-tag=f,c@d"
                }) {
            assertThat(Replaces.read(bad)).as(bad).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SIP/2.0 200 OK | 200 | OK",
                "SIP/2.0 180 | 180 | ''",
                "sip/2.0 603 No thanks | 603 | No thanks",
            })
    @Tag("RFC3420§2")
    void aStatusLineIsRead(String line, int status, String phrase) {
        byte[] bytes = (line + "\r\nReason: x\r\n").getBytes(StandardCharsets.UTF_8);
        assertThat(SipFrag.read(bytes)).contains(new SipFrag(status, phrase));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SIP/2.0", "SIP/2.0 99 x", "SIP/2.0 700 x", "SIP/2.0 2000", "hi"})
    void whatIsNoStatusLineIsNone(String text) {
        assertThat(SipFrag.read(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(Optional.empty());
    }

    @Test
    void noBytesMakeItThrow() {
        RandomGenerator random = new java.util.Random(7);
        String some = "<>\";?%=&@:sip tel method Replaces to-tag from-tag \\ \u0000é";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(some.charAt(random.nextInt(some.length())));
            }
            assertThat(ReferTo.read(text.toString())).isNotNull();
            assertThat(Replaces.read(text.toString())).isNotNull();
            assertThat(SipFrag.read(text.toString().getBytes(StandardCharsets.UTF_8))).isNotNull();
        }
    }
}

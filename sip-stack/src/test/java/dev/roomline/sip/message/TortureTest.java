package dev.roomline.sip.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages of RFC 4475 and RFC 5118, and what the parser reads in each. */
class TortureTest {
    private static final int OF_RFC_4475 = 49;
    private static final int OF_RFC_5118 = 12;

    static Stream<TortureMessage> messages() {
        return TortureMessage.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    @Tag("RFC4475§3.1.1")
    @Tag("RFC4475§3.1.2")
    @Tag("RFC3261§25.1")
    void isReadOrRefusedAsItsRowSays(TortureMessage message) {
        ParseOutcome outcome = SipParser.parse(message.octets(), false);
        String read =
                switch (outcome) {
                    case ParsedRequest request -> request.method() + " " + request.cseq();
                    case ParsedResponse response -> Integer.toString(response.status());
                    case Malformed malformed -> malformed.status() + " " + malformed.reason();
                };
        assertThat(read).as("%s", outcome).isEqualTo(message.read());
        if (outcome instanceof Malformed malformed) {
            boolean answered = !message.byDatagram().equals("none");
            assertThat(malformed.answerable() != null).isEqualTo(answered);
            assertThat(malformed.phrase()).isNotBlank().doesNotContain("\r", "\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"rfc4475, " + OF_RFC_4475, "rfc5118, " + OF_RFC_5118})
    void noneIsLeftOut(String rfc, int count) throws IOException, URISyntaxException {
        List<String> rows =
                TortureMessage.all()
                        .filter(one -> one.rfc().equals(rfc))
                        .map(TortureMessage::name)
                        .sorted()
                        .toList();
        assertThat(rows).hasSize(count).doesNotHaveDuplicates();
        Path folder =
                Path.of(Objects.requireNonNull(TortureTest.class.getResource("/" + rfc)).toURI());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(
                            files.map(file -> file.getFileName().toString())
                                    .filter(file -> file.endsWith(".dat"))
                                    .map(file -> file.substring(0, file.length() - 4))
                                    .sorted())
                    .isEqualTo(rows);
        }
    }

    private static ParsedRequest request(String name) {
        return (ParsedRequest) SipParser.parse(TortureMessage.named(name).octets(), false);
    }

    private static SipUri contact(String name) {
        return Objects.requireNonNull(request(name).contact()).uri();
    }

    @Test
    @Tag("RFC3261§19.1.2")
    void escapesAreReadOnceAndNeverAsWhatTheyWouldSeparate() {
        ParsedRequest esc01 = request("esc01");
        assertThat(esc01.requestUri().user()).isEqualTo("sips:user@example.com");
        assertThat(esc01.requestUri().host()).isEqualTo("example.net");
        assertThat(esc01.to().uri().user()).isEqualTo("user");
        assertThat(esc01.from().uri().user()).isEqualTo("I have spaces");
        assertThat(request("semiuri").requestUri().user()).isEqualTo("user;par=u@example.net");
        // a NUL ends nothing, and is not made one
        assertThat(request("escnull").to().uri().user()).isEqualTo("null-%00-null");
        ParsedRequest esc02 = request("esc02");
        assertThat(esc02.from().displayName()).isEqualTo("%Z%45");
        assertThat(esc02.headers("Contact")).hasSize(2);
    }

    @Test
    @Tag("RFC3261§7.3.1")
    @Tag("RFC3261§7.3.3")
    void linesAreUnfoldedAndCompactFormsAreTheSameHeaders() {
        assertThat(request("semiuri").header("Accept").orElse(""))
                .contains("application/sdp")
                .endsWith("message/sipfrag");
        assertThat(request("esc01").callId()).isEqualTo("esc01.239409asdfakjkn23onasd0-3234");
        assertThat(request("regescrt").headers("Contact")).hasSize(1);
        assertThat(request("regaut01").body()).isNull();
        assertThat(request("lwsdisp").from().displayName()).isEqualTo("caller");
    }

    @Test
    void aBodyEndsWhereItsLengthSays() {
        Body parts = request("mpart01").body();
        assertThat(parts).isNotNull();
        if (parts != null) {
            assertThat(parts.bytes()).hasSize(553).contains((byte) 0);
        }
        assertThat(request("dblreq").body()).isNull();
    }

    @Test
    @Tag("RFC3261§7.2")
    void aReasonPhraseMayBeAnythingOrNothing() {
        ParsedResponse unusual =
                (ParsedResponse) SipParser.parse(TortureMessage.named("unreason").octets(), false);
        assertThat(unusual.reasonPhrase()).startsWith("= 2**3 * 5**2 но сто девяносто");
        ParsedResponse none =
                (ParsedResponse) SipParser.parse(TortureMessage.named("noreason").octets(), false);
        assertThat(none.reasonPhrase()).isEmpty();
    }

    @Test
    @Tag("RFC3261§20.10")
    @Tag("RFC3261§19.1.1")
    void aParameterBelongsToTheUriOnlyWithinItsBrackets() {
        assertThat(contact("cparam01").parameters()).isEmpty();
        assertThat(contact("cparam02").parameters()).isEqualTo(Map.of("unknownparam", ""));
    }

    @Test
    @Tag("RFC5118§4.1")
    @Tag("RFC5118§4.3")
    @Tag("RFC5118§4.4")
    void thePortStandsBehindTheBracketsAlone() {
        assertThat(request("ipv6-good").requestUri().host()).isEqualTo("2001:db8::10");
        assertThat(contact("ipv6-good").host()).isEqualTo("2001:db8::1");
        SipUri ambiguous = request("port-ambiguous").requestUri();
        assertThat(ambiguous.host()).isEqualTo("2001:db8::10:5070");
        assertThat(ambiguous.port()).isEqualTo(-1);
        SipUri unambiguous = request("port-unambiguous").requestUri();
        assertThat(unambiguous.host()).isEqualTo("2001:db8::10");
        assertThat(unambiguous.port()).isEqualTo(5070);
    }

    @Test
    @Tag("RFC5118§4.2")
    void anAddressWithoutBracketsIsRefusedByName() {
        Malformed refused =
                (Malformed) SipParser.parse(TortureMessage.named("ipv6-bad").octets(), false);
        assertThat(refused.phrase()).contains("Request-Uri");
    }

    @ParameterizedTest
    @ValueSource(strings = {"via-received-param-with-delim", "via-received-param-no-delim"})
    @Tag("RFC5118§4.5")
    void receivedIsTakenWithBracketsAndWithout(String name) {
        Via via = request(name).topVia();
        assertThat(via.host()).isEqualTo("2001:db8::9:1");
        assertThat(via.branch()).startsWith("z9hG4bKas3");
    }

    @Test
    @Tag("RFC5118§4.7")
    @Tag("RFC5118§4.9")
    void bothFamiliesMayStandInOnePath() {
        ParsedRequest mixed = request("mult-ip-in-header");
        assertThat(mixed.topVia().host()).isEqualTo("2001:db8::9:1");
        assertThat(mixed.topVia().port()).isEqualTo(6050);
        assertThat(mixed.head().otherVias())
                .containsExactly(
                        "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144",
                        "SIP/2.0/TCP [2001:db8::9:255];branch=z9hG4bK451jj;received=192.0.2.200");
        ParsedRequest mapped = request("ipv4-mapped-ipv6");
        assertThat(mapped.topVia().host()).isEqualTo("::ffff:192.0.2.10");
        assertThat(mapped.topVia().port()).isEqualTo(19823);
        assertThat(contact("ipv4-mapped-ipv6").host()).isEqualTo("::ffff:192.0.2.2");
    }

    @Test
    @Tag("RFC5118§4.10")
    void threeColonsAreTolerated() {
        assertThat(request("ipv6-bug-abnf-3-colons").requestUri().user()).isEqualTo("user");
        assertThat(request("ipv6-correct-abnf-2-colons").requestUri().host())
                .isEqualTo("2001:db8::192.0.2.1");
    }

    /**
     * Three messages are valid by the RFC and refused for one thing only: Via branches of RFC 2543,
     * and control characters in quotes. Without that they pass.
     */
    @ParameterizedTest(name = "{0} is understood but for what we do not serve")
    @CsvSource({
        "wsinv, branch=390skdjuw, branch=z9hG4bK390skdjuw",
        "longreq, SIP/2.0/TCP sip33.example.com, SIP/2.0/TCP sip33.example.com;branch=z9hG4bK1",
        "intmeth, BEL:\\\u0007 NUL:\\\u0000 DEL:\\\u007F, BEL"
    })
    void refusedForOneThing(String name, String fault, String instead) {
        String text = TortureMessage.named(name).text();
        assertThat(text).contains(fault);
        String repaired = text.replace(fault, instead);
        ParseOutcome outcome = SipParser.parse(repaired.getBytes(StandardCharsets.UTF_8), false);
        assertThat(outcome).as("%s", outcome).isInstanceOf(ParsedRequest.class);
    }
}

package dev.roomline.sip.message;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.Malformed.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SipParserTest {
    private static final String INVITE =
            """
            INVITE sip:abc-defg-hij@192.0.2.1 SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.9:5062;branch=z9hG4bKnashds8;rport, SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKx
            Via: SIP/2.0/TCP [2001:db8::1]:5061;branch=z9hG4bKy
            Max-Forwards: 70
            Record-Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>
            From: "Alice \\"A\\"" <sip:ali%63e@example.com;user=phone>;tag=1928301774
            To: <sip:abc-defg-hij@192.0.2.1>
            Call-ID: a84b4c76e66710@example.com
            CSeq: 314159 INVITE
            Contact: <sip:alice@192.0.2.9:5062;ob>;+sip.instance="<urn:x>"
            X-100ms-Display-Name: John%20Doe
            X-Two : spaced
            Content-Type: application/SDP;charset=utf-8
            Content-Length: 5

            v=0
            """
                    .replace("\n", "\r\n");

    private static ParseOutcome parse(String text) {
        return SipParser.parse(text.getBytes(StandardCharsets.UTF_8), false);
    }

    private static Malformed malformed(String text) {
        ParseOutcome outcome = parse(text);
        assertThat(outcome).as("%s", outcome).isInstanceOf(Malformed.class);
        return (Malformed) outcome;
    }

    private static ParsedRequest request(String text) {
        ParseOutcome outcome = parse(text);
        assertThat(outcome).as("%s", outcome).isInstanceOf(ParsedRequest.class);
        return (ParsedRequest) outcome;
    }

    @Test
    void a_request_shows_what_it_carries() {
        ParsedRequest request = request(INVITE);
        assertThat(request.method()).isEqualTo("INVITE");
        assertThat(request.requestUri().user()).isEqualTo("abc-defg-hij");
        assertThat(request.from().displayName()).isEqualTo("Alice \"A\"");
        assertThat(request.from().uri().user()).isEqualTo("alice");
        assertThat(request.from().uri().parameters()).containsEntry("user", "phone");
        assertThat(request.from().tag()).isEqualTo("1928301774");
        assertThat(request.to().tag()).isNull();
        assertThat(request.cseq()).isEqualTo(314159);
        assertThat(request.topVia().port()).isEqualTo(5062);
        assertThat(request.topVia().rport()).isTrue();
        assertThat(request.head().otherVias()).hasSize(2);
        assertThat(request.recordRoute()).hasSize(2);
        assertThat(request.recordRoute().getFirst().uriText()).isEqualTo("sip:p1.example.com;lr");
        assertThat(request.contactAddress()).isNotNull();
        assertThat(requireNonNull(request.contactAddress()).uriText())
                .isEqualTo("sip:alice@192.0.2.9:5062;ob");
        assertThat(request.header("x-100MS-display-name")).contains("John%20Doe");
        assertThat(request.header("X-Two")).contains("spaced");
        assertThat(request.header("m")).isPresent();
        assertThat(request.body()).isNotNull();
        assertThat(requireNonNull(request.body()).contentType()).isEqualTo("application/sdp");
        assertThat(new String(requireNonNull(request.body()).bytes(), StandardCharsets.US_ASCII))
                .isEqualTo("v=0\r\n");
    }

    @Test
    @Tag("RFC3261§18.3")
    void more_body_than_declared_is_ignored_and_less_is_refused() {
        assertThat(requireNonNull(request(INVITE + "trailing").body()).bytes()).hasSize(5);
        assertThat(malformed(INVITE.substring(0, INVITE.length() - 1)).reason())
                .isEqualTo(Reason.BAD_LENGTH);
    }

    @Test
    @Tag("RFC3261§20.14")
    @Tag("RFC3261§18.3")
    void a_stream_needs_a_content_length() {
        byte[] bytes = INVITE.replace("Content-Length: 5\r\n", "").getBytes(StandardCharsets.UTF_8);
        assertThat(SipParser.parse(bytes, true)).isInstanceOf(Malformed.class);
        assertThat(SipParser.parse(bytes, false)).isInstanceOf(ParsedRequest.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Via", "From", "To", "Call-ID", "CSeq", "Contact"})
    @Tag("RFC3261§8.1.1")
    void a_request_without_what_it_needs_names_it(String name) {
        String without = INVITE.replaceAll("(?m)^" + name + ":.*\r\n", "");
        Malformed refusal = malformed(without);
        assertThat(refusal.reason()).isEqualTo(Reason.MISSING_HEADER);
        assertThat(refusal.phrase()).isEqualTo("No " + name + " header");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-A: b\u0000c",
                "X-A: b\u0007c",
                "X-A: b\u007fc",
                "X-A: b\rc",
                "X-A: b\nX-Injected: c"
            })
    void control_characters_are_refused_and_still_answered(String line) {
        Malformed refusal = malformed(INVITE.replace("Max-Forwards: 70", line));
        assertThat(refusal.reason()).isEqualTo(Reason.ILLEGAL_BYTE);
        assertThat(refusal.answerable()).isNotNull();
    }

    @Test
    void header_blocks_headers_and_their_number_are_bounded() {
        String many = "X-A: b\r\n".repeat(64);
        String large = "X-A: " + "b".repeat(2048) + "\r\n";
        String block = ("X-A: " + "b".repeat(1900) + "\r\n").repeat(5);
        for (String more : new String[] {many, large, block}) {
            Malformed refusal = malformed(INVITE.replace("X-Two", more + "X-Two"));
            assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
            assertThat(refusal.status()).isEqualTo(513);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X Foo: v", ": v", "X-Foo", "X-Foo(: v", "X\u00e9: v"})
    void a_header_name_is_a_token(String line) {
        assertThat(malformed(INVITE.replace("X-Two : spaced", line)).reason())
                .isEqualTo(Reason.BAD_HEADER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "4294967297", "-1", "1x", "", "99999999999999999999999"})
    @Tag("RFC3261§20.16")
    void cseq_is_below_2_to_the_31(String number) {
        assertThat(malformed(INVITE.replace("314159", number)).answerable()).isNotNull();
    }

    @Test
    @Tag("RFC3261§7")
    void a_latin_1_display_name_is_kept_as_it_was() {
        byte[] bytes =
                INVITE.replace("\"Alice \\\"A\\\"\"", "\"J\u00fcrgen\"")
                        .getBytes(StandardCharsets.ISO_8859_1);
        ParseOutcome outcome = SipParser.parse(bytes, false);
        assertThat(outcome).isInstanceOf(ParsedRequest.class);
        ParsedRequest request = (ParsedRequest) outcome;
        assertThat(request.from().displayName()).isEqualTo("J\u00fcrgen");
        assertThat(request.head().charset()).isEqualTo(StandardCharsets.ISO_8859_1);
    }

    @Test
    void mutated_messages_never_throw_and_never_take_long() {
        Random random = new Random(1);
        byte[] good = INVITE.getBytes(StandardCharsets.UTF_8);
        long worstNanos = 0;
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = mutate(good, random);
            long start = System.nanoTime();
            ParseOutcome outcome = SipParser.parse(bytes, round % 2 == 0);
            if (round > 2000) {
                worstNanos = Math.max(worstNanos, System.nanoTime() - start);
            }
            if (outcome instanceof Malformed) {
                refused++;
            }
        }
        assertThat(refused).isBetween(2_000, 19_000);
        // generous for a machine that also does something else; quadratic work would pass it
        assertThat(worstNanos).isLessThan(500_000_000L);
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = good.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(random.nextInt(1, 20), bytes.length - at);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 ->
                        System.arraycopy(
                                good, random.nextInt(good.length - length), bytes, at, length);
                case 2 -> {
                    byte[] shorter = new byte[bytes.length - length];
                    System.arraycopy(bytes, 0, shorter, 0, at);
                    System.arraycopy(bytes, at + length, shorter, at, shorter.length - at);
                    bytes = shorter.length == 0 ? good.clone() : shorter;
                }
                default -> bytes[at] = (byte) "<>\";:,@[]\\%?= \t".charAt(random.nextInt(15));
            }
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "<", "\"", "\\", ",", ";", "[", "%", "@", "?a", ";a=", ",<"})
    void long_repetitions_in_any_parsed_header_are_not_quadratic(String unit) {
        String filler = unit.repeat(1900 / unit.length());
        for (String start :
                new String[] {
                    "Via: SIP/2.0/UDP h;branch=z9hG4bKa;x=",
                    "From: <sip:a@b>;tag=1;x=",
                    "Contact: <sip:a@b>;x=",
                    "Record-Route: <sip:a@b>;x=",
                    "To: "
                }) {
            String name = start.substring(0, start.indexOf(':'));
            String message =
                    INVITE.replaceFirst(
                            "(?m)^" + name + ":.*",
                            java.util.regex.Matcher.quoteReplacement(start + filler));
            parse(message);
            long began = System.nanoTime();
            parse(message);
            assertThat(System.nanoTime() - began).as(start + unit).isLessThan(500_000_000L);
        }
    }

    @Test
    void what_one_header_may_cost_is_bounded() {
        String parameters = ";a=b".repeat(129);
        for (String name : new String[] {"From: <sip:a@b>;tag=1", "To: <sip:a@b>"}) {
            String line = name.substring(0, name.indexOf(':'));
            String message = INVITE.replaceFirst("(?m)^" + line + ":.*", name + parameters);
            assertThat(malformed(message).phrase()).endsWith("more than 128 parts");
        }
        String routes = "Record-Route: <sip:p;lr>\r\n".repeat(31);
        assertThat(malformed(INVITE.replace("From:", routes + "From:")).phrase())
                .isEqualTo("Bad Record-Route: more than 32");
    }
}

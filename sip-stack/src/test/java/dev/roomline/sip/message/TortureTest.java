package dev.roomline.sip.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.Malformed.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The messages of RFC 4475 under src/test/resources/rfc4475, and what becomes of each. The text of
 * the free-form parts of {@code longreq}, {@code mpart01} and of SDP bodies is not the RFC's.
 */
class TortureTest {
    private static ParseOutcome parse(String name) throws IOException {
        try (var in = TortureTest.class.getResourceAsStream("/rfc4475/" + name + ".dat")) {
            if (in == null) {
                throw new AssertionError("no message " + name);
            }
            return SipParser.parse(in.readAllBytes(), false);
        }
    }

    @ParameterizedTest(name = "{0} is a valid request")
    @CsvSource({
        "esc01, INVITE, 234234",
        "escnull, REGISTER, 14398234",
        "esc02, RE%47IST%45R, 29344",
        "lwsdisp, OPTIONS, 60",
        "dblreq, REGISTER, 8",
        "semiuri, OPTIONS, 8",
        "transports, OPTIONS, 60",
        "mpart01, MESSAGE, 1",
        "baddate, INVITE, 1392934",
        "unkscm, OPTIONS, 3923423",
        "novelsc, OPTIONS, 3923423",
        "bext01, OPTIONS, 8",
        "invut, INVITE, 235448",
        "regaut01, REGISTER, 9338",
        "zeromf, OPTIONS, 39234321",
        "cparam01, REGISTER, 2",
        "cparam02, REGISTER, 3",
        "regescrt, REGISTER, 14398234",
        "sdp01, INVITE, 8"
    })
    void valid(String name, String method, long cseq) throws IOException {
        ParseOutcome outcome = parse(name);
        assertThat(outcome).as("%s", outcome).isInstanceOf(ParsedRequest.class);
        ParsedRequest request = (ParsedRequest) outcome;
        assertThat(request.method()).isEqualTo(method);
        assertThat(request.cseq()).isEqualTo(cseq);
    }

    @ParameterizedTest(name = "{0} is a valid response")
    @CsvSource({"unreason, 200", "noreason, 100", "bcast, 200"})
    void validResponse(String name, int status) throws IOException {
        ParseOutcome outcome = parse(name);
        assertThat(outcome).as("%s", outcome).isInstanceOf(ParsedResponse.class);
        assertThat(((ParsedResponse) outcome).status()).isEqualTo(status);
    }

    @ParameterizedTest(name = "{0} is refused {3}: {2}")
    @CsvSource({
        "badinv01, false, BAD_HEADER, 400",
        "clerr, true, BAD_LENGTH, 400",
        "ncl, true, BAD_LENGTH, 400",
        "scalar02, true, BAD_HEADER, 400",
        "scalarlg, false, BAD_HEADER, 400",
        "quotbal, true, BAD_HEADER, 400",
        "ltgtruri, true, BAD_START_LINE, 400",
        "lwsruri, true, BAD_START_LINE, 400",
        "lwsstart, true, BAD_START_LINE, 400",
        "trws, true, BAD_START_LINE, 400",
        "escruri, true, BAD_HEADER, 400",
        "regbadct, true, BAD_HEADER, 400",
        "badaspec, true, BAD_HEADER, 400",
        "baddn, true, BAD_HEADER, 400",
        "mismatch01, true, METHOD_MISMATCH, 400",
        "mismatch02, true, METHOD_MISMATCH, 400",
        "bigcode, false, BAD_START_LINE, 400",
        "badbranch, true, BAD_HEADER, 400",
        "insuf, true, MISSING_HEADER, 400",
        "unksm2, true, BAD_HEADER, 400",
        "multi01, true, REPEATED_HEADER, 400",
        "mcl01, true, REPEATED_HEADER, 400",
        "inv2543, true, OLD_PROTOCOL, 400",
        "badvers, true, WRONG_VERSION, 505",
        "wsinv, true, OLD_PROTOCOL, 400",
        "longreq, true, OLD_PROTOCOL, 400",
        "intmeth, true, ILLEGAL_BYTE, 400"
    })
    void refused(String name, boolean answerable, Reason reason, int status) throws IOException {
        ParseOutcome outcome = parse(name);
        assertThat(outcome).as("%s", outcome).isInstanceOf(Malformed.class);
        Malformed malformed = (Malformed) outcome;
        assertThat(malformed.reason()).as(malformed.phrase()).isEqualTo(reason);
        assertThat(malformed.status()).isEqualTo(status);
        assertThat(malformed.answerable() != null).isEqualTo(answerable);
        assertThat(malformed.phrase()).isNotBlank().doesNotContain("\r", "\n");
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
    void refusedForOneThing(String name, String fault, String instead) throws IOException {
        try (var in = TortureTest.class.getResourceAsStream("/rfc4475/" + name + ".dat")) {
            if (in == null) {
                throw new AssertionError("no message " + name);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains(fault);
            String repaired = text.replace(fault, instead);
            ParseOutcome outcome =
                    SipParser.parse(repaired.getBytes(StandardCharsets.UTF_8), false);
            assertThat(outcome).as("%s", outcome).isInstanceOf(ParsedRequest.class);
        }
    }
}

package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call, and what the others see. SIPp is the phone. */
final class DigestCallTest {
    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("digest");

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aCallWithTheRightPasswordIsAnswered(String transport) {
        SippRunner sipp =
                SippRunner.scenario("call.xml", bridge.sipPort())
                        .dial(BridgeProcess.ROOM_CODE)
                        .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD);
        SippRunner.Result result = (transport.equals("tcp") ? sipp.overTcp() : sipp).run();

        SipTrace trace = SipTrace.ofSipp(result.assertPassed().messages());
        SipTrace.Message challenge = trace.response(407);
        assertThat(challenge.header("Proxy-Authenticate"))
                .matches(
                        "Digest realm=\"roomline\",\\s?nonce=\"[A-Za-z0-9_=-]+\","
                                + "\\s?algorithm=MD5,\\s?qop=\"auth\"");
        SipTrace.Message answer = trace.responses(200).getFirst();
        assertThat(answer.header("Contact"))
                .contains("127.0.0.1:" + bridge.sipPort())
                .matches(contact -> transport.equals("udp") || contact.contains("transport=tcp"));
        assertThat(answer.body()).contains("m=audio", "c=IN IP4 127.0.0.1", "telephone-event");
        assertThat(answer.body().lines().filter(line -> line.startsWith("a=rtpmap")).toList())
                .hasSize(2);
    }

    @Test
    void anUnknownUserAndAWrongPasswordSeeTheSame() {
        SipTrace wrong = refused(BridgeProcess.USERNAME, "guess");
        SipTrace unknown = refused("mallory", "guess");

        List<SipTrace.Message> challenges = wrong.responses(407);
        assertThat(challenges).hasSize(3);
        assertThat(challenges.stream().map(m -> m.header("Proxy-Authenticate")).distinct())
                .as("every challenge has a nonce of its own")
                .hasSize(3);
        assertThat(shapes(unknown)).isEqualTo(shapes(wrong));
        assertThat(bridge.get("/v1/calls").get("items").toString()).doesNotContain("mallory");
    }

    @Test
    void anUnknownCodeIsToldOnlyToWhoProvedThemselves() {
        SipTrace trace =
                SipTrace.ofSipp(
                        SippRunner.scenario("refused-404.xml", bridge.sipPort())
                                .dial("zzz-zzzz-zzz")
                                .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD)
                                .run()
                                .assertPassed()
                                .messages());
        SipTrace known =
                SipTrace.ofSipp(
                        SippRunner.scenario("call.xml", bridge.sipPort())
                                .dial(BridgeProcess.ROOM_CODE)
                                .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD)
                                .run()
                                .assertPassed()
                                .messages());

        assertThat(shape(trace.response(407))).isEqualTo(shape(known.response(407)));
        assertThat(trace.response(404).text()).doesNotContain(BridgeProcess.ROOM_CODE);
    }

    private static SipTrace refused(String username, String password) {
        return SipTrace.ofSipp(
                SippRunner.scenario("refused-credentials.xml", bridge.sipPort())
                        .dial(BridgeProcess.ROOM_CODE)
                        .credentials(username, password)
                        .run()
                        .assertPassed()
                        .messages());
    }

    private static List<String> shapes(SipTrace trace) {
        return trace.messages().stream()
                .filter(m -> m.received() && m.status() > 100)
                .map(DigestCallTest::shape)
                .toList();
    }

    /** A response without what must differ between two calls. */
    private static String shape(SipTrace.Message message) {
        return message.text()
                .replaceAll("nonce=\"[^\"]*\"", "nonce")
                .replaceAll("(?i)(tag|branch|rport|received)=[^;\r\n]*", "$1")
                .replaceAll("(?m)^(Via|Call-ID|From|To|Date):.*$", "$1")
                .strip();
    }
}

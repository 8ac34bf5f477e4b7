package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roomline.system.PlacedCalls.Answer;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Signalling and sound over IPv6, in a room with a phone on IPv4. SIPp is the peer. Whatever we
 * write of addresses is as RFC 5952 says.
 */
final class Ipv6CallTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Pattern OTHER_SPELLINGS = Pattern.compile("0:0:0:|(::1|fe80\\S*)%");
    private static final int CARRIER = FreePorts.one();

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("ipv6")
                    .bind("127.0.0.1\", \"::1")
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: six, address: "[::1]:%d", options_ping: 0s, numbers: ["+15550100000"], codecs: [pcmu] }
                            """
                                    .formatted(CARRIER));

    private final PlacedCalls calls = new PlacedCalls(bridge);

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aCallOverIpv6IsHeardByAPhoneOnIpv4AndHearsIt(String transport) {
        SippRunner sipp =
                SippRunner.scenario("call-hung-up-by-us.xml", bridge.sipPort())
                        .onIpv6()
                        .dial(BridgeProcess.ROOM_CODE)
                        .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD)
                        .echoRtp();
        try (Baresip inside =
                        Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, 500))
                                .call(bridge.sipUri(BridgeProcess.ROOM_CODE));
                SippRunner.Running running =
                        (transport.equals("tcp") ? sipp.overTcp() : sipp).start()) {
            // what it says comes back to it from the one who echoes
            assertThat(Ears.whenHeard(inside::listen, 500).levelDbfs(500))
                    .isGreaterThan(Baresip.TONE_DBFS - 3);
            String id = overIpv6();
            assertThat(calls.hangUp(id)).isEqualTo(204);
            SipTrace trace = SipTrace.ofSipp(running.await().assertPassed().messages());

            SipTrace.Message answer =
                    trace.responses(200).stream()
                            .filter(message -> message.header("CSeq").endsWith("INVITE"))
                            .findFirst()
                            .orElseThrow();
            assertThat(answer.header("Contact")).contains("[::1]:" + bridge.sipPort());
            assertThat(answer.body())
                    .contains("\r\nc=IN IP6 ::1\r\n")
                    .containsPattern("\r\no=.* IN IP6 ::1\r\n");
            assertThat(trace.requests("BYE").getFirst().header("Via"))
                    .contains(" [::1]:" + bridge.sipPort() + ";");
            assertThat(bridge.log()).contains("event=call_admitted", " source=::1 ");
            writesNoOther(id, trace);
            inside.hangUp();
        }
    }

    /** As phones do behind a proxy that has both. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPhoneWhoseSoundTakesTheOtherFamilyThanItsSignallingIsHeardAndHears(boolean soundOnIpv6) {
        SippRunner sipp =
                SippRunner.scenario("call-hung-up-by-us.xml", bridge.sipPort())
                        .dial(BridgeProcess.ROOM_CODE)
                        .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD)
                        .echoRtp();
        try (Baresip inside =
                        Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, 500))
                                .call(bridge.sipUri(BridgeProcess.ROOM_CODE));
                SippRunner.Running running =
                        (soundOnIpv6 ? sipp.soundOnIpv6() : sipp.signallingOnIpv6()).start()) {
            assertThat(Ears.whenHeard(inside::listen, 500).levelDbfs(500))
                    .isGreaterThan(Baresip.TONE_DBFS - 3);
            assertThat(calls.hangUp(overIpv6())).isEqualTo(204);
            SipTrace trace = SipTrace.ofSipp(running.await().assertPassed().messages());
            String answer = trace.responses(200).getFirst().body();
            assertThat(answer)
                    .contains(
                            "\r\nc=" + (soundOnIpv6 ? "IN IP6 ::1" : "IN IP4 127.0.0.1") + "\r\n");
            inside.hangUp();
        }
    }

    @Test
    void aCallGoesOutOverIpv6WithSoundBothWays() {
        try (SippRunner.Running echo =
                        SippRunner.scenario("echo-uas.xml", bridge.sipPort())
                                .onIpv6()
                                .localPort(CARRIER)
                                .echoRtp()
                                .start();
                Baresip inside =
                        Baresip.start(Baresip.Phone.of(bridge, Codec.PCMU, 500))
                                .call(bridge.sipUri(BridgeProcess.ROOM_CODE))) {
            Answer answer = calls.place("six", "+15551234567", ", \"wait\": \"answered\"");
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
            assertThat(Ears.whenHeard(inside::listen, 500).levelDbfs(500))
                    .isGreaterThan(Baresip.TONE_DBFS - 3);
            assertThat(calls.hangUp(answer.text("id"))).isEqualTo(204);
            SipTrace trace = SipTrace.ofSipp(echo.await().assertPassed().messages());
            SipTrace.Message invite = trace.requests("INVITE").getFirst();
            assertThat(invite.header("Via")).contains(" [::1]:" + bridge.sipPort() + ";");
            assertThat(invite.header("Contact")).contains("[::1]:" + bridge.sipPort());
            assertThat(invite.body()).contains("\r\nc=IN IP6 ::1\r\n");
            writesNoOther(answer.text("id"), trace);
            inside.hangUp();
        }
    }

    /** Neither in messages nor in what the API and the log say of the call. */
    private void writesNoOther(String id, SipTrace trace) {
        String sent = trace.toString();
        String told = calls.get(id) + " " + bridge.get("/v1/calls/" + id + "/trace");
        for (String text : new String[] {sent, told, bridge.log()}) {
            assertThat(
                            OTHER_SPELLINGS
                                    .matcher(text)
                                    .results()
                                    .map(
                                            one ->
                                                    text.substring(
                                                            Math.max(0, one.start() - 60),
                                                            Math.min(
                                                                    text.length(),
                                                                    one.end() + 20))))
                    .isEmpty();
        }
    }

    /** The call whose messages, or whose sound, came from there. */
    private String overIpv6() {
        return await("the call over IPv6 to be answered")
                .atMost(LIMIT)
                .until(
                        () -> {
                            for (JsonNode call :
                                    bridge.get("/v1/calls?state=answered").path("items")) {
                                String id = call.path("id").asString();
                                String trace = bridge.get("/v1/calls/" + id + "/trace").toString();
                                if (trace.contains("::1")) {
                                    return id;
                                }
                            }
                            return "";
                        },
                        id -> !id.isEmpty());
    }
}

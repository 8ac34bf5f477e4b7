package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * 30 % of the SIP datagrams of plain calls are lost each way, outside both processes; those of
 * calls that ring reliably, hold by UPDATE and resume are lost, doubled and overtaken. Every call
 * is set up and torn down, and nothing of it is left in the server.
 */
final class LossySignallingTest {
    private static final int CALLS = 120;
    private static final double LOSS = 0.30;

    /**
     * Calls that were given up since nothing was heard of an INVITE, which SIPp repeats eight times
     * in 26 s: 0.51^9 of each call's two (the first is challenged) is 0.6 of 120, and no server can
     * help those.
     */
    private static final int MOST_UNHEARD = 3;

    private static final int FLOWS = 100;
    private static final String RINGING = "+15550100003";
    private static final PatientApplication application = new PatientApplication();
    private static NatNetwork network;

    @BeforeAll
    static void buildNetwork() {
        network = new NatNetwork();
    }

    @AfterAll
    static void removeNetwork() {
        network.close();
        application.close();
    }

    @Test
    @Tag("RFC3261§17.2.1")
    @Tag("RFC3261§13.3.1.4")
    void everyCallIsSetUpAndTornDownAndNoneIsLeft() {
        BridgeProcess bridge =
                BridgeProcess.named("lossy")
                        .bind("0.0.0.0")
                        .rtpPortPairs(2 * (CALLS + FLOWS))
                        .section(
                                "trunks",
                                """
                                trunks:
                                  - { id: near, direction: inbound, allow: ["127.0.0.1"], shared_addresses: false }
                                """)
                        .section("routes", application.routes("near", RINGING))
                        .section("webhooks", application.webhooks());
        bridge.start();
        int phone = FreePorts.one();
        try (LossySipPath path =
                new LossySipPath(
                        phone,
                        bridge.sipPort(),
                        way -> way.losing(0.2).doubling(0.1).jittering(60))) {
            network.lose(bridge.sipPort(), LOSS);
            try (SippRunner.Running flows = flows(path, phone)) {
                assertFinished(plain(bridge), CALLS, LOSS);
                String messages = assertFinished(flows.await(), FLOWS, 0.2).messages();
                assertThat(SipTrace.ofSipp(messages).responses(180))
                        .hasSizeGreaterThan(FLOWS / 2)
                        .allMatch(ringing -> ringing.header("Require").equals("100rel"));
                assertThat(messages).contains("PRACK");
            }
            await("calls to be gone")
                    .atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertNoCall(bridge));
            await("transactions to be gone: 64*T1 after the last")
                    .atMost(Duration.ofSeconds(36))
                    .untilAsserted(() -> assertThat(sum(bridge, "sip_transactions")).isZero());
            assertThat(sum(bridge, "media_loop_legs")).isZero();
            assertThat(sum(bridge, "rooms_participants")).isZero();
            double repeated = sum(bridge, "sip_retransmissions_total");
            assertThat(repeated).as("the wires did lose").isGreaterThan((CALLS + FLOWS) / 4.0);
            System.out.printf("lossy signalling: repeated=%.0f%n", repeated);
        } finally {
            bridge.stop();
        }
    }

    /**
     * Every call was hung up and that was answered; but for those whose INVITE nobody heard, and
     * those that a busy machine's server turned away and said so.
     */
    private static SippRunner.Result assertFinished(
            SippRunner.Result result, int count, double loss) {
        Map<String, List<SipTrace.Message>> calls = byCallId(result.messages());
        List<String> unheard =
                calls.entrySet().stream()
                        .filter(call -> isUnheard(call.getValue()))
                        .map(Map.Entry::getKey)
                        .toList();
        List<String> turnedAway = idsWhere(calls, message -> message.status() == 503, true);
        List<String> unfinished =
                idsWhere(calls, LossySignallingTest::isByeAnswer, false).stream()
                        .filter(id -> !unheard.contains(id) && !turnedAway.contains(id))
                        .toList();
        assertThat(calls).hasSize(count);
        assertThat(unfinished)
                .as(
                        () ->
                                "not finished: "
                                        + unfinished.stream().map(calls::get).toList()
                                        + "\nSIPp says:\n"
                                        + result.errors())
                .isEmpty();
        assertThat(unheard).hasSizeLessThanOrEqualTo(MOST_UNHEARD);
        int finished = idsWhere(calls, LossySignallingTest::isByeAnswer, true).size();
        assertThat(finished).isGreaterThan(count / 2);
        System.out.printf(
                "lossy signalling: calls=%d loss_each_way=%.0f%% finished=%d unheard=%d turned_away=%d%n",
                count, 100 * loss, finished, unheard.size(), turnedAway.size());
        return result;
    }

    private static SippRunner.Running flows(LossySipPath path, int phone) {
        return patient(SippRunner.scenario("lossy-flows.xml", path.serverSide()))
                .localPort(phone)
                .key("contact_port", Integer.toString(path.phoneSide()))
                .dial(RINGING)
                .calls(FLOWS)
                .start();
    }

    private static SippRunner.Result plain(BridgeProcess bridge) {
        return patient(SippRunner.scenario("call-lossy.xml", bridge.sipPort()))
                .inNamespace(
                        network.phoneNamespace(), NatNetwork.PHONE_ADDRESS, network.serverAddress())
                .dial(BridgeProcess.ROOM_CODE)
                .credentials(BridgeProcess.USERNAME, BridgeProcess.PASSWORD)
                .calls(CALLS)
                .run();
    }

    /** One whose requests are repeated often enough for such a wire. */
    private static SippRunner patient(SippRunner runner) {
        return runner.limit(Duration.ofSeconds(75))
                .option("-r", "10")
                .option("-default_behaviors", "all,-abortunexp")
                .option("-rtcheck", "loose")
                .option("-max_invite_retrans", "8")
                .option("-max_non_invite_retrans", "16")
                // SIPp's own bound of both, without which it gives up at ten
                .option("-max_retrans", "16")
                .option("-T2", "2000");
    }

    /** Calls of which some message is so, or none. */
    private static List<String> idsWhere(
            Map<String, List<SipTrace.Message>> calls,
            Predicate<SipTrace.Message> so,
            boolean some) {
        return calls.entrySet().stream()
                .filter(call -> call.getValue().stream().anyMatch(so) == some)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Its last request is an INVITE, and nothing that was received belongs to it. */
    private static boolean isUnheard(List<SipTrace.Message> call) {
        String last =
                call.stream()
                        .filter(message -> !message.received())
                        .reduce((_, later) -> later)
                        .orElseThrow()
                        .header("CSeq");
        return last.endsWith("INVITE")
                && call.stream()
                        .filter(SipTrace.Message::received)
                        .noneMatch(answer -> answer.header("CSeq").equals(last));
    }

    private static boolean isByeAnswer(SipTrace.Message message) {
        return message.received()
                && message.status() == 200
                && message.header("CSeq").endsWith("BYE");
    }

    private static Map<String, List<SipTrace.Message>> byCallId(String trace) {
        Map<String, List<SipTrace.Message>> calls = new LinkedHashMap<>();
        for (SipTrace.Message message : SipTrace.ofSipp(trace).messages()) {
            calls.computeIfAbsent(message.header("Call-ID"), id -> new ArrayList<>()).add(message);
        }
        return calls;
    }

    private static void assertNoCall(BridgeProcess bridge) {
        assertThat(bridge.get("/v1/calls?state=answered").get("items")).isEmpty();
        assertThat(sum(bridge, "calls_active")).isZero();
        assertThat(sum(bridge, "sip_dialogs")).isZero();
    }

    /** All samples of one metric added up. */
    private static double sum(BridgeProcess bridge, String metric) {
        HttpResponse<String> metrics = bridge.send(bridge.request("/metrics").GET().build());
        return metrics.body()
                .lines()
                .filter(line -> line.matches("roomline_" + metric + "[{ ].*"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}

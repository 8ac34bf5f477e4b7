package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Strangers who never answer a challenge, from many networks at once: who is known is served. */
final class ForgedFloodTest {
    private static final int FORGED_NETWORKS = 300;
    private static final int FORGED_PER_SECOND = 4_000;
    private static final int CALLS_BEFORE = 20;
    private static final int CALLS_IN_FLOOD = 30;

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("forged-flood")
                    .rtpPortPairs(2_000)
                    .section(
                            "rooms",
                            """
                            rooms:
                              - { name: flooded, codes: [ { code: flooded, role: guest } ] }
                              - { name: called, codes: [ { code: called, role: guest } ] }
                            """);

    @Test
    void aFloodFromManyForgedAddressesKeepsOutNobodyWhoHoldsANonce() throws InterruptedException {
        List<Double> times = new ArrayList<>();
        int sent;
        try (SipPeer phone = SipPeer.overUdp(bridge.sipPort())) {
            String first = invite(phone);
            phone.send(first);
            SipTrace.Message challenge = phone.receiveFinal(Duration.ofSeconds(5)).orElseThrow();
            assertThat(challenge.status()).isEqualTo(407);
            phone.send(SipText.ack(first, challenge));
            int count = 0;
            while (count < CALLS_BEFORE) {
                callMillis(phone, challenge, ++count);
            }
            try (ForgedFlood flood =
                    new ForgedFlood(
                            FORGED_NETWORKS, FORGED_PER_SECOND, bridge.sipPort(), "flooded")) {
                // it has begun to shed, if it ever will
                Thread.sleep(Duration.ofSeconds(3));
                while (times.size() < CALLS_IN_FLOOD) {
                    times.add(callMillis(phone, challenge, ++count));
                }
                sent = flood.sent();
            }
        }
        times.sort(null);
        System.out.printf(
                "forged flood: %d INVITEs from %d networks, %.0f told 503, %.0f dropped;"
                        + " %d calls with a nonce: INVITE to 200 median %.0f max %.0f ms%n",
                sent,
                FORGED_NETWORKS,
                bridge.metric("roomline_sip_refusals_total{reason=\"overloaded\"}"),
                bridge.metric("roomline_sip_drops_total{reason=\"queue_full\"}"),
                times.size(),
                times.get(times.size() / 2),
                times.getLast());
        assertThat(times.getLast()).as("the slowest, ms").isLessThan(1_000);
        assertThat(times.get(times.size() / 2)).as("the median, ms").isLessThan(500);
        assertThat(bridge.get("/v1/refusals").get("items").size())
                .as("what is kept of them")
                .isLessThanOrEqualTo(512);
        await("nothing of it is left")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> {
                            assertThat(bridge.metric("roomline_overload_active")).isZero();
                            assertThat(bridge.metric("roomline_sip_dialogs")).isZero();
                        });
    }

    private static String invite(SipPeer phone) {
        return SipText.withBody(
                SipText.request(
                        "INVITE",
                        "called",
                        bridge.sipPort(),
                        "UDP",
                        phone.port(),
                        SipText.unique()),
                SipText.offer("127.0.0.1", 9));
    }

    /** A call that is set up, and hung up at once; from its INVITE to the 200. */
    private static double callMillis(SipPeer phone, SipTrace.Message challenge, int count) {
        String invite =
                SipText.answering(
                        invite(phone),
                        challenge,
                        BridgeProcess.USERNAME,
                        BridgeProcess.PASSWORD,
                        count);
        long fromNanos = System.nanoTime();
        SipTrace.Message answer = ask(phone, invite);
        double millis = (System.nanoTime() - fromNanos) / 1e6;
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        phone.send(SipText.inDialog("ACK", 2, invite, answer));
        assertThat(ask(phone, SipText.inDialog("BYE", 3, invite, answer)).status()).isEqualTo(200);
        return millis;
    }

    /** Repeats it as a phone does until its own final answer comes. */
    private static SipTrace.Message ask(SipPeer phone, String request) {
        String cseq = new SipTrace.Message(false, request).header("CSeq");
        String callId = new SipTrace.Message(false, request).header("Call-ID");
        for (int waitMillis = 500; waitMillis < 16_000; waitMillis *= 2) {
            phone.send(request);
            var got = phone.receiveFinal(Duration.ofMillis(waitMillis));
            while (got.isPresent()
                    && !(got.get().header("CSeq").equals(cseq)
                            && got.get().header("Call-ID").equals(callId))) {
                got = phone.receiveFinal(Duration.ofMillis(waitMillis));
            }
            if (got.isPresent()) {
                return got.get();
            }
        }
        throw new AssertionError("no answer to\n" + request);
    }
}

package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What no phone sends (the classes of attack that other servers fell to). After each of it a
 * phone's call is still set up soon, and the log holds no error.
 */
final class HostileSipTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final List<String> MANDATORY = List.of("Via", "From", "To", "Call-ID", "CSeq");

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("hostile");

    /** Nothing to answer to, or with: counted alone. */
    private static final int NO_ANSWER = 0;

    private record Row(String name, String find, String replacement, int status) {}

    @TestFactory
    List<DynamicTest> isRefusedWithAPhrase() {
        String long300 = "x".repeat(300);
        return List.of(
                        new Row("no Via", "(?m)^Via: .*\r\n", "", NO_ANSWER),
                        new Row("no From", "(?m)^From: .*\r\n", "", 400),
                        new Row("no To", "(?m)^To: .*\r\n", "", 400),
                        new Row("no Call-ID", "(?m)^Call-ID: .*\r\n", "", 400),
                        new Row("no CSeq", "(?m)^CSeq: .*\r\n", "", 400),
                        new Row(
                                "two Content-Lengths",
                                "Content-Length: 0",
                                "Content-Length: 0\r\nl: 0",
                                400),
                        new Row(
                                "a Content-Length of 4294967295",
                                "Content-Length: 0",
                                "Content-Length: 4294967295",
                                400),
                        new Row(
                                "a negative Content-Length",
                                "Content-Length: 0",
                                "Content-Length: -1",
                                400),
                        new Row("a CSeq beyond 32 bits", "CSeq: 1 ", "CSeq: 4294967296 ", 400),
                        new Row(
                                "a CSeq of 300 digits",
                                "CSeq: 1 ",
                                "CSeq: " + "9".repeat(300) + " ",
                                400),
                        new Row("a CSeq of another method", "CSeq: 1 OPTIONS", "CSeq: 1 BYE", 400),
                        new Row(
                                "a control character in a name",
                                "From: <sip:",
                                "From: \"a\u0001b\" <sip:",
                                400),
                        new Row("another version", "SIP/2.0\r\nVia", "SIP/3.0\r\nVia", 505),
                        new Row(
                                "a scheme not served",
                                "^OPTIONS sip:\\S+",
                                "OPTIONS mailto:x@y",
                                416),
                        new Row(
                                "an unsupported extension",
                                "Max-Forwards",
                                "Require: teleport\r\nMax-Forwards",
                                420),
                        new Row(
                                "a header of 3 KB",
                                "Max-Forwards",
                                "X-Long: " + long300.repeat(10) + "\r\nMax-Forwards",
                                513),
                        new Row(
                                "80 headers",
                                "Content-Length",
                                "X-Many: y\r\n".repeat(80) + "Content-Length",
                                513))
                .stream()
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> refused(row)))
                .toList();
    }

    private static void refused(Row row) {
        try (SipPeer peer = SipPeer.overUdp(bridge.sipPort())) {
            String good =
                    SipText.request(
                            "OPTIONS", "x", bridge.sipPort(), "UDP", peer.port(), SipText.unique());
            String bad = good.replaceFirst(row.find(), row.replacement());
            assertThat(bad).isNotEqualTo(good);
            long before = refusals();
            peer.send(bad);
            if (row.status() == NO_ANSWER) {
                await().atMost(LIMIT).until(() -> refusals() > before);
                return;
            }
            SipTrace.Message answer = peer.receiveFinal(LIMIT).orElseThrow();
            assertThat(answer.status()).as(answer.text()).isEqualTo(row.status());
            assertThat(answer.reasonPhrase()).isNotBlank().isNotEqualTo("Bad Request");
        }
        assertServes();
    }

    @TestFactory
    List<DynamicTest> eachMandatoryHeaderMayBeMissingFromEachMethod() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String method :
                List.of("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "INFO")) {
            tests.add(
                    DynamicTest.dynamicTest(
                            method,
                            () -> {
                                for (String header : MANDATORY) {
                                    try (SipPeer peer = SipPeer.overUdp(bridge.sipPort())) {
                                        String good =
                                                SipText.request(
                                                        method,
                                                        BridgeProcess.ROOM_CODE,
                                                        bridge.sipPort(),
                                                        "UDP",
                                                        peer.port(),
                                                        SipText.unique());
                                        peer.send(
                                                good.replaceFirst(
                                                        "(?m)^" + header + ": .*\r\n", ""));
                                    }
                                }
                                assertServes();
                            }));
        }
        return tests;
    }

    @Test
    void garbageOfEverySizeIsNotAnswered() {
        SplittableRandom random = new SplittableRandom(20261121);
        try (SipPeer peer = SipPeer.overUdp(bridge.sipPort())) {
            for (int size : new int[] {0, 1, 2, 3, 4, 5, 27, 1400, 8192, 16_384, 16_385, 65_507}) {
                byte[] garbage = new byte[size];
                random.nextBytes(garbage);
                peer.send(garbage);
            }
            peer.send("SIP/2.0 200 OK\r\n\r\n");
            peer.send("INVITE\r\n\r\n");
            assertThat(peer.receive(Duration.ofMillis(500))).isEmpty();
        }
        assertServes();
    }

    @Test
    void aSlowSenderIsCutOffAndOthersDoNotNotice() {
        try (SipPeer.Tcp slow = (SipPeer.Tcp) SipPeer.overTcp(bridge.sipPort())) {
            slow.send("OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: ");
            assertServes();
            assertThat(slow.isClosedWithin(Duration.ofSeconds(15))).isTrue();
        }
    }

    @Test
    @Tag("RFC3261§18.3")
    void aStreamWithALyingLengthIsAnsweredAndClosed() {
        try (SipPeer.Tcp peer = (SipPeer.Tcp) SipPeer.overTcp(bridge.sipPort())) {
            peer.send(
                    SipText.request(
                                    "OPTIONS",
                                    "x",
                                    bridge.sipPort(),
                                    "TCP",
                                    peer.port(),
                                    SipText.unique())
                            .replace("Content-Length: 0", "Content-Length: 1900000000"));
            SipTrace.Message answer = peer.receive(LIMIT).orElseThrow();
            assertThat(answer.status()).isBetween(400, 513);
            assertThat(peer.isClosedWithin(LIMIT)).isTrue();
        }
        assertServes();
    }

    @Test
    void twoThousandConnectionsCutInTheMiddleOfAnInvite() {
        for (int i = 0; i < 2000; i++) {
            try (SipPeer peer = SipPeer.overTcp(bridge.sipPort())) {
                String invite =
                        SipText.request(
                                "INVITE",
                                "x",
                                bridge.sipPort(),
                                "TCP",
                                peer.port(),
                                SipText.unique());
                peer.send(invite.substring(0, i % invite.length()));
            }
        }
        assertServes();
    }

    @Test
    void scannersInvitesCostNoCall() {
        int before = bridge.get("/v1/calls").get("items").size();
        try (SipPeer peer = SipPeer.overUdp(bridge.sipPort())) {
            for (int i = 0; i < 1000; i++) {
                peer.send(
                        SipText.request(
                                "INVITE",
                                "9" + i,
                                bridge.sipPort(),
                                "UDP",
                                peer.port(),
                                SipText.unique()));
            }
            assertThat(peer.receiveFinal(LIMIT).orElseThrow().status()).isEqualTo(407);
        }
        assertThat(bridge.get("/v1/calls").get("items").size()).isEqualTo(before);
        assertServes();
    }

    @Test
    void aStrangersInviteIsOneMessageForOneAndNotMuchMore() {
        try (SipPeer peer = SipPeer.overUdp(bridge.sipPort())) {
            String invite =
                    SipText.request(
                            "INVITE",
                            BridgeProcess.ROOM_CODE,
                            bridge.sipPort(),
                            "UDP",
                            peer.port(),
                            SipText.unique());
            peer.send(invite);
            SipTrace.Message only = peer.receive(LIMIT).orElseThrow();
            assertThat(only.status()).isEqualTo(407);
            assertThat(only.text().length()).isLessThanOrEqualTo(invite.length() * 3 / 2);
            assertThat(peer.receive(Duration.ofMillis(1200)))
                    .as("no 100 before it, no repetition")
                    .isEmpty();
        }
    }

    /** How many have been refused before they became a call. */
    private static long refusals() {
        return bridge.get("/v1/refusals")
                .get("items")
                .valueStream()
                .mapToLong(each -> each.get("count").asLong())
                .sum();
    }

    /** A phone's call is answered soon, and ended. */
    private static void assertServes() {
        long begin = System.nanoTime();
        try (RtpPhone phone = new RtpPhone(bridge)) {
            phone.call(BridgeProcess.ROOM_CODE);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LIMIT);
            phone.hangUp();
        }
    }
}

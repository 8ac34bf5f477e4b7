package dev.roomline.bridge.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.metrics.Counters;
import dev.roomline.sip.capture.Hep3;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.SipEffect;
import dev.roomline.sip.endpoint.TransportKind;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a Homer server gets of each message, read by a reader of its own. */
final class HepFeedTest {
    private static final Instant AT = Instant.parse("2026-11-21T22:00:01.234567Z");
    private static final InetSocketAddress US = new InetSocketAddress("192.0.2.1", 5060);
    private static final InetSocketAddress PEER = new InetSocketAddress("203.0.113.7", 5070);

    private final List<byte[]> sent = new ArrayList<>();
    private final Map<String, Integer> counted = new TreeMap<>();
    private boolean takes = true;

    private final HepFeed feed =
            new HepFeed(
                    new Hep3.Agent(2001, "homer-key"),
                    new Redaction(List.of("X-Account")),
                    datagram -> {
                        sent.add(datagram);
                        return takes;
                    },
                    new Counters() {
                        @Override
                        public void hepPacket(String outcome) {
                            counted.merge(outcome, 1, Integer::sum);
                        }
                    });

    private static SipEffect.MessageSeen seen(
            boolean incoming,
            TransportKind transport,
            @Nullable InetSocketAddress local,
            InetSocketAddress remote,
            String text) {
        return new SipEffect.MessageSeen(
                incoming,
                new Hop(transport, local, remote, 0),
                "call-1",
                null,
                text.getBytes(StandardCharsets.UTF_8));
    }

    private HepReader sent(SipEffect.MessageSeen message) throws InterruptedException {
        feed.seen(message, AT);
        feed.sendNext();
        return new HepReader(sent.getLast());
    }

    @Test
    void aReceivedMessageIsToldWithItsRoadAndItsTime() throws InterruptedException {
        HepReader told = sent(seen(true, TransportKind.UDP, US, PEER, "INVITE sip:x SIP/2.0\r\n"));
        assertThat(told.number(1)).isEqualTo(2);
        assertThat(told.number(2)).isEqualTo(17);
        assertThat(told.source()).isEqualTo("203.0.113.7 5070");
        assertThat(told.destination()).isEqualTo("192.0.2.1 5060");
        assertThat(told.number(9)).isEqualTo(AT.getEpochSecond());
        assertThat(told.number(10)).isEqualTo(234_567);
        assertThat(told.number(11)).as("SIP").isEqualTo(1);
        assertThat(told.number(12)).isEqualTo(2001);
        assertThat(told.text(14)).isEqualTo("homer-key");
        assertThat(told.text(17)).isEqualTo("call-1");
        assertThat(told.payload()).isEqualTo("INVITE sip:x SIP/2.0\r\n");
        assertThat(counted).isEqualTo(Map.of("sent", 1));
    }

    @Test
    void aSentMessageGoesTheOtherWayAndIpv6AndStreamsAreToldAsWhatTheyAre()
            throws InterruptedException {
        InetSocketAddress us = new InetSocketAddress("2001:db8::1", 5060);
        InetSocketAddress peer = new InetSocketAddress("2001:db8::9", 40_000);
        HepReader told = sent(seen(false, TransportKind.TCP, us, peer, "SIP/2.0 200 OK\r\n"));
        assertThat(told.number(1)).isEqualTo(10);
        assertThat(told.number(2)).isEqualTo(6);
        assertThat(told.source()).isEqualTo("2001:db8:0:0:0:0:0:1 5060");
        assertThat(told.destination()).isEqualTo("2001:db8:0:0:0:0:0:9 40000");
        assertThat(told.has(3)).isFalse();
    }

    @Test
    void anAddressOfOursThatIsNotKnownIsToldAsTheUnspecifiedOne() throws InterruptedException {
        assertThat(sent(seen(false, TransportKind.UDP, null, PEER, "x")).source())
                .isEqualTo("0.0.0.0 5060");
        InetSocketAddress six = new InetSocketAddress("2001:db8::9", 5070);
        assertThat(sent(seen(false, TransportKind.UDP, null, six, "x")).source())
                .isEqualTo("0:0:0:0:0:0:0:0 5060");
        // a wildcard of the other family
        InetSocketAddress any = new InetSocketAddress("0.0.0.0", 5060);
        assertThat(sent(seen(false, TransportKind.UDP, any, six, "x")).source())
                .isEqualTo("0:0:0:0:0:0:0:0 5060");
    }

    @Test
    void secretsDoNotLeave() throws InterruptedException {
        String invite =
                """
                INVITE sip:x@y SIP/2.0\r
                Authorization: Digest username="a", nonce="n", response="0123456789abcdef"\r
                X-Account: tenant-secret\r
                \r
                a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0a2V5\r
                """;
        String told = sent(seen(true, TransportKind.UDP, US, PEER, invite)).payload();
        assertThat(told)
                .contains("INVITE sip:x@y", "username=\"a\"")
                .doesNotContain("0123456789abcdef", "tenant-secret", "c2VjcmV0a2V5");
        assertThat(new Hep3.Agent(1, "homer-key").toString()).doesNotContain("homer-key");
    }

    @Test
    void whatIsTooLongForADatagramIsCut() throws InterruptedException {
        HepReader told = sent(seen(true, TransportKind.TCP, US, PEER, "x".repeat(65_000)));
        assertThat(told.payload()).hasSize(Hep3.MOST_PAYLOAD);
        assertThat(sent.getLast().length).isLessThan(65_507);
    }

    @Test
    void withoutAPasswordThereIsNoChunkOfIt() {
        byte[] datagram =
                Hep3.encode(
                        new Hep3.Captured(AT, US, PEER, Hep3.Carrier.UDP, "", new byte[] {'x'}),
                        new Hep3.Agent(7, ""));
        HepReader told = new HepReader(datagram);
        assertThat(told.has(14)).isFalse();
        assertThat(told.has(17)).isFalse();
    }

    @Test
    void theQueueIsBoundedByNumberAndByOctets() throws InterruptedException {
        SipEffect.MessageSeen small = seen(true, TransportKind.UDP, US, PEER, "x");
        for (int i = 0; i <= HepFeed.MOST_WAITING; i++) {
            feed.seen(small, AT);
        }
        assertThat(counted).isEqualTo(Map.of("queue_full", 1));
        for (int i = 0; i < HepFeed.MOST_WAITING; i++) {
            feed.sendNext();
        }
        assertThat(counted).isEqualTo(Map.of("queue_full", 1, "sent", HepFeed.MOST_WAITING));
        SipEffect.MessageSeen large = seen(true, TransportKind.TCP, US, PEER, "x".repeat(1 << 20));
        for (int i = 0; i < 9; i++) {
            feed.seen(large, AT);
        }
        assertThat(counted).containsEntry("queue_full", 2);
    }

    @Test
    void whatTheNetworkDoesNotTakeIsCounted() throws InterruptedException {
        takes = false;
        SipEffect.MessageSeen message = seen(true, TransportKind.UDP, US, PEER, "x");
        sent(message);
        takes = true;
        sent(message);
        assertThat(counted).isEqualTo(Map.of("sent", 1, "unsent", 1));
    }
}

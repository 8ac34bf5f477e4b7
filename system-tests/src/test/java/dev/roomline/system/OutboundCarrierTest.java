package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.auth.ClientIdentity;
import dev.roomline.sip.endpoint.CallHandle;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.EndpointSettings;
import dev.roomline.sip.endpoint.Envelope;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEffect;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.transport.SignalLoop;
import dev.roomline.sip.transport.SipApplication;
import dev.roomline.sip.transport.SipSignalling;
import dev.roomline.sip.transport.TransportSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stack's own calls over real sockets, with SIPp as the carrier. */
class OutboundCarrierTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final CallHandle CALL = new CallHandle(1);

    private final SignalLoop loop = SignalLoop.start();
    private final BlockingQueue<SipEvent> events = new LinkedBlockingQueue<>();
    private final int carrierPort = FreePorts.one();
    private SipSignalling signalling;

    @BeforeEach
    void open() throws IOException {
        signalling =
                SipSignalling.open(
                        loop,
                        TransportSettings.of(List.of(LOOPBACK), List.of(), 0, 0),
                        address -> EndpointSettings.of("Roomline/test", address),
                        new SplittableRandom(7),
                        new SipApplication() {
                            @Override
                            public void raised(SipEvent event) {
                                events.add(event);
                            }

                            @Override
                            public void seen(SipEffect.MessageSeen message) {}
                        });
    }

    @AfterEach
    void close() {
        signalling.close();
        loop.close();
    }

    private SippRunner.Running carrier(String scenario) {
        int ours = signalling.port(TransportKind.UDP).orElseThrow();
        return SippRunner.scenario(scenario, ours).localPort(carrierPort).start();
    }

    private void place() {
        String uri = "sip:+15551234567@127.0.0.1:" + carrierPort;
        Body offer =
                new Body(
                        "application/sdp",
                        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        command(
                new ClientCommand.Invite(
                        CALL,
                        Envelope.to(uri, "<sip:+15550100000@127.0.0.1>"),
                        List.of(),
                        offer,
                        ClientIdentity.ofPeer("bob", "zanzibar", "127.0.0.1")));
    }

    private void command(SipCommand command) {
        assertThat(loop.post(() -> signalling.command(command))).isTrue();
    }

    private <E extends SipEvent> E await(Class<E> kind) throws InterruptedException {
        while (true) {
            SipEvent event = events.poll(15, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no " + kind.getSimpleName());
            }
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
    }

    @Test
    void aCarrierThatChallengesAndWantsPrackIsCalledAndHungUp() throws InterruptedException {
        try (SippRunner.Running carrier = carrier("carrier-challenge-prack.xml")) {
            place();
            ClientEvent.Progressed early = await(ClientEvent.Progressed.class);
            assertThat(early.status()).isEqualTo(183);
            assertThat(early.reliable()).isTrue();
            ClientEvent.Answered answered = await(ClientEvent.Answered.class);
            command(new SipCommand.Bye(answered.dialog(), List.of()));
            assertThat(await(SipEvent.DialogEnded.class).cause())
                    .isEqualTo(SipEvent.Cause.BYE_SENT);
            carrier.await().assertPassed();
        }
    }

    @Test
    void aCarrierThatRingsIsCancelled() throws InterruptedException {
        try (SippRunner.Running carrier = carrier("carrier-cancelled.xml")) {
            place();
            assertThat(await(ClientEvent.Progressed.class).status()).isEqualTo(180);
            command(new ClientCommand.Cancel(CALL, List.of()));
            assertThat(await(ClientEvent.Cancelled.class).how())
                    .isEqualTo(ClientEvent.CancelEnd.CONFIRMED);
            carrier.await().assertPassed();
        }
    }
}

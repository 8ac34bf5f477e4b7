package dev.roomline.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SIP over WebSocket (RFC 7118) with the JDK's WebSocket as client. */
@Tag("RFC7118§4")
final class WebSocketSipTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @RegisterExtension
    static final BridgeProcess bridge = BridgeProcess.named("sip-ws").set("sip.ws=true");

    private final PlacedCalls calls = new PlacedCalls(bridge);

    @Test
    void aCallIsMadeChallengedAnsweredAndHungUpByUsDownItsSocket() {
        try (Client client = new Client();
                DatagramSocket rtp = RtpPhone.socket()) {
            String offer = SipText.offer("127.0.0.1", rtp.getLocalPort());
            String invite = SipText.withBody(request("INVITE"), offer);
            client.send(invite);
            SipTrace.Message challenge = client.receiveFinal();
            assertThat(challenge.status()).isEqualTo(407);
            assertThat(challenge.header("Via")).startsWith("SIP/2.0/WS ").contains("received=");
            client.send(SipText.ack(invite, challenge));

            String again =
                    SipText.answering(
                            invite, challenge, BridgeProcess.USERNAME, BridgeProcess.PASSWORD);
            client.send(again);
            SipTrace.Message answer = client.receiveFinal();
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.header("Contact")).contains(";transport=ws>");
            client.send(SipText.inDialog("ACK", 2, again, answer));

            String id = bridge.get("/v1/calls?state=answered").at("/items/0/id").asString();
            assertThat(calls.hangUp(id)).isEqualTo(204);
            SipTrace.Message bye = client.receive();
            assertThat(bye.firstLine()).startsWith("BYE sip:tester@");
            assertThat(bye.header("Via")).startsWith("SIP/2.0/WS ");
            client.send(SipText.answer(bye, 9, ""));
            assertThat(calls.awaitEnd(id)).isEqualTo("hangup_api");
        }
    }

    @Test
    void aDoubleLineEndIsAnsweredAndContentLengthMayBeMissing() {
        try (Client client = new Client()) {
            client.send("\r\n\r\n");
            assertThat(client.next()).isEqualTo("\r\n");
            client.send(request("OPTIONS").replace("Content-Length: 0\r\n", ""));
            assertThat(client.receiveFinal().status()).isEqualTo(200);
        }
    }

    @Test
    void whoDoesNotOfferTheSubprotocolIsRefused() {
        assertThatThrownBy(() -> new Client(null))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(400));
    }

    /** As browsers' libraries write it: they do not know their own address (§5). */
    private static String request(String method) {
        return SipText.request(
                        method,
                        BridgeProcess.ROOM_CODE,
                        bridge.sipPort(),
                        "WS",
                        9,
                        SipText.unique())
                .replace("WS 127.0.0.1:9;", "WS df7jal23ls0d.invalid;")
                .replace("tester@127.0.0.1:9>", "tester@df7jal23ls0d.invalid;transport=ws>");
    }

    /** What a page would do. */
    private static final class Client implements WebSocket.Listener, AutoCloseable {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();
        private final HttpClient http = HttpClient.newHttpClient();
        private final WebSocket socket;

        Client() {
            this("sip");
            assertThat(socket.getSubprotocol()).isEqualTo("sip");
        }

        Client(@Nullable String subprotocol) {
            WebSocket.Builder builder = http.newWebSocketBuilder();
            if (subprotocol != null) {
                builder.subprotocols(subprotocol);
            }
            socket =
                    builder.buildAsync(
                                    URI.create("ws://127.0.0.1:" + bridge.httpPort() + "/sip"),
                                    this)
                            .join();
        }

        void send(String text) {
            socket.sendText(text, true).join();
        }

        String next() {
            try {
                String text = received.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThat(text).as("a message").isNotNull();
                return text;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        SipTrace.Message receive() {
            return new SipTrace.Message(true, next());
        }

        SipTrace.Message receiveFinal() {
            SipTrace.Message message = receive();
            return message.status() >= 200 ? message : receiveFinal();
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                received.add(part.toString());
                part.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket from, ByteBuffer data, boolean last) {
            received.add(UTF_8.decode(data).toString());
            from.request(1);
            return null;
        }

        @Override
        public void close() {
            socket.abort();
            http.shutdownNow();
        }
    }
}

package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What goes wrong on the socket of the room page, on a real one. */
final class SessionSocketTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int LONGEST = 256 * 1024;
    private static final int TOO_BIG = 1009;

    // RFC 6455 §5.2
    private static final int TEXT = 1;
    private static final int CLOSE = 8;

    @RegisterExtension static final BridgeProcess bridge = BridgeProcess.named("session-socket");

    /** The program's end of one socket. */
    private static final class Client implements WebSocket.Listener, AutoCloseable {
        private final BlockingQueue<JsonNode> said = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private final HttpClient http = HttpClient.newHttpClient();
        private final WebSocket socket;

        Client() {
            URI page = bridge.url("/v1/session");
            URI address = URI.create("ws" + page.toString().substring("http".length()));
            socket = http.newWebSocketBuilder().buildAsync(address, this).join();
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                said.add(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            closed.complete(status);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }

        Client send(String message) {
            socket.sendText(message, true).join();
            return this;
        }

        Client sendOctets(byte[] octets) {
            socket.sendBinary(ByteBuffer.wrap(octets), true).join();
            return this;
        }

        /** In parts, as one message; no more of them once the server has closed. */
        void sendParts(List<String> parts) {
            for (int i = 0; i < parts.size(); i++) {
                try {
                    socket.sendText(parts.get(i), i == parts.size() - 1).join();
                } catch (CompletionException closed) {
                    assertThat(socket.isOutputClosed()).as("%s", closed).isTrue();
                    return;
                }
            }
        }

        /** What is said next, events aside. */
        JsonNode answer() {
            try {
                JsonNode next;
                do {
                    next = said.poll(5, TimeUnit.SECONDS);
                } while (next != null && !next.path("type").asString("").matches("ok|error"));
                return Objects.requireNonNull(next, "nothing was answered");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        int awaitClosed() {
            return closed.orTimeout(5, TimeUnit.SECONDS).join();
        }

        void isAlive() {
            assertThat(send("{\"type\":\"ping\",\"id\":\"still-there\"}").answer().toString())
                    .isEqualTo("{\"type\":\"ok\",\"id\":\"still-there\"}");
        }

        @Override
        public void close() {
            socket.abort();
            http.close();
        }
    }

    private static final String OFFER =
            String.join(
                    "\\r\\n",
                    "v=0",
                    "o=- 1 1 IN IP4 127.0.0.1",
                    "s=-",
                    "t=0 0",
                    "a=group:BUNDLE 0",
                    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
                    "c=IN IP4 0.0.0.0",
                    "a=ice-ufrag:abcd",
                    "a=ice-pwd:0123456789abcdefghijkl",
                    "a=fingerprint:sha-256 " + "AB:".repeat(31) + "AB",
                    "a=setup:actpass",
                    "a=mid:0",
                    "a=sendrecv",
                    "a=rtcp-mux",
                    "a=rtpmap:111 opus/48000/2",
                    "");

    private static final List<String> NO_OBJECTS =
            List.of(
                    "this is no JSON",
                    "",
                    "{",
                    "[]",
                    "null",
                    "5",
                    "{} {}",
                    "{\"type\":\"ping\",\"type\":\"ping\"}",
                    "\u0000",
                    "[".repeat(5_000) + "]".repeat(5_000),
                    "{\"a\":" + "{\"a\":".repeat(3_000) + "1" + "}".repeat(3_000) + "}");

    @Test
    void whatIsNoJsonObjectIsAnsweredAndEndsNothing() {
        try (Client client = new Client()) {
            for (String message : NO_OBJECTS) {
                JsonNode answer = client.send(message).answer();
                assertThat(answer.path("status").asInt())
                        .as("%.40s: %s", message, answer)
                        .isEqualTo(400);
                assertThat(answer.path("detail").asString())
                        .isEqualTo("A message is text: one JSON object.");
            }
            client.isAlive();
            assertThat(client.closed).isNotDone();
        }
    }

    @Test
    void octetsAreNoMessageAndEndNothing() {
        try (Client client = new Client()) {
            byte[] json = "{\"type\":\"ping\",\"id\":\"1\"}".getBytes(StandardCharsets.UTF_8);
            for (byte[] octets : List.of(json, new byte[0], new byte[70_000])) {
                assertThat(client.sendOctets(octets).answer().path("status").asInt())
                        .isEqualTo(400);
            }
            client.isAlive();
        }
    }

    @Test
    void whoHasJoinedStaysWhateverItSays() {
        try (Client client = new Client()) {
            JsonNode joined =
                    client.send(
                                    "{\"type\":\"join\",\"id\":\"1\",\"room_code\":\"%s\",\"name\":\"Ann\",\"sdp\":\"%s\"}"
                                            .formatted(BridgeProcess.ROOM_CODE, OFFER))
                            .answer();
            assertThat(joined.path("type").asString()).as("%s", joined).isEqualTo("ok");
            assertThat(client.send("no JSON").answer().path("status").asInt()).isEqualTo(400);
            assertThat(client.sendOctets(new byte[] {1}).answer().path("status").asInt())
                    .isEqualTo(400);
            JsonNode muted =
                    client.send("{\"type\":\"mute\",\"id\":\"2\",\"muted\":true}").answer();
            assertThat(muted.toString()).isEqualTo("{\"type\":\"ok\",\"id\":\"2\"}");
            String room = joined.at("/room/id").asString();
            JsonNode people = bridge.get("/v1/rooms/" + room + "/participants").get("items");
            assertThat(people).hasSize(1);
            assertThat(people.get(0).get("muted").asBoolean()).isTrue();
            client.send("{\"type\":\"leave\",\"id\":\"3\"}").answer();
            assertThat(client.awaitClosed()).isEqualTo(1000);
        }
    }

    /** As a browser sends it: in one frame. */
    @Test
    void aMessageAsLongAsAllowedIsReadAndItsFieldNamed() {
        try (Client client = new Client()) {
            String head = "{\"type\":\"join\",\"id\":\"1\",\"sdp\":\"";
            String longest = head + "x".repeat(LONGEST - head.length() - 2) + "\"}";
            JsonNode answer = client.send(longest).answer();
            assertThat(answer.path("status").asInt()).isEqualTo(422);
            assertThat(answer.path("detail").asString()).startsWith("'sdp' must be");
            client.isAlive();
        }
    }

    @Test
    void aMessageThatIsTooLongEndsTheSocketAndSaysWhy() {
        try (Client client = new Client()) {
            client.send("x".repeat(LONGEST + 1));
            assertThat(client.awaitClosed()).isEqualTo(TOO_BIG);
        }
    }

    /** What is left of it is never taken for a message of its own. */
    @Test
    void aMessageInPartsThatGrowsTooLongIsAnsweredAndEndsTheSocket() {
        try (Client client = new Client()) {
            String part = "x".repeat(LONGEST / 2);
            client.sendParts(List.of(part, part, part, "{\"type\":\"ping\",\"id\":\"smuggled\"}"));
            assertThat(client.answer().path("status").asInt()).isEqualTo(413);
            assertThat(client.awaitClosed()).isEqualTo(TOO_BIG);
            assertThat(client.said).isEmpty();
        }
    }

    /** RFC 6455 §5.5.1; Chromium complains of what comes all the same. */
    @Test
    void nothingIsSaidBehindACloseHoweverMuchWasAskedBefore() throws IOException {
        try (Socket raw = new Socket("localhost", bridge.httpPort())) {
            raw.setSoTimeout(5_000);
            DataInputStream in = new DataInputStream(raw.getInputStream());
            upgrade(raw, in);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 40; i++) {
                String ping = "{\"type\":\"ping\",\"id\":\"%d\"}".formatted(i);
                all.writeBytes(frame(TEXT, ping.getBytes(StandardCharsets.UTF_8)));
            }
            all.writeBytes(frame(CLOSE, new byte[] {0x03, (byte) 0xe8}));
            raw.getOutputStream().write(all.toByteArray());

            List<Integer> came = opcodes(in);

            assertThat(came).endsWith(CLOSE).containsOnlyOnce(CLOSE);
            System.out.printf("%d answers before the Close%n", came.size() - 1);
        }
    }

    private static void upgrade(Socket raw, DataInputStream in) throws IOException {
        String request =
                "GET /v1/session HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        raw.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readByte());
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 101 ");
    }

    /** Of less than 126 octets, masked by zeros (RFC 6455 §5.2). */
    private static byte[] frame(int opcode, byte[] payload) {
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length);
        return frame;
    }

    /** Of all frames that come until the server ends the connection. */
    private static List<Integer> opcodes(DataInputStream in) throws IOException {
        List<Integer> opcodes = new ArrayList<>();
        for (int first = in.read(); first >= 0; first = in.read()) {
            int length = in.readUnsignedByte();
            in.skipNBytes(length == 126 ? in.readUnsignedShort() : length);
            opcodes.add(first & 0x0f);
        }
        return opcodes;
    }
}

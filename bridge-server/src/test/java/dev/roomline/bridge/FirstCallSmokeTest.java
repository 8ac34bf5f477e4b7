package dev.roomline.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.Arguments;
import dev.roomline.bridge.config.Arguments.Verb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole server in this process, on loopback: a telephone made of two sockets answers the digest
 * challenge, is let into the room of the first start, is heard, hears, and hangs up.
 */
final class FirstCallSmokeTest {
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int RTP_PACKETS = 50;

    @TempDir Path home;

    @Test
    void aPhoneEntersTheRoomIsHeardAndHangsUp() throws Exception {
        int sipPort = freePort();
        int httpPort = freePort();
        Wiring server = start(sipPort, httpPort);
        try {
            JsonNode first =
                    JsonMapper.shared()
                            .readTree(Files.readString(home.resolve("data/first-start.json")));
            try (Phone phone = new Phone(sipPort, first)) {
                String answer = phone.call();
                assertThat(answer).startsWith("SIP/2.0 200").contains("PCMU/8000");
                int heard = phone.talk(rtpPort(answer));
                assertThat(heard).as("RTP packets that came back").isGreaterThan(10);
                JsonNode call = call(httpPort, first);
                assertThat(call.path("state").asString()).isEqualTo("answered");
                assertThat(call.path("quality").path("received").path("packets").asInt())
                        .isEqualTo(RTP_PACKETS);
                assertThat(phone.hangUp()).startsWith("SIP/2.0 200");
            }
            JsonNode call = call(httpPort, first);
            assertThat(call.path("state").asString()).isEqualTo("ended");
            assertThat(call.path("end").path("reason").asString()).isEqualTo("hangup_caller");
        } finally {
            server.stopAtOnce();
            assertThat(server.stop()).as("exit code").isZero();
        }
    }

    @Test
    void aStopRefusesNewCallsLetsOldOnesBeAndThenCutsThem() throws Exception {
        int sipPort = freePort();
        Wiring server = start(sipPort, freePort());
        JsonNode first =
                JsonMapper.shared()
                        .readTree(Files.readString(home.resolve("data/first-start.json")));
        try (Phone talking = new Phone(sipPort, first);
                Phone late = new Phone(sipPort, first)) {
            assertThat(talking.call()).startsWith("SIP/2.0 200");
            CompletableFuture<Integer> stopped = CompletableFuture.supplyAsync(() -> stop(server));
            String answer = late.ask("OPTIONS");
            for (int i = 0; i < 1000 && answer.startsWith("SIP/2.0 200"); i++) {
                answer = late.ask("OPTIONS");
            }
            assertThat(answer).startsWith("SIP/2.0 503").contains("Retry-After");
            assertThat(late.ask("INVITE")).startsWith("SIP/2.0 503").contains("Retry-After");
            assertThat(stopped).as("a call may end by itself").isNotDone();

            server.stopAtOnce();
            assertThat(talking.awaitBye()).contains("Reason: Q.850;cause=41;text=");
            assertThat(stopped.get(10, TimeUnit.SECONDS)).as("exit code").isEqualTo(3);
        }
    }

    private static int stop(Wiring server) {
        try {
            return server.stop();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private Wiring start(int sipPort, int httpPort) throws Exception {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintWriter out = new PrintWriter(told, true, StandardCharsets.UTF_8);
        String[] arguments = {
            "--set", "network.bind=127.0.0.1",
            "--set", "sip.udp=" + sipPort,
            "--set", "sip.tcp=0",
            "--set", "http.port=" + httpPort,
            "--set", "media.webrtc_port=" + freePort(),
            "--set", "media.loops=1",
            "--set", "media.rtp_ports=24000-24099" // below what free ports are taken from
        };
        Verb verb = Arguments.read(arguments, Map.of(), home, out, out);
        assertThat(verb)
                .as(() -> told.toString(StandardCharsets.UTF_8))
                .isInstanceOf(Verb.Serve.class);
        return Wiring.start((Verb.Serve) verb, System.nanoTime(), out);
    }

    /** The newest call, as the API shows it. */
    private static JsonNode call(int httpPort, JsonNode first) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + httpPort + "/v1/calls?limit=1"))
                        .header("Authorization", "Bearer " + first.path("api_token").asString())
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return JsonMapper.shared().readTree(response.body()).path("items").path(0);
        }
    }

    private static int rtpPort(String answer) {
        Matcher line = Pattern.compile("m=audio (\\d+)").matcher(answer);
        assertThat(line.find()).isTrue();
        return Integer.parseInt(line.group(1));
    }

    /** One that was not given before. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, HERE)) {
            int port = socket.getLocalPort();
            return GIVEN.add(port) ? port : freePort();
        }
    }

    /** A telephone: one socket for SIP, one for RTP. */
    private static final class Phone implements AutoCloseable {
        private final DatagramSocket sip = new DatagramSocket(new InetSocketAddress(HERE, 0));
        private final DatagramSocket rtp = new DatagramSocket(new InetSocketAddress(HERE, 0));
        private final InetSocketAddress server;
        private final String uri;
        private final JsonNode first;
        private String to = "";
        private int cseq;

        Phone(int sipPort, JsonNode first) throws IOException {
            this.server = new InetSocketAddress(HERE, sipPort);
            this.first = first;
            this.uri = "sip:" + first.path("room_code").asString() + "@127.0.0.1:" + sipPort;
            this.to = "<" + uri + ">";
            sip.setSoTimeout(10_000);
            rtp.setSoTimeout(500);
        }

        /** Until the final answer to an INVITE with credentials; sends its ACK. */
        String call() throws Exception {
            send("INVITE", offer(), "");
            String challenge = finalAnswer();
            assertThat(challenge).startsWith("SIP/2.0 407");
            acknowledge(challenge);
            to = "<" + uri + ">";
            send("INVITE", offer(), credentials(challenge));
            String answer = finalAnswer();
            acknowledge(answer);
            return answer;
        }

        String hangUp() throws IOException {
            return ask("BYE");
        }

        /** One request without credentials, and its final answer. */
        String ask(String method) throws IOException {
            send(method, method.equals("INVITE") ? offer() : "", "");
            return finalAnswer();
        }

        String awaitBye() throws IOException {
            DatagramPacket in = new DatagramPacket(new byte[4096], 4096);
            String text = "";
            while (!text.startsWith("BYE ")) {
                sip.receive(in);
                text = new String(in.getData(), 0, in.getLength(), StandardCharsets.UTF_8);
            }
            return text;
        }

        /** A second of PCMU; returns how many packets came from the room meanwhile. */
        int talk(int port) throws Exception {
            byte[] packet = new byte[172];
            Arrays.fill(packet, 12, 172, (byte) 0x55);
            packet[0] = (byte) 0x80;
            packet[11] = 7;
            int heard = 0;
            DatagramPacket in = new DatagramPacket(new byte[2048], 2048);
            for (int i = 0; i < RTP_PACKETS; i++) {
                packet[3] = (byte) i;
                int timestamp = i * 160;
                packet[6] = (byte) (timestamp >> 8);
                packet[7] = (byte) timestamp;
                rtp.send(new DatagramPacket(packet, packet.length, HERE, port));
                rtp.setSoTimeout(20);
                heard += receive(in);
            }
            rtp.setSoTimeout(300);
            while (receive(in) > 0) {
                heard++;
                if (heard > 100) {
                    break;
                }
            }
            return heard;
        }

        private int receive(DatagramPacket in) throws IOException {
            try {
                rtp.receive(in);
                return 1;
            } catch (SocketTimeoutException none) {
                return 0;
            }
        }

        private String offer() {
            return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                    + "m=audio "
                    + rtp.getLocalPort()
                    + " RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
                    + "a=rtpmap:101 telephone-event/8000\r\n";
        }

        private void send(String method, String body, String header) throws IOException {
            if (!method.equals("ACK")) {
                cseq++;
            }
            String text =
                    method
                            + " "
                            + uri
                            + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:"
                            + sip.getLocalPort()
                            + ";branch=z9hG4bK"
                            + method
                            + cseq
                            + ";rport\r\nMax-Forwards: 70\r\nFrom: <sip:phone@127.0.0.1>;tag=a\r\n"
                            + "To: "
                            + to
                            + "\r\nCall-ID: smoke-"
                            + sip.getLocalPort()
                            + "@127.0.0.1\r\nCSeq: "
                            + cseq
                            + " "
                            + method
                            + "\r\nContact: <sip:phone@127.0.0.1:"
                            + sip.getLocalPort()
                            + ">\r\n"
                            + header
                            + (body.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                            + "Content-Length: "
                            + body.length()
                            + "\r\n\r\n"
                            + body;
            byte[] wire = text.getBytes(StandardCharsets.UTF_8);
            sip.send(new DatagramPacket(wire, wire.length, server));
        }

        private String finalAnswer() throws IOException {
            DatagramPacket in = new DatagramPacket(new byte[4096], 4096);
            while (true) {
                sip.receive(in);
                String text = new String(in.getData(), 0, in.getLength(), StandardCharsets.UTF_8);
                boolean ours = text.contains("CSeq: " + cseq + " ");
                if (ours && !text.startsWith("SIP/2.0 1")) {
                    return text;
                }
            }
        }

        private void acknowledge(String answer) throws IOException {
            Matcher line = Pattern.compile("(?m)^To: (.*)$").matcher(answer);
            assertThat(line.find()).isTrue();
            to = line.group(1).strip();
            if (answer.startsWith("SIP/2.0 200")) {
                send("ACK", "", "");
            }
        }

        private String credentials(String challenge) {
            Matcher nonce = Pattern.compile("nonce=\"([^\"]+)\"").matcher(challenge);
            assertThat(nonce.find()).isTrue();
            String user = first.path("username").asString();
            String ha1 = md5(user + ":roomline:" + first.path("password").asString());
            String response =
                    md5(ha1 + ":" + nonce.group(1) + ":00000001:xyz:auth:" + md5("INVITE:" + uri));
            return "Proxy-Authorization: Digest username=\""
                    + user
                    + "\", realm=\"roomline\", nonce=\""
                    + nonce.group(1)
                    + "\", uri=\""
                    + uri
                    + "\", response=\""
                    + response
                    + "\", algorithm=MD5, cnonce=\"xyz\", qop=auth, nc=00000001\r\n";
        }

        private static String md5(String text) {
            try {
                return HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("MD5")
                                        .digest(text.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException absent) {
                throw new IllegalStateException(absent);
            }
        }

        @Override
        public void close() {
            sip.close();
            rtp.close();
        }
    }
}

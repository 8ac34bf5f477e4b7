package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roomline.bridge.trace.HepReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A running server copies its signalling to a Homer server, here a socket that reads HEP3. */
final class HepTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final DatagramSocket HOMER = homer();

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("hep")
                    .section(
                            "hep",
                            "hep: { address: \"127.0.0.1:%d\", capture_id: 77, password: letmein }\n"
                                    .formatted(HOMER.getLocalPort()))
                    .set("calls.trace=all");

    private static DatagramSocket homer() {
        try {
            DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            socket.setSoTimeout(10_000);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void close() {
        HOMER.close();
    }

    private static HepReader next() {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        try {
            HOMER.receive(packet);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new HepReader(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    @Test
    void aCallIsSeenThereMessageByMessageAndItsTraceIsACaptureThatTsharkReads()
            throws IOException, InterruptedException {
        try (RtpPhone phone = new RtpPhone(bridge)) {
            phone.call(BridgeProcess.ROOM_CODE);
            phone.hangUp();
        }
        List<String> ladder = new ArrayList<>();
        String us = "127.0.0.1 " + bridge.sipPort();
        String callId = "";
        boolean over = false;
        while (!over) {
            HepReader told = next();
            assertThat(told.number(12)).isEqualTo(77);
            assertThat(told.text(14)).isEqualTo("letmein");
            callId = callId.isEmpty() ? told.text(17) : callId;
            assertThat(told.text(17)).isEqualTo(callId);
            boolean incoming = told.destination().equals(us);
            assertThat(incoming ? told.destination() : told.source()).isEqualTo(us);
            String line = told.payload().lines().findFirst().orElse("").replaceAll(" sip:.*", "");
            ladder.add((incoming ? "-> " : "<- ") + line);
            over = told.payload().contains("BYE\r\n") && line.startsWith("SIP/2.0 200");
            if (line.equals("INVITE") && ladder.size() > 1) {
                assertThat(told.payload())
                        .contains("Proxy-Authorization: Digest")
                        .doesNotContainPattern("response=\"?[0-9a-f]{32}");
            }
        }
        assertThat(ladder)
                .containsSubsequence(
                        "-> INVITE",
                        "<- SIP/2.0 407 Proxy Authentication Required",
                        "-> INVITE",
                        "<- SIP/2.0 200 OK",
                        "-> ACK",
                        "-> BYE",
                        "<- SIP/2.0 200 OK");
        assertThat(bridge.metrics())
                .contains("roomline_hep_packets_total{outcome=\"unsent\"} 0.0")
                .doesNotContain("roomline_hep_packets_total{outcome=\"sent\"} 0.0");
        itsTraceIsACapture();
    }

    /** As Wireshark's own reader takes it apart. */
    private static void itsTraceIsACapture() throws IOException, InterruptedException {
        await().atMost(LIMIT)
                .until(() -> bridge.get("/v1/calls?state=ended").get("items").size() > 0);
        String call = bridge.get("/v1/calls?state=ended").get("items").get(0).get("id").asString();
        Path folder = Workspace.folder("capture");
        Path capture = folder.resolve("call.pcap");
        HttpResponse<Path> answer =
                HttpClient.newHttpClient()
                        .send(
                                bridge.request("/v1/calls/" + call + "/trace")
                                        .header("Accept", "application/vnd.tcpdump.pcap")
                                        .build(),
                                BodyHandlers.ofFile(capture));
        assertThat(answer.statusCode()).isEqualTo(200);
        try (ChildProcess tshark =
                ChildProcess.start(
                        "tshark",
                        folder,
                        List.of(
                                "tshark",
                                "-r",
                                capture.toString(),
                                "-d",
                                "udp.port==" + bridge.sipPort() + ",sip",
                                "-o",
                                "udp.check_checksum:TRUE",
                                "-o",
                                "ip.check_checksum:TRUE",
                                "-T",
                                "fields",
                                "-e",
                                "sip.CSeq.method",
                                "-e",
                                "sip.Status-Code",
                                "-e",
                                "udp.checksum.status",
                                "-e",
                                "ip.checksum.status"))) {
            assertThat(tshark.awaitExit(LIMIT)).as(tshark.output()).isZero();
            // 1 is good
            assertThat(tshark.output().lines())
                    .containsSubsequence(
                            "INVITE\t\t1\t1",
                            "INVITE\t407\t1\t1",
                            "INVITE\t\t1\t1",
                            "INVITE\t200\t1\t1",
                            "ACK\t\t1\t1",
                            "BYE\t\t1\t1",
                            "BYE\t200\t1\t1");
        }
    }
}

package dev.roomline.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roomline.system.TorturePeer.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every message of RFC 4475 and RFC 5118 against a running server, one after the other, from an
 * address that it takes for a trunk; then a call as on any other day.
 */
@Tag("RFC4475§3.1.1")
@Tag("RFC4475§3.1.2")
@Tag("RFC4475§3.2")
@Tag("RFC4475§3.3")
@Tag("RFC4475§3.4")
@Tag("RFC5118§4.6")
@Tag("RFC5118§4.8")
final class TortureTest {
    private static final String SHED = "503";
    private static final Path RESOURCES =
            Workspace.projectRoot().resolve("sip-stack/src/test/resources");

    @RegisterExtension
    static final BridgeProcess bridge =
            BridgeProcess.named("torture")
                    .section(
                            "rooms",
                            """
                            rooms:
                              - { name: support, codes: [ { code: %s }, { code: user } ] }
                            """
                                    .formatted(BridgeProcess.ROOM_CODE))
                    .section(
                            "trunks",
                            """
                            trunks:
                              - { id: rack, direction: inbound, allow: ["%s"], shared_addresses: false }
                            """
                                    .formatted(TorturePeer.ADDRESS));

    private record Row(String rfc, String name, String read, String byDatagram, String byStream) {
        byte[] octets() throws IOException {
            return Files.readAllBytes(RESOURCES.resolve(rfc).resolve(name + ".dat"));
        }
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String rfc : List.of("rfc4475", "rfc5118")) {
            for (String line : Files.readAllLines(RESOURCES.resolve(rfc).resolve("outcomes.txt"))) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                List<String> cells = Stream.of(line.split("\\|", -1)).map(String::strip).toList();
                String byStream = cells.get(6).equals("=") ? cells.get(5) : cells.get(6);
                rows.add(new Row(rfc, cells.get(0), cells.get(2), cells.get(5), byStream));
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void everyMessageHasItsAnswerAndTheNextCallIsAnswered(String transport) throws IOException {
        List<Row> rows = rows();
        assertThat(rows).hasSize(61);
        for (Row row : rows) {
            String expected = transport.equals("udp") ? row.byDatagram() : row.byStream();
            assertThat(toldOnceAdmitted(row, transport)).as(row.name()).isEqualTo(expected);
        }
        assertServes();
        assertThat(bridge.log()).doesNotContain("ERROR");
    }

    /** A server on a busy machine may shed what is new for a while: no row expects that. */
    private static String toldOnceAdmitted(Row row, String transport) throws IOException {
        String told = SHED;
        for (int tries = 0; told.equals(SHED) && tries < 10; tries++) {
            await().atMost(Duration.ofSeconds(20))
                    .pollDelay(Duration.ZERO)
                    .until(() -> bridge.metric("roomline_overload_active") == 0);
            try (TorturePeer peer =
                    transport.equals("udp")
                            ? TorturePeer.overUdp(bridge.sipPort())
                            : TorturePeer.overTcp(bridge.sipPort())) {
                told = told(peer, row, transport);
            }
        }
        return told;
    }

    /** Its final status, or {@code none} where an OPTIONS behind it was answered before it. */
    private static String told(TorturePeer peer, Row row, String transport) throws IOException {
        byte[] octets = alone(row, transport);
        Message message = new Message(new String(octets, ISO_8859_1));
        peer.send(octets);
        String behind = SipText.unique();
        boolean cut = row.name().equals("clerr") && transport.equals("tcp");
        if (cut) {
            peer.finish();
        } else {
            peer.send(
                    SipText.request("OPTIONS", "x", bridge.sipPort(), "UDP", 5060, behind)
                            .replace(";rport", "")
                            .getBytes(ISO_8859_1));
        }
        Optional<Message> found = Optional.empty();
        for (Optional<Message> next = peer.receive(); next.isPresent(); next = peer.receive()) {
            Message answer = next.get();
            if (answer.callId().equals(behind)) {
                if (found.isPresent() || row.byDatagram().equals("none")) {
                    break;
                }
            } else if (answer.status() >= 200 && answer.answers(message)) {
                found = Optional.of(answer);
                if (row.read().startsWith("INVITE")) {
                    settle(peer, message, answer);
                }
                break;
            }
        }
        return found.map(answer -> Integer.toString(answer.status())).orElse("none");
    }

    /**
     * Acknowledges a refusal; hangs up a call that was accepted before it is acknowledged, since
     * after that the server would send sound to wherever the message says.
     */
    private static void settle(TorturePeer peer, Message invite, Message answer) {
        boolean accepted = answer.status() < 300;
        long cseq = Long.parseLong(invite.header("CSeq", "CSeq").split(" ", 2)[0]);
        String contact = answer.header("Contact", "m").replaceAll("^<|>.*$", "");
        peer.send(
                """
                %1$s %2$s SIP/2.0
                Via: %3$s
                Max-Forwards: 70
                From: %4$s
                To: %5$s
                Call-ID: %6$s
                CSeq: %7$d %1$s
                Content-Length: 0

                """
                        .formatted(
                                accepted ? "BYE" : "ACK",
                                accepted ? contact : invite.requestUri(),
                                invite.header("Via", "v") + (accepted ? "bye" : ""),
                                invite.header("From", "f"),
                                answer.header("To", "t"),
                                invite.callId(),
                                accepted ? cseq + 1 : cseq)
                        .replace("\n", "\r\n")
                        .getBytes(ISO_8859_1));
    }

    /**
     * The message under branches and a Call-ID of its own: some share them, and their transactions
     * last longer than a message here.
     */
    private static byte[] alone(Row row, String transport) throws IOException {
        String own = SipText.unique() + transport;
        return new String(row.octets(), ISO_8859_1)
                .replaceAll("(branch\\s*=\\s*z9hG4bK)(?=[A-Za-z0-9.-])", "$1" + own)
                .replaceAll("(?im)^((?:call-id|i)\\s*:\\s*)(?=\\S)", "$1" + own)
                .getBytes(ISO_8859_1);
    }

    private static void assertServes() {
        try (RtpPhone phone = new RtpPhone(bridge)) {
            phone.call(BridgeProcess.ROOM_CODE);
            phone.hangUp();
        }
    }
}

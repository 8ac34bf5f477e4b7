package dev.roomline.bridge.api.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A capture is read here octet by octet, as the tools of the field read it. */
final class TracePcapTest {
    private static final String TRACE =
            """
            {"messages": [
              {"n": 1, "at": "2026-11-21T12:00:00.000250Z", "direction": "received",
               "transport": "udp", "remote": "192.0.2.7:5071", "local": "192.0.2.1:5060",
               "start_line": "INVITE", "text": "INVITE sip:a@b SIP/2.0\\r\\n\\r\\n"},
              {"n": 2, "at": "2026-11-21T12:00:00.500Z", "direction": "received",
               "transport": "udp", "remote": "192.0.2.7:5071", "local": "192.0.2.1:5060",
               "start_line": "INVITE", "repeats": 1},
              {"n": 3, "at": "2026-11-21T12:00:01Z", "direction": "sent",
               "transport": "tcp", "remote": "[2001:db8::7]:5071",
               "start_line": "SIP/2.0 200 OK", "text": "SIP/2.0 200 OK\\r\\n\\r\\n"},
              {"n": 4, "at": "2026-11-21T12:00:02Z", "direction": "sent",
               "transport": "tcp", "remote": "[2001:db8::7]:5071",
               "start_line": "BYE", "text": "BYE sip:a@b SIP/2.0\\r\\n\\r\\n"}
            ]}
            """;

    private static List<ByteBuffer> packets(byte[] capture) {
        ByteBuffer file = ByteBuffer.wrap(capture).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(file.getInt()).isEqualTo(0xa1b2c3d4);
        assertThat(file.getInt(20)).as("link type RAW").isEqualTo(101);
        file.position(24);
        List<ByteBuffer> packets = new ArrayList<>();
        while (file.hasRemaining()) {
            int at = file.position();
            int length = file.getInt(at + 8);
            packets.add(ByteBuffer.wrap(capture, at, 16 + length).slice());
            file.position(at + 16 + length);
        }
        return packets;
    }

    private static String text(ByteBuffer packet, int from) {
        byte[] text = new byte[packet.capacity() - from];
        packet.get(from, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Over what a checksum protects, the checksum included, the sum is all ones (RFC 1071). */
    private static int sum(ByteBuffer packet, int from, int to, int beside) {
        int sum = beside;
        for (int i = from; i < to; i += 2) {
            int low = i + 1 < to ? packet.get(i + 1) & 0xff : 0;
            sum += (packet.get(i) & 0xff) << 8 | low;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return sum;
    }

    @Test
    void datagramsStandInTheirIpAndUdpHeadersWithTheirTimes() {
        List<ByteBuffer> packets = packets(TracePcap.of(JsonMapper.shared().readTree(TRACE)));
        assertThat(packets).hasSize(4);
        ByteBuffer invite = packets.getFirst();
        assertThat(invite.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(4))
                .as("microseconds")
                .isEqualTo(250);
        int ip = 16;
        assertThat(invite.get(ip)).isEqualTo((byte) 0x45);
        assertThat(invite.getShort(ip + 2)).isEqualTo((short) (invite.capacity() - 16));
        assertThat(invite.get(ip + 9)).isEqualTo((byte) 17);
        assertThat(sum(invite, ip, ip + 20, 0)).isEqualTo(0xffff);
        int udp = ip + 20;
        assertThat(invite.getShort(udp) & 0xffff).isEqualTo(5071);
        assertThat(invite.getShort(udp + 2) & 0xffff).isEqualTo(5060);
        int length = invite.getShort(udp + 4);
        assertThat(sum(invite, ip + 12, invite.capacity(), 17 + length)).isEqualTo(0xffff);
        assertThat(text(invite, udp + 8)).isEqualTo("INVITE sip:a@b SIP/2.0\r\n\r\n");
        assertThat(text(packets.get(1), udp + 8)).as("again").startsWith("INVITE sip:a@b");
    }

    @Test
    void messagesOfAConnectionFollowOneAnotherInItsSequence() {
        List<ByteBuffer> packets = packets(TracePcap.of(JsonMapper.shared().readTree(TRACE)));
        ByteBuffer answer = packets.get(2);
        ByteBuffer bye = packets.get(3);
        int ip = 16;
        int tcp = ip + 40;
        assertThat(answer.get(ip) & 0xf0).isEqualTo(0x60);
        assertThat(answer.get(ip + 6)).isEqualTo((byte) 6);
        assertThat(answer.getShort(tcp + 2) & 0xffff).isEqualTo(5071);
        String first = text(answer, tcp + 20);
        assertThat(first).startsWith("SIP/2.0 200 OK");
        assertThat(bye.getInt(tcp + 4) - answer.getInt(tcp + 4)).isEqualTo(first.length());
        assertThat(sum(bye, ip + 8, bye.capacity(), 6 + bye.capacity() - tcp)).isEqualTo(0xffff);
    }

    @Test
    void aTraceWithoutMessagesIsAnEmptyCapture() {
        assertThat(packets(TracePcap.of(JsonMapper.shared().readTree("{\"messages\":[]}"))))
                .isEmpty();
    }
}

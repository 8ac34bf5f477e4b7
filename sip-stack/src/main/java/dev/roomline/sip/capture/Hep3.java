package dev.roomline.sip.capture;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Encodes HEP version 3: the word {@code HEP3}, the length of the whole in two octets, then chunks
 * of vendor, type and length (two octets each, the length with its six octets of header) and value.
 * Numbers are in network order. Stateless; any thread.
 */
public final class Hep3 {
    /** What fits into one datagram beside the other chunks and IP's and UDP's headers. */
    public static final int MOST_PAYLOAD = 63_000;

    private static final int MOST_TEXT = 512;
    private static final int HEAD = 6;
    private static final int CHUNK_HEAD = 6;
    private static final int SIP = 1;
    private static final int IPV4 = 2;
    private static final int IPV6 = 10;

    /** The chunks of vendor 0 that we send. */
    private enum Chunk {
        IP_FAMILY(1),
        IP_PROTOCOL(2),
        SOURCE_4(3),
        DESTINATION_4(4),
        SOURCE_6(5),
        DESTINATION_6(6),
        SOURCE_PORT(7),
        DESTINATION_PORT(8),
        SECONDS(9),
        MICROSECONDS(10),
        PROTOCOL(11),
        CAPTURE_AGENT(12),
        AUTHENTICATION_KEY(14),
        PAYLOAD(15),
        CORRELATION(17);

        final int type;

        Chunk(int type) {
            this.type = type;
        }
    }

    /** The protocol under SIP. */
    public enum Carrier {
        UDP(17),
        TCP(6);

        final int number;

        Carrier(int number) {
            this.number = number;
        }
    }

    /**
     * Who captures.
     *
     * @param id that the server knows it by
     * @param key its password; empty for none
     */
    public record Agent(int id, String key) {
        @Override
        public String toString() {
            return "Agent[id=" + id + "]";
        }
    }

    /**
     * One SIP message on its way. Both addresses are of one family: where they are not, the other
     * is told as the unspecified one.
     *
     * @param correlation the Call-ID
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Captured(
            Instant at,
            InetSocketAddress from,
            InetSocketAddress to,
            Carrier carrier,
            String correlation,
            byte[] message) {}

    private Hep3() {}

    /** One datagram. What is longer than {@link #MOST_PAYLOAD} is cut. */
    public static byte[] encode(Captured captured, Agent agent) {
        byte[] payload =
                captured.message().length <= MOST_PAYLOAD
                        ? captured.message()
                        : Arrays.copyOf(captured.message(), MOST_PAYLOAD);
        byte[] key = text(agent.key());
        byte[] correlation = text(captured.correlation());
        ByteBuffer out =
                ByteBuffer.allocate(256 + key.length + correlation.length + payload.length);
        out.put("HEP3".getBytes(StandardCharsets.US_ASCII)).putShort((short) 0);
        addresses(out, captured);
        octet(out, Chunk.IP_PROTOCOL, captured.carrier().number);
        Instant at = captured.at();
        word(out, Chunk.SECONDS, (int) at.getEpochSecond());
        word(out, Chunk.MICROSECONDS, at.getNano() / 1000);
        octet(out, Chunk.PROTOCOL, SIP);
        word(out, Chunk.CAPTURE_AGENT, agent.id());
        if (key.length > 0) {
            octets(out, Chunk.AUTHENTICATION_KEY, key);
        }
        if (correlation.length > 0) {
            octets(out, Chunk.CORRELATION, correlation);
        }
        octets(out, Chunk.PAYLOAD, payload);
        out.putShort(HEAD - 2, (short) out.position());
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void addresses(ByteBuffer out, Captured captured) {
        InetAddress from = captured.from().getAddress();
        InetAddress to = captured.to().getAddress();
        boolean six = from.getAddress().length == 16 || to.getAddress().length == 16;
        octet(out, Chunk.IP_FAMILY, six ? IPV6 : IPV4);
        octets(out, six ? Chunk.SOURCE_6 : Chunk.SOURCE_4, inFamily(from, six));
        octets(out, six ? Chunk.DESTINATION_6 : Chunk.DESTINATION_4, inFamily(to, six));
        half(out, Chunk.SOURCE_PORT, captured.from().getPort());
        half(out, Chunk.DESTINATION_PORT, captured.to().getPort());
    }

    private static byte[] inFamily(InetAddress address, boolean six) {
        byte[] octets = address.getAddress();
        return (octets.length == 16) == six ? octets : new byte[six ? 16 : 4];
    }

    private static byte[] text(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return octets.length <= MOST_TEXT ? octets : Arrays.copyOf(octets, MOST_TEXT);
    }

    private static void octet(ByteBuffer out, Chunk chunk, int value) {
        head(out, chunk, 1).put((byte) value);
    }

    private static void half(ByteBuffer out, Chunk chunk, int value) {
        head(out, chunk, 2).putShort((short) value);
    }

    private static void word(ByteBuffer out, Chunk chunk, int value) {
        head(out, chunk, 4).putInt(value);
    }

    private static void octets(ByteBuffer out, Chunk chunk, byte[] value) {
        head(out, chunk, value.length).put(value);
    }

    private static ByteBuffer head(ByteBuffer out, Chunk chunk, int length) {
        return out.putShort((short) 0)
                .putShort((short) chunk.type)
                .putShort((short) (CHUNK_HEAD + length));
    }
}

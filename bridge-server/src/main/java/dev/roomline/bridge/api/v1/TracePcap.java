package dev.roomline.bridge.api.v1;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A trace's SIP messages as a capture that Wireshark, sngrep and tcpdump read (libpcap's format,
 * link type RAW). The messages are those of the trace, so secrets are taken out and what was cut is
 * missing; the IP, UDP and TCP headers around them are made here.
 */
final class TracePcap {
    private static final int RAW = 101;
    private static final int MOST_PAYLOAD = 60_000;
    private static final int UDP = 17;
    private static final int TCP = 6;
    private static final int PUSH_AND_ACK = 0x18;
    private static final String NOWHERE_4 = "0.0.0.0:5060";
    private static final String NOWHERE_6 = "[::]:5060";

    private final ByteArrayOutputStream capture = new ByteArrayOutputStream();

    /** The next sequence number of each direction of each TCP connection. */
    private final Map<String, Integer> sequences = new HashMap<>();

    private TracePcap() {}

    static byte[] of(JsonNode trace) {
        TracePcap pcap = new TracePcap();
        pcap.head();
        Map<Integer, String> texts = new HashMap<>();
        for (JsonNode message : trace.path("messages")) {
            int n = message.path("n").asInt(0);
            String text =
                    message.has("repeats")
                            ? texts.getOrDefault(message.path("repeats").asInt(0), "")
                            : message.path("text").asString("");
            texts.put(n, text);
            pcap.message(message, text.getBytes(StandardCharsets.UTF_8));
        }
        return pcap.capture.toByteArray();
    }

    private void head() {
        capture.writeBytes(
                ByteBuffer.allocate(24)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(0xa1b2c3d4)
                        .putShort((short) 2)
                        .putShort((short) 4)
                        .putInt(0)
                        .putInt(0)
                        .putInt(0xffff)
                        .putInt(RAW)
                        .array());
    }

    private record Peer(InetAddress address, int port) {
        static Peer of(String text) {
            int colon = text.lastIndexOf(':');
            String host = text.substring(0, colon);
            String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return new Peer(
                    InetAddress.ofLiteral(bare), Integer.parseInt(text.substring(colon + 1)));
        }
    }

    private void message(JsonNode message, byte[] whole) {
        byte[] payload = Arrays.copyOf(whole, Math.min(whole.length, MOST_PAYLOAD));
        Peer remote = Peer.of(message.path("remote").asString(NOWHERE_4));
        boolean six = remote.address().getAddress().length == 16;
        Peer told = Peer.of(message.path("local").asString(six ? NOWHERE_6 : NOWHERE_4));
        boolean sameFamily = told.address().getAddress().length == 16 == six;
        Peer local = sameFamily ? told : Peer.of(six ? NOWHERE_6 : NOWHERE_4);
        boolean received = message.path("direction").asString("").equals("received");
        Peer from = received ? remote : local;
        Peer to = received ? local : remote;
        boolean datagram = message.path("transport").asString("").equals("udp");
        byte[] segment = datagram ? udp(from, to, payload) : tcp(from, to, payload);
        byte[] packet = six ? ip6(from, to, datagram, segment) : ip4(from, to, datagram, segment);
        Instant at = Instant.parse(message.path("at").asString(""));
        capture.writeBytes(
                ByteBuffer.allocate(16 + packet.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt((int) at.getEpochSecond())
                        .putInt(at.getNano() / 1000)
                        .putInt(packet.length)
                        .putInt(packet.length)
                        .put(packet)
                        .array());
    }

    private static byte[] udp(Peer from, Peer to, byte[] payload) {
        byte[] segment =
                ByteBuffer.allocate(8 + payload.length)
                        .putShort((short) from.port())
                        .putShort((short) to.port())
                        .putShort((short) (8 + payload.length))
                        .putShort((short) 0)
                        .put(payload)
                        .array();
        int sum = checksum(from, to, UDP, segment);
        // RFC 768: a computed zero is sent as all ones
        ByteBuffer.wrap(segment).putShort(6, (short) (sum == 0 ? 0xffff : sum));
        return segment;
    }

    private byte[] tcp(Peer from, Peer to, byte[] payload) {
        String there = from + " " + to;
        int sequence = sequences.getOrDefault(there, 1);
        int acknowledged = sequences.getOrDefault(to + " " + from, 1);
        sequences.put(there, sequence + payload.length);
        byte[] segment =
                ByteBuffer.allocate(20 + payload.length)
                        .putShort((short) from.port())
                        .putShort((short) to.port())
                        .putInt(sequence)
                        .putInt(acknowledged)
                        .put((byte) 0x50)
                        .put((byte) PUSH_AND_ACK)
                        .putShort((short) 0xffff)
                        .putInt(0)
                        .put(payload)
                        .array();
        ByteBuffer.wrap(segment).putShort(16, (short) checksum(from, to, TCP, segment));
        return segment;
    }

    private static byte[] ip4(Peer from, Peer to, boolean datagram, byte[] segment) {
        byte[] packet =
                ByteBuffer.allocate(20 + segment.length)
                        .putShort((short) 0x4500)
                        .putShort((short) (20 + segment.length))
                        .putInt(0x00004000)
                        .put((byte) 64)
                        .put((byte) (datagram ? UDP : TCP))
                        .putShort((short) 0)
                        .put(from.address().getAddress())
                        .put(to.address().getAddress())
                        .put(segment)
                        .array();
        ByteBuffer.wrap(packet).putShort(10, (short) ~folded(sum(packet, 20)));
        return packet;
    }

    private static byte[] ip6(Peer from, Peer to, boolean datagram, byte[] segment) {
        return ByteBuffer.allocate(40 + segment.length)
                .putInt(0x60000000)
                .putShort((short) segment.length)
                .put((byte) (datagram ? UDP : TCP))
                .put((byte) 64)
                .put(from.address().getAddress())
                .put(to.address().getAddress())
                .put(segment)
                .array();
    }

    /** RFC 9293 §3.1: over a pseudo-header of addresses, protocol and length. */
    private static int checksum(Peer from, Peer to, int protocol, byte[] segment) {
        byte[] source = from.address().getAddress();
        byte[] target = to.address().getAddress();
        long sum = sum(source, source.length) + sum(target, target.length);
        return ~folded(sum + protocol + segment.length + sum(segment, segment.length)) & 0xffff;
    }

    /** RFC 1071, not folded yet. */
    private static long sum(byte[] bytes, int length) {
        long sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (long) (bytes[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        return sum;
    }

    private static int folded(long sum) {
        long folded = sum;
        while (folded >> 16 != 0) {
            folded = (folded & 0xffff) + (folded >> 16);
        }
        return (int) folded;
    }
}

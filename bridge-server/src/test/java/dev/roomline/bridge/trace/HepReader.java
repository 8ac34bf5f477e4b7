package dev.roomline.bridge.trace;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads HEP3 as its specification has it (HEP/EEP revision 3, §2): for tests, which must not
 * believe our own encoder.
 */
public final class HepReader {
    private final Map<Integer, byte[]> chunks = new TreeMap<>();

    /** Throws where a length lies or a chunk comes twice. */
    public HepReader(byte[] datagram) {
        ByteBuffer in = ByteBuffer.wrap(datagram);
        byte[] word = new byte[4];
        in.get(word);
        int total = Short.toUnsignedInt(in.getShort());
        if (!new String(word, StandardCharsets.US_ASCII).equals("HEP3")
                || total != datagram.length) {
            throw new AssertionError("not HEP3 of " + datagram.length + " octets: " + total);
        }
        while (in.hasRemaining()) {
            int vendor = Short.toUnsignedInt(in.getShort());
            int type = Short.toUnsignedInt(in.getShort());
            byte[] value = new byte[Short.toUnsignedInt(in.getShort()) - 6];
            in.get(value);
            if (vendor != 0 || chunks.put(type, value) != null) {
                throw new AssertionError("chunk " + type + " of vendor " + vendor);
            }
        }
    }

    public boolean has(int type) {
        return chunks.containsKey(type);
    }

    /** An unsigned number of one, two or four octets. */
    public long number(int type) {
        byte[] value = octets(type);
        long number = 0;
        for (byte octet : value) {
            number = (number << 8) | (octet & 0xff);
        }
        return number;
    }

    public byte[] octets(int type) {
        byte[] value = chunks.get(type);
        if (value == null) {
            throw new AssertionError("no chunk " + type + " in " + chunks.keySet());
        }
        return value;
    }

    public String text(int type) {
        return new String(octets(type), StandardCharsets.UTF_8);
    }

    public String source() {
        return address(3, 5) + " " + number(7);
    }

    public String destination() {
        return address(4, 6) + " " + number(8);
    }

    private String address(int four, int six) {
        try {
            int type = number(1) == 2 ? four : six;
            return InetAddress.getByAddress(octets(type)).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** The captured message. */
    public String payload() {
        return text(15);
    }
}

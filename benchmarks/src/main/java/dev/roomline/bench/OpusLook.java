package dev.roomline.bench;

import dev.roomline.media.codec.OpusPacket;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * What the Opus is like that a server sends, read off its packets (RFC 6716 §3.1): bit rate, the
 * bandwidth that most of them have, how many carry FEC. A server's settings are taken from here,
 * not from what it was asked. Owner: the {@link Crowd} of its phone.
 */
final class OpusLook implements PhoneStream.Ear {
    private static final int HEADER = 12;

    private final OpusPacket packet = new OpusPacket();
    private final byte[] octets = new byte[1_500];
    private final long[] byBandwidth = new long[5];
    private long packets;
    private long withFec;
    private long sum;

    @Override
    public void heard(ByteBuffer datagram, long nowNanos) {
        int length = datagram.limit() - HEADER;
        datagram.get(HEADER, octets, 0, length);
        if (packet.parse(octets, 0, length)) {
            packets++;
            sum += length;
            withFec += packet.hasFec() ? 1 : 0;
            byBandwidth[bandwidth(packet.config())]++;
        }
    }

    /** 0 for 4 kHz to 4 for 20 kHz (RFC 6716, table 2). */
    private static int bandwidth(int config) {
        if (config < 12) {
            return config / 4;
        }
        if (config < 16) {
            return 3 + (config - 12) / 2;
        }
        return config < 20 ? 0 : 1 + (config - 16) / 4;
    }

    /** {@code 23.1 kb/s to 4 kHz, FEC in 0 %}. */
    String words() {
        if (packets == 0) {
            return "none";
        }
        int most = 0;
        for (int i = 1; i < byBandwidth.length; i++) {
            most = byBandwidth[i] > byBandwidth[most] ? i : most;
        }
        int[] kiloHertz = {4, 6, 8, 12, 20};
        return String.format(
                Locale.ROOT,
                "%.1f kb/s to %d kHz, FEC in %.0f %%",
                sum * 8.0 * 50 / packets / 1_000,
                kiloHertz[most],
                100.0 * withFec / packets);
    }
}

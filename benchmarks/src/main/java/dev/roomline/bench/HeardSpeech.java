package dev.roomline.bench;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.jitter.JitterBuffer;
import dev.roomline.media.measure.Alignment;
import dev.roomline.media.measure.Intelligibility;
import dev.roomline.media.measure.Resampled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What came to a phone, and how much is understood of it, by two kinds of phone: a plain one, which
 * holds packets back for 60 ms by their timestamps, is silent where none came, and begins anew when
 * one comes too late for that; and one with a jitter buffer that adapts and conceals, which is
 * ours, whatever server it hears.
 */
final class HeardSpeech {
    private static final int HEADER = 12;
    private static final long TICK_NANOS = 20_000_000L;
    private static final int WIDE = 16_000;
    private static final long BUFFER_NANOS = 60_000_000L;
    private static final long MOST_NANOS = 500_000_000L;

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Packet(long nanos, int sequence, int timestamp, int ssrc, byte[] octets) {}

    private final AudioCodec codec;
    private final int type;
    private final List<Packet> packets = new ArrayList<>();

    HeardSpeech(AudioCodec codec, int type) {
        this.codec = codec;
        this.type = type;
    }

    /** One packet came so long after the first was sent. */
    void take(ByteBuffer packet, long nanos) {
        if (packet.limit() <= HEADER || (packet.get(1) & 0x7f) != type) {
            return;
        }
        byte[] octets = new byte[packet.limit() - HEADER];
        packet.get(HEADER, octets);
        packets.add(
                new Packet(
                        nanos,
                        packet.getShort(2) & 0xffff,
                        packet.getInt(4),
                        packet.getInt(8),
                        octets));
    }

    boolean isEmpty() {
        return packets.isEmpty();
    }

    int count() {
        return packets.size();
    }

    /** ESTOI of what the phone that conceals plays. */
    double concealed(Codecs codecs, short[] said) {
        try (AudioDecoder decoder = codecs.openDecoder(codec)) {
            JitterBuffer buffer = new JitterBuffer(codec, decoder);
            int rate = buffer.sampleRate();
            short[] frame = new short[rate / 50];
            int frames = said.length / (WIDE / 50) + 40;
            short[] heard = new short[frames * frame.length];
            int next = 0;
            for (int i = 0; i < frames; i++) {
                while (next < packets.size() && packets.get(next).nanos() <= i * TICK_NANOS) {
                    Packet packet = packets.get(next++);
                    buffer.insert(
                            packet.ssrc(),
                            packet.sequence(),
                            packet.timestamp(),
                            false,
                            packet.octets(),
                            0,
                            packet.octets().length,
                            packet.nanos());
                }
                buffer.pull(i * TICK_NANOS, frame);
                System.arraycopy(frame, 0, heard, i * frame.length, frame.length);
            }
            return estoi(said, wide(heard, rate));
        }
    }

    /** ESTOI of what the plain phone plays. */
    double plain(Codecs codecs, short[] said) {
        List<Packet> ordered = new ArrayList<>(packets);
        int first = ordered.getFirst().sequence();
        ordered.sort(Comparator.comparingInt(p -> (short) (p.sequence() - first)));
        long perTick = 1_000_000_000L / codec.clockRate();
        long anchor = 0;
        int base = 0;
        boolean anchored = false;
        try (AudioDecoder decoder = codecs.openDecoder(codec)) {
            int rate = decoder.sampleRate();
            short[] heard = new short[said.length / (WIDE / rate) + rate];
            short[] pcm = new short[6_000];
            for (Packet packet : ordered) {
                long due = anchor + (packet.timestamp() - base) * perTick;
                if (!anchored || packet.nanos() > due || due > packet.nanos() + MOST_NANOS) {
                    anchored = true;
                    anchor = packet.nanos() + BUFFER_NANOS;
                    base = packet.timestamp();
                    due = anchor;
                }
                int samples = decoder.decode(packet.octets(), 0, packet.octets().length, pcm, 0);
                int at = (int) (due * rate / 1_000_000_000L);
                for (int i = 0; i < samples && at + i < heard.length; i++) {
                    heard[at + i] = pcm[i];
                }
            }
            return estoi(said, wide(heard, rate));
        }
    }

    private static double estoi(short[] said, short[] heard) {
        return new Intelligibility(said).estoi(Alignment.of(said, heard));
    }

    /** At 16 kHz. */
    static short[] wide(short[] pcm, int rate) {
        if (rate == WIDE) {
            return pcm;
        }
        double[] made = Resampled.of(pcm, rate, WIDE);
        short[] out = new short[made.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (short) Math.clamp(Math.round(made[i]), Short.MIN_VALUE, Short.MAX_VALUE);
        }
        return out;
    }
}

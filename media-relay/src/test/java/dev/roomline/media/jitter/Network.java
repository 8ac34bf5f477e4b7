package dev.roomline.media.jitter;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.G711;
import dev.roomline.media.dsp.Doubler;
import dev.roomline.media.dsp.Tone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.LongUnaryOperator;

/**
 * A phone that sends a tone as PCMU through a seeded network to a jitter buffer, in virtual time.
 */
final class Network {
    static final long MILLI = 1_000_000L;
    static final double AMPLITUDE = 10_000;

    final Random random;
    final JitterBuffer buffer;
    final List<Playout> playouts = new ArrayList<>();
    final List<Integer> delays = new ArrayList<>();
    int ptimeMillis = 20;
    double frequency = 440;
    double loss;
    double duplication;
    double skewPpm;
    int firstSequence = 65_400;
    int firstTimestamp = -40_000;
    int ssrc = 0x1234;

    /** Delay of a packet in ns, by its send time. */
    LongUnaryOperator delay = sent -> 5 * MILLI;

    /** Whether the sender speaks at a time. */
    java.util.function.LongPredicate speaks = sent -> true;

    @SuppressWarnings("ArrayRecordComponent")
    private record Packet(long arrival, int sequence, int timestamp, byte[] payload) {}

    private final PriorityQueue<Packet> wire =
            new PriorityQueue<>(Comparator.comparingLong(Packet::arrival));
    private final Tone tone;
    private final short[] frame = new short[160];

    /** What is heard is measured at 16 kHz: clicks stand out there. */
    private final Doubler doubler = new Doubler();

    private int sequence = firstSequence;
    private long ticks;
    private long nextSend;
    private long now = 3 * MILLI;

    Network(long seed, AudioDecoder decoder, double frequency) {
        random = new Random(seed);
        buffer = new JitterBuffer(AudioCodec.PCMU, decoder);
        this.frequency = frequency;
        tone = new Tone(frequency, 8_000, 20 * Math.log10(AMPLITUDE / Math.sqrt(2) / 32_767));
    }

    /** Runs for a time and returns all that was played. */
    short[] run(int millis) {
        int pulls = millis / 20;
        short[] out = new short[pulls * 320];
        for (int i = 0; i < pulls; i++) {
            send();
            deliver();
            playouts.add(buffer.pull(now, frame));
            delays.add(buffer.delayMillis());
            doubler.process(frame, 0, 160, out, i * 320);
            now += 20 * MILLI;
        }
        return out;
    }

    private void send() {
        int samples = 8 * ptimeMillis;
        long period = Math.round(ptimeMillis * MILLI * (1 + skewPpm / 1e6));
        while (nextSend <= now) {
            short[] pcm = new short[samples];
            tone.generate(pcm, 0, samples);
            byte[] payload = new byte[samples];
            for (int i = 0; i < samples; i++) {
                payload[i] = G711.encodeMu(pcm[i]);
            }
            if (speaks.test(nextSend)) {
                Packet packet =
                        new Packet(
                                nextSend + delay.applyAsLong(nextSend),
                                sequence & 0xFFFF,
                                (int) (firstTimestamp + ticks),
                                payload);
                if (random.nextDouble() >= loss) {
                    wire.add(packet);
                    if (random.nextDouble() < duplication) {
                        wire.add(packet);
                    }
                }
                sequence++;
            }
            ticks += samples;
            nextSend += period;
        }
    }

    private void deliver() {
        while (!wire.isEmpty() && wire.peek().arrival() <= now) {
            Packet packet = wire.remove();
            buffer.insert(
                    ssrc,
                    packet.sequence(),
                    packet.timestamp(),
                    false,
                    packet.payload(),
                    0,
                    packet.payload().length,
                    packet.arrival());
        }
    }

    /** Largest second difference from sample to sample: a click in a tone stands out. */
    static double roughness(short[] pcm, int from, int to) {
        double worst = 0;
        for (int i = Math.max(2, from); i < to; i++) {
            worst = Math.max(worst, Math.abs(pcm[i] - 2.0 * pcm[i - 1] + pcm[i - 2]));
        }
        return worst;
    }

    /** What the second difference of the tone itself comes to. */
    double smoothRoughness() {
        double omega = 2 * Math.PI * frequency / 16_000;
        return AMPLITUDE * omega * omega;
    }
}

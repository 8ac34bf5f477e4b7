package dev.roomline.media.jitter;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Tone;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a network and a sender do to a stream, and however late this machine's own ticks are, 20
 * ms come out of each pull and nothing is thrown: a fault here would end somebody's call.
 */
class UnkindNetworkTest {
    private static final long MILLI = 1_000_000L;
    private static final int STREAMS = Integer.getInteger("streams", 40);
    private static final int SECONDS = 20;

    private final Codecs codecs = Codecs.load();

    private record Packet(
            long arrivalNanos, int ssrc, int sequence, int timestamp, boolean marker, int kind) {}

    @ParameterizedTest
    @EnumSource(AudioCodec.class)
    void everyPullBringsTwentyMilliseconds(AudioCodec codec) {
        for (int seed = 0; seed < STREAMS; seed++) {
            try {
                play(codec, new Random(seed));
            } catch (RuntimeException | AssertionError fault) {
                throw new AssertionError(codec + ", seed " + seed, fault);
            }
        }
    }

    private void play(AudioCodec codec, Random random) {
        JitterBuffer buffer = new JitterBuffer(codec, codecs.openDecoder(codec));
        short[] pcm = new short[buffer.sampleRate() / 50];
        byte[] payload = new byte[1_500];
        AudioEncoder encoder = encoder(codec);
        Tone tone = new Tone(200 + random.nextInt(1_500), buffer.sampleRate(), -15);
        PriorityQueue<Packet> wire = sent(codec, random);
        double stalls = random.nextInt(3) * 0.01;
        long now = 0;
        long due = random.nextInt(20) * MILLI;
        while (due < SECONDS * 1_000 * MILLI) {
            now = Math.max(now, due);
            if (random.nextDouble() < stalls) {
                now += random.nextInt(400) * MILLI;
            }
            while (!wire.isEmpty() && wire.peek().arrivalNanos() <= now) {
                Packet packet = wire.poll();
                long seen = random.nextInt(4) == 0 ? now : packet.arrivalNanos();
                give(buffer, packet, tone, encoder, payload, pcm, seen);
            }
            // a late loop catches up, and says that it is late or what was due
            buffer.pull(random.nextBoolean() ? due : now, pcm);
            due += 20 * MILLI;
            if (random.nextInt(2_000) == 0) {
                buffer.reset();
            }
        }
        buffer.report();
        encoder.close();
    }

    private AudioEncoder encoder(AudioCodec codec) {
        return switch (codec) {
            case OPUS ->
                    codecs.openOpusEncoder(new OpusSettings(16_000, 0, 24_000, true, 10, false));
            case G722 -> codecs.openG722Encoder();
            case PCMU, PCMA -> codecs.openG711Encoder(codec);
        };
    }

    private static void give(
            JitterBuffer buffer,
            Packet packet,
            Tone tone,
            AudioEncoder encoder,
            byte[] payload,
            short[] pcm,
            long seen) {
        switch (packet.kind()) {
            case 0 -> {
                payload[0] = (byte) 60;
                buffer.insertComfortNoise(
                        packet.ssrc(), packet.sequence(), packet.timestamp(), payload, 0, 1, seen);
            }
            case 1 -> buffer.noteOther(packet.ssrc(), packet.sequence());
            default -> {
                tone.generate(pcm, 0, pcm.length);
                int length = encoder.encode(pcm, 0, pcm.length, payload, 0);
                buffer.insert(
                        packet.ssrc(),
                        packet.sequence(),
                        packet.timestamp(),
                        packet.marker(),
                        payload,
                        0,
                        length,
                        seen);
            }
        }
    }

    /** As a network brings it that holds up, loses, doubles and turns round. */
    private static PriorityQueue<Packet> sent(AudioCodec codec, Random random) {
        PriorityQueue<Packet> wire =
                new PriorityQueue<>((a, b) -> Long.compare(a.arrivalNanos(), b.arrivalNanos()));
        double holdUps = random.nextInt(3) * 0.01;
        double losses = random.nextInt(4) * 0.05;
        double oddities = random.nextInt(3) * 0.005;
        int jitter = 1 + random.nextInt(60);
        int ticks = codec.clockRate() / 50;
        int ssrc = 7;
        int sequence = random.nextInt(0x1_0000);
        int timestamp = random.nextInt();
        long free = 0;
        for (int i = 0; i < SECONDS * 50; i++) {
            long left = i * 20L * MILLI + random.nextInt(jitter) * MILLI / 4;
            if (random.nextDouble() < holdUps) {
                free = left + random.nextInt(1_500) * MILLI;
            }
            long arrival = Math.max(left, free);
            boolean marker = random.nextInt(100) == 0;
            int kind = random.nextInt(50);
            if (random.nextDouble() >= losses) {
                wire.add(new Packet(arrival, ssrc, sequence, timestamp, marker, kind));
            }
            if (random.nextInt(50) == 0) {
                wire.add(new Packet(arrival + 5 * MILLI, ssrc, sequence, timestamp, marker, kind));
            }
            sequence = (sequence + 1) & 0xFFFF;
            timestamp += ticks;
            if (random.nextDouble() < oddities) {
                switch (random.nextInt(6)) {
                    case 0 -> timestamp += random.nextInt(200) * ticks;
                    case 1 -> timestamp = random.nextInt();
                    case 2 -> sequence = random.nextInt(0x1_0000);
                    case 3 -> ssrc = random.nextInt();
                    case 4 -> i += random.nextInt(100);
                    default -> timestamp -= random.nextInt(20) * ticks / 4;
                }
            }
        }
        return wire;
    }
}

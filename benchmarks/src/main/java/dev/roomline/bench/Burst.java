package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Bursts of a tone, once a second, on their way from one phone to another: when each was sent, when
 * it is heard. Owner: the {@link PhoneLoop} of both phones; the delays may be read when it is
 * closed.
 */
final class Burst implements Phone.Ear, Phone.Sending, AutoCloseable {
    private static final int SILENT_FRAMES = 40;
    private static final int TONE_FRAMES = 10;
    private static final double AMPLITUDE = 10_000;
    private static final int ONSET = 4_000;

    /** What libopus looks ahead in its voice mode: 6.5 ms (opus_encoder.c: 2.5 ms and 4 ms). */
    private static final double OPUS_LOOK_AHEAD_MILLIS = 6.5;

    private final AudioDecoder decoder;
    private final double lookAheadMillis;
    private final List<Double> delays = new ArrayList<>();
    private final byte[] payload = new byte[2_048];
    private final short[] samples = new short[5_760];
    private long sentNanos;
    private boolean waiting;
    private volatile boolean forgetting;

    Burst(Codecs codecs, boolean fromOpus, boolean toOpus) {
        decoder = codecs.openDecoder(toOpus ? AudioCodec.OPUS : AudioCodec.PCMU);
        lookAheadMillis =
                (fromOpus ? OPUS_LOOK_AHEAD_MILLIS : 0) + (toOpus ? OPUS_LOOK_AHEAD_MILLIS : 0);
    }

    /** One second: silence, then 200 ms of 1 kHz. */
    private static short[] sound(int rateHz, double amplitude) {
        int frame = rateHz / 50;
        short[] sound = new short[(SILENT_FRAMES + TONE_FRAMES) * frame];
        for (int n = SILENT_FRAMES * frame; n < sound.length; n++) {
            sound[n] = (short) (amplitude * Math.cos(2 * Math.PI * 1_000 * n / rateHz));
        }
        return sound;
    }

    static Payloads pcmu() {
        return Speech.pcmu(sound(8_000, AMPLITUDE));
    }

    static Payloads opus(Codecs codecs) {
        return Speech.opus(codecs, sound(48_000, AMPLITUDE));
    }

    static Payloads silentPcmu() {
        return Speech.pcmu(sound(8_000, 0));
    }

    static Payloads silentOpus(Codecs codecs) {
        return Speech.opus(codecs, sound(48_000, 0));
    }

    /** Any thread. */
    void forget() {
        forgetting = true;
    }

    List<Double> delaysMillis() {
        return delays;
    }

    @Override
    public void sent(int frame, long nowNanos) {
        if (forgetting) {
            forgetting = false;
            delays.clear();
        }
        if (frame == SILENT_FRAMES) {
            sentNanos = nowNanos;
            waiting = true;
        }
    }

    @Override
    public void heard(ByteBuffer packet, long nowNanos) {
        int length = packet.limit() - 12;
        packet.get(12, payload, 0, length);
        int count = decoder.decode(payload, 0, length, samples, 0);
        for (int n = 0; waiting && n < count; n++) {
            if (Math.abs(samples[n]) > ONSET) {
                waiting = false;
                delays.add(
                        (nowNanos - sentNanos) / 1e6
                                + 1e3 * n / decoder.sampleRate()
                                - lookAheadMillis);
            }
        }
    }

    @Override
    public void close() {
        decoder.close();
    }
}

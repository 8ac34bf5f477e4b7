package dev.roomline.bench;

import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.Codecs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bursts of a tone, once a second, on their way from one to another: when each was sent, when it is
 * heard. Owner: the {@link PhoneLoop} or {@link Crowd} of both; the delays may be read when it is
 * closed.
 */
final class Burst implements PhoneStream.Ear, WebRtcPeer.Ear, PhoneStream.Sending {
    private static final int SILENT_FRAMES = 40;
    private static final int TONE_FRAMES = 10;
    private static final int RARE_FRAMES = 100;
    private static final double AMPLITUDE = 10_000;
    private static final int TONE_DBOV = -13;
    private static final int ONSET = 4_000;

    /** What libopus looks ahead in its voice mode: 6.5 ms (opus_encoder.c: 2.5 ms and 4 ms). */
    private static final double OPUS_LOOK_AHEAD_MILLIS = 6.5;

    private final Codecs codecs;
    private final AudioCodec heardCodec;
    private final double lookAheadMillis;
    private final List<Event> events = new ArrayList<>();
    private volatile boolean forgetting;

    /** A burst left, or a packet came. */
    private sealed interface Event {}

    private record Sent(long nanos) implements Event {}

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Heard(long nanos, byte[] payload) implements Event {}

    /** From phone to phone, in whose room each way to Opus is an encoder. */
    Burst(Codecs codecs, boolean fromOpus, boolean toOpus) {
        this(
                codecs,
                toOpus ? AudioCodec.OPUS : AudioCodec.PCMU,
                (fromOpus ? 1 : 0) + (toOpus ? 1 : 0));
    }

    /**
     * @param opusEncoders that it passes, the speaker's own among them
     */
    Burst(Codecs codecs, AudioCodec heardCodec, int opusEncoders) {
        this.codecs = codecs;
        this.heardCodec = heardCodec;
        lookAheadMillis = opusEncoders * OPUS_LOOK_AHEAD_MILLIS;
    }

    /** How loud each frame is, in dBov. */
    static int[] levelsDbov() {
        int[] levels = new int[SILENT_FRAMES + TONE_FRAMES];
        Arrays.fill(levels, 0, SILENT_FRAMES, -127);
        Arrays.fill(levels, SILENT_FRAMES, levels.length, TONE_DBOV);
        return levels;
    }

    static int[] silentLevelsDbov() {
        int[] levels = levelsDbov();
        Arrays.fill(levels, -127);
        return levels;
    }

    /** One second: silence, then 200 ms of 1 kHz. */
    private static short[] sound(int rateHz, double amplitude) {
        return sound(rateHz, amplitude, 0);
    }

    private static short[] sound(int rateHz, double amplitude, int framesAfter) {
        int frame = rateHz / 50;
        short[] sound = new short[(SILENT_FRAMES + TONE_FRAMES + framesAfter) * frame];
        for (int n = SILENT_FRAMES * frame; n < (SILENT_FRAMES + TONE_FRAMES) * frame; n++) {
            sound[n] = (short) (amplitude * Math.cos(2 * Math.PI * 1_000 * n / rateHz));
        }
        return sound;
    }

    static Payloads pcmu() {
        return Speech.pcmu(sound(8_000, AMPLITUDE));
    }

    /** Every three seconds: for servers that may keep sound for more than one. */
    static Payloads rarePcmu() {
        return Speech.pcmu(sound(8_000, AMPLITUDE, RARE_FRAMES));
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

    /** Once the loop is closed: a native decoder belongs to the thread that opens it. */
    List<Double> delaysMillis() {
        List<Double> delays = new ArrayList<>();
        short[] samples = new short[5_760];
        Sent waiting = null;
        try (AudioDecoder decoder = codecs.openDecoder(heardCodec)) {
            for (Event event : events) {
                switch (event) {
                    case Sent sent -> waiting = sent;
                    case Heard(long nanos, byte[] payload) -> {
                        int count = decoder.decode(payload, 0, payload.length, samples, 0);
                        int onset = onset(samples, count);
                        if (waiting != null && onset >= 0) {
                            delays.add(
                                    (nanos - waiting.nanos()) / 1e6
                                            + 1e3 * onset / decoder.sampleRate()
                                            - lookAheadMillis);
                            waiting = null;
                        }
                    }
                }
            }
        }
        return delays;
    }

    private static int onset(short[] samples, int count) {
        for (int n = 0; n < count; n++) {
            if (Math.abs(samples[n]) > ONSET) {
                return n;
            }
        }
        return -1;
    }

    @Override
    public void sent(int frame, long nowNanos) {
        if (forgetting) {
            forgetting = false;
            events.clear();
        }
        if (frame == SILENT_FRAMES) {
            events.add(new Sent(nowNanos));
        }
    }

    @Override
    public void heard(ByteBuffer packet, long nowNanos) {
        byte[] payload = new byte[packet.limit() - 12];
        packet.get(12, payload);
        heard(heardCodec, payload, nowNanos);
    }

    @Override
    public void heard(AudioCodec codec, byte[] payload, long nowNanos) {
        if (codec == heardCodec) {
            events.add(new Heard(nowNanos, payload));
        }
    }
}

package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import java.util.Arrays;

/** 20 ms of silence as each codec says it; shared, never changed. */
final class Silence {
    /** RFC 6716 §3.1: one empty frame of CELT, full band, mono. */
    private static final byte[] OPUS = {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE};

    private static final byte[] PCMU = filled(0xFF);
    private static final byte[] PCMA = filled(0xD5);

    /** No difference to what is expected: what was heard before dies down, to a hum at −60 dBov. */
    private static final byte[] G722 = filled(0xFF);

    /** RFC 3389 §3: noise at −127 dBov, as silent as the frames are. */
    private static final byte[] COMFORT_NOISE = {127};

    private Silence() {}

    /** What a phone that agreed to comfort noise is told at the start of silence. */
    static byte[] comfortNoise() {
        return COMFORT_NOISE;
    }

    static byte[] of(AudioCodec codec) {
        return switch (codec) {
            case OPUS -> OPUS;
            case PCMU -> PCMU;
            case PCMA -> PCMA;
            case G722 -> G722;
        };
    }

    private static byte[] filled(int octet) {
        byte[] frame = new byte[160];
        Arrays.fill(frame, (byte) octet);
        return frame;
    }
}

package dev.roomline.media.codec;

/**
 * G.711 by tables (ITU-T G.711, 11/88, tables 1a to 2b). A code stands for one of 256 amplitudes,
 * so gain, level and conversion between the two laws are look-ups too, without decoding. Amplitudes
 * are left-justified in 16 bits: the Recommendation's µ-law values (14 bits) times 4, its A-law
 * values (13 bits) times 8. Stateless.
 */
public final class G711 {
    /** Silence in µ-law: positive zero. */
    public static final byte MU_SILENCE = (byte) 0xFF;

    /** The code nearest to silence in A-law, which has no zero. */
    public static final byte A_SILENCE = (byte) 0xD5;

    /** 33 of the Recommendation: it makes every segment begin at a power of two. */
    private static final int MU_BIAS = 33 << 2;

    private static final int MU_CLIP = (8_159 << 2) - 1;

    private static final short[] MU_LINEAR = new short[256];
    private static final short[] A_LINEAR = new short[256];

    static {
        for (int code = 0; code < 256; code++) {
            MU_LINEAR[code] = (short) muToLinear(code);
            A_LINEAR[code] = (short) aToLinear(code);
        }
    }

    private G711() {}

    private static int muToLinear(int code) {
        int inverted = ~code & 0xFF;
        int segment = inverted >> 4 & 7;
        int magnitude = ((((inverted & 0x0F) << 3) + MU_BIAS) << segment) - MU_BIAS;
        return (inverted & 0x80) != 0 ? -magnitude : magnitude;
    }

    private static int aToLinear(int code) {
        // table 1a, note 2: the even bits are inverted on the line
        int bits = code ^ 0x55;
        int segment = bits >> 4 & 7;
        int step = (bits & 0x0F) << 4;
        int magnitude = segment == 0 ? step + 8 : (step + 0x108) << (segment - 1);
        return (bits & 0x80) != 0 ? magnitude : -magnitude;
    }

    /** The amplitude of a code. */
    public static short decode(AudioCodec law, byte code) {
        return linear(law)[code & 0xFF];
    }

    static short[] linear(AudioCodec law) {
        return switch (law) {
            case PCMU -> MU_LINEAR;
            case PCMA -> A_LINEAR;
            case OPUS, G722 -> throw new IllegalArgumentException(law + " is not G.711");
        };
    }

    /** The µ-law code of an amplitude: decision values of table 2a, the two signs alike. */
    public static byte encodeMu(int sample) {
        int sign = sample < 0 ? 0x80 : 0;
        int biased = Math.min(Math.abs(sample), MU_CLIP) + MU_BIAS;
        int segment = 24 - Integer.numberOfLeadingZeros(biased);
        int step = (biased >> (segment + 3)) & 0x0F;
        return (byte) ~(sign | (segment << 4) | step);
    }

    /** The A-law code of an amplitude: decision values of table 1a. */
    public static byte encodeA(int sample) {
        int mask = sample < 0 ? 0x55 : 0xD5;
        int magnitude = (sample < 0 ? ~sample : sample) >> 4;
        if (magnitude < 16) {
            return (byte) (magnitude ^ mask);
        }
        int segment = 28 - Integer.numberOfLeadingZeros(magnitude);
        int step = (magnitude >> (segment - 1)) & 0x0F;
        return (byte) ((segment << 4 | step) ^ mask);
    }

    /** The code of an amplitude. */
    public static byte encode(AudioCodec law, int sample) {
        return law == AudioCodec.PCMU ? encodeMu(sample) : encodeA(sample);
    }

    /** The code of silence. */
    public static byte silence(AudioCodec law) {
        return law == AudioCodec.PCMU ? MU_SILENCE : A_SILENCE;
    }

    /** Mean square of a payload's amplitudes: its level without decoding. */
    public static double meanSquare(AudioCodec law, byte[] payload, int offset, int length) {
        short[] linear = linear(law);
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            long sample = linear[payload[i] & 0xFF];
            sum += sample * sample;
        }
        return length == 0 ? 0 : (double) sum / length;
    }

    /** A table that multiplies by a factor: made when a volume changes, not per packet. */
    public static byte[] gainTable(AudioCodec law, double factor) {
        byte[] table = new byte[256];
        for (int code = 0; code < 256; code++) {
            double scaled = decode(law, (byte) code) * factor;
            int sample = (int) Math.clamp(Math.rint(scaled), -32_768, 32_767);
            table[code] = encode(law, sample);
        }
        return table;
    }

    /** A table that turns codes of one law into the nearest of another. */
    public static byte[] conversionTable(AudioCodec from, AudioCodec to) {
        byte[] table = new byte[256];
        for (int code = 0; code < 256; code++) {
            table[code] = encode(to, decode(from, (byte) code));
        }
        return table;
    }

    /** Applies a table of 256 entries in place. */
    public static void apply(byte[] table, byte[] payload, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            payload[i] = table[payload[i] & 0xFF];
        }
    }
}

package dev.roomline.media.codec;

import java.util.Arrays;

/** G.722 at 64 kbit/s (mode 1 of ITU-T G.722 §4) to 16 kHz: any octet is two samples of sound. */
final class G722Decoder implements AudioDecoder {
    /** Inverse of the lower band's 6-bit quantiser (QM6), in units of 2⁻¹⁵ of the step. */
    private static final int[] INVERSE_6 = {
        -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192,
        -10232, -9360, -8576, -7856, -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168,
        -2776, -2400, -2032, -1688, -1360, -1040, -728, 24808, 21904, 19008, 16704, 14984, 13512,
        12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464, 4008, 3576, 3168,
        2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136
    };

    private static final int TAPS = 12;
    private static final int BLOCK = 160;

    /** Of the bands' difference, the newest first: the earlier sample of each pair. */
    private static final int[] EARLIER = G722Tables.phase(0);

    /** Of their sum: the later one. */
    private static final int[] LATER = G722Tables.phase(1);

    private final G722Band lower = G722Band.lower();
    private final G722Band higher = G722Band.higher();

    /** XD: the bands' difference; the last 11, then those of the call. */
    private final int[] differences = new int[TAPS - 1 + BLOCK];

    /** XS: their sum. */
    private final int[] sums = new int[TAPS - 1 + BLOCK];

    @Override
    public int sampleRate() {
        return 16_000;
    }

    @Override
    public int decode(byte[] payload, int offset, int length, short[] pcm, int at) {
        if (length <= 0 || 2 * length > pcm.length - at) {
            return -1;
        }
        for (int done = 0; done < length; done += BLOCK) {
            block(payload, offset + done, Math.min(BLOCK, length - done), pcm, at + 2 * done);
        }
        return 2 * length;
    }

    private void block(byte[] payload, int offset, int length, short[] pcm, int at) {
        for (int i = 0; i < length; i++) {
            int octet = payload[offset + i];
            int low = low(octet & 0x3F);
            int high = high((octet >> 6) & 3);
            sums[TAPS - 1 + i] = low + high;
            differences[TAPS - 1 + i] = low - high;
        }
        for (int i = 0; i < length; i++) {
            int earlier = 0;
            int later = 0;
            for (int k = 0; k < TAPS; k++) {
                earlier += EARLIER[TAPS - 1 - k] * differences[i + k];
                later += LATER[TAPS - 1 - k] * sums[i + k];
            }
            pcm[at + 2 * i] = (short) G722Band.saturate(earlier >> 11);
            pcm[at + 2 * i + 1] = (short) G722Band.saturate(later >> 11);
        }
        System.arraycopy(sums, length, sums, 0, TAPS - 1);
        System.arraycopy(differences, length, differences, 0, TAPS - 1);
    }

    /** The lower band's next sample, as it goes into the filters. */
    int low(int code) {
        int heard = lower.prediction() + G722Band.multiply(lower.step(), INVERSE_6[code]);
        int coarse = code >> 2;
        lower.adapt(
                G722Band.multiply(lower.step(), G722Tables.INVERSE_4[coarse]),
                G722Tables.GROWTH_4[coarse]);
        return G722Encoder.limit(heard);
    }

    /** The higher band's. */
    int high(int code) {
        int difference = G722Band.multiply(higher.step(), G722Tables.INVERSE_2[code]);
        int heard = higher.prediction() + difference;
        higher.adapt(difference, G722Tables.GROWTH_2[code]);
        return G722Encoder.limit(heard);
    }

    @Override
    public boolean conceal(short[] pcm, int at, int samples) {
        return false;
    }

    @Override
    public int decodeFec(
            byte[] nextPayload, int offset, int length, short[] pcm, int at, int samples) {
        return 0;
    }

    @Override
    public void reset() {
        lower.reset();
        higher.reset();
        Arrays.fill(sums, 0);
        Arrays.fill(differences, 0);
    }

    @Override
    public void close() {}
}

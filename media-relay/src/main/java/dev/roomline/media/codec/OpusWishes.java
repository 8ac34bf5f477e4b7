package dev.roomline.media.codec;

/**
 * How a listener wants the Opus that it is sent (RFC 7587 §6.1), as far as our voice can follow it:
 * mono, 20 ms. Listeners of equal wishes share an encode.
 *
 * @param playbackHertz the highest rate that it plays: 8000, 12000, 16000, 24000 or 48000
 * @param bitsPerSecond 6000 to 32000
 * @param fec whether it makes use of in-band FEC
 * @param dtx whether silence is better not sent to it
 * @param cbr whether each packet must be of the same length
 */
public record OpusWishes(
        int playbackHertz, int bitsPerSecond, boolean fec, boolean dtx, boolean cbr) {
    /** A voice at 16 kHz with FEC: no ear of ours tells more from it. */
    private static final int WIDE_BITS_PER_SECOND = 32_000;

    /** RFC 7587 §3.1.1 has 8 to 12 kb/s for narrow bands without FEC. */
    private static final int NARROW_BITS_PER_SECOND = 20_000;

    private static final int LEAST_BITS_PER_SECOND = 6_000;

    /** Few different rates, so that encodes are shared. */
    private static final int STEP_BITS_PER_SECOND = 2_000;

    /** Of one that wishes nothing: what RFC 7587 says to take then. */
    public static final OpusWishes NONE = of(48_000, 0, false, false, false);

    /**
     * Makes wishes of what a peer said.
     *
     * @param mostHertz {@code maxplaybackrate}
     * @param mostBitsPerSecond {@code maxaveragebitrate}; 0: not said
     */
    public static OpusWishes of(
            int mostHertz, int mostBitsPerSecond, boolean fec, boolean dtx, boolean cbr) {
        int hertz = played(mostHertz);
        int usual = hertz < 16_000 ? NARROW_BITS_PER_SECOND : WIDE_BITS_PER_SECOND;
        int most = mostBitsPerSecond <= 0 ? usual : Math.min(usual, mostBitsPerSecond);
        int stepped = most / STEP_BITS_PER_SECOND * STEP_BITS_PER_SECOND;
        return new OpusWishes(hertz, Math.max(LEAST_BITS_PER_SECOND, stepped), fec, dtx, cbr);
    }

    /** The bandwidth of Opus that a rate has room for (RFC 6716 §2). */
    private static int played(int hertz) {
        if (hertz < 12_000) {
            return 8_000;
        }
        if (hertz < 16_000) {
            return 12_000;
        }
        if (hertz < 24_000) {
            return 16_000;
        }
        return hertz < 48_000 ? 24_000 : 48_000;
    }
}

package dev.roomline.media.codec;

/**
 * How an Opus encoder is opened. It always codes mono voice.
 *
 * @param sampleRate of what it takes, in Hz: 8000, 16000, 24000 or 48000; not what the SDP says
 * @param complexity 0 to 10
 * @param bitrate in bit/s, 6000 to 128000
 * @param fec whether in-band FEC is written; only effective with an expected loss
 * @param expectedLossPercent 0 to 100
 * @param dtx whether silence is left out
 */
public record OpusSettings(
        int sampleRate,
        int complexity,
        int bitrate,
        boolean fec,
        int expectedLossPercent,
        boolean dtx) {
    public OpusSettings {
        if (sampleRate != 8_000
                && sampleRate != 16_000
                && sampleRate != 24_000
                && sampleRate != 48_000) {
            throw new IllegalArgumentException("Opus takes 8, 16, 24 or 48 kHz, not " + sampleRate);
        }
        check("complexity", complexity, 0, 10);
        check("bitrate", bitrate, 6_000, 128_000);
        check("expected loss", expectedLossPercent, 0, 100);
    }

    private static void check(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    what + " must be " + least + " to " + most + ", was " + value);
        }
    }

    /**
     * Whether it is for what telephones say. The high-pass of Opus' VOIP application is left out
     * then: what it would take away the telephone network has taken, and its phase alone is heard.
     */
    boolean isTelephone() {
        return sampleRate == 8_000;
    }

    /** Voice at 24 kb/s without FEC or DTX. */
    public static OpusSettings voice(int sampleRate, int complexity) {
        return new OpusSettings(sampleRate, complexity, 24_000, false, 0, false);
    }
}

package dev.roomline.media.leg;

import static dev.roomline.media.leg.Sender.MILLI;

import dev.roomline.media.jitter.JitterReport;
import java.util.Arrays;

/** What is said over a network that is not good, and what was measured of it. */
final class NetworkTalk {
    static final double HERTZ = 440;
    static final double AMPLITUDE = 10_000;

    /** The tone bends where a loss is concealed; a cut leaves eight times as much as this. */
    static final double CLICK = 0.125;

    static final long SECOND = 1_000 * MILLI;

    static final short[] TONE = Voices.tone(HERTZ, AMPLITUDE, 20);
    static final short[] LONG_TONE = Voices.tone(HERTZ, AMPLITUDE, 40);
    static final short[] SPEECH = Voices.speech(4, 20);
    static final short[] LONG_SPEECH = Voices.speech(9, 40);

    private NetworkTalk() {}

    /** Up to so much more than the network's best, by chance. */
    static long spread(Sender sender, int millis) {
        return 5 * MILLI + (long) (sender.random.nextDouble() * millis * MILLI);
    }

    /** Everything that is sent while it is held up comes at its end at once. */
    static long heldUp(long sent, long from, long to) {
        return sent > from && sent < to ? to + 5 * MILLI - sent : 5 * MILLI;
    }

    /** What was measured, as a line of its own. */
    static void print(String name, Heard heard) {
        JitterReport r = heard.report();
        System.out.printf(
                "%-42s %-4s concealed %5.2f %%, by FEC %5.2f %%, delay %3.0f ms mean %3d most,"
                        + " +%d −%d ms",
                name,
                heard.trace().codec(),
                100 * r.concealedShare(),
                100.0 * r.recoveredSamples() / r.playedSamples(),
                heard.meanDelay(5, heard.delays().length / 50.0),
                heard.maxDelay(5, 1e9),
                r.stretchedSamples() / 16,
                r.compressedSamples() / 16);
        short[] said = heard.trace().said();
        if (Arrays.equals(said, TONE) || Arrays.equals(said, LONG_TONE)) {
            System.out.printf(
                    ", clicks %d, worst %.2f, SNR %.1f dB",
                    heard.clicks(HERTZ, AMPLITUDE, CLICK, false, 1),
                    heard.worstClick(HERTZ, AMPLITUDE, 1),
                    heard.toneSnr(HERTZ, 1));
        }
        System.out.println();
    }
}

package dev.roomline.media.leg;

import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.jitter.JitterReport;
import dev.roomline.media.jitter.Playout;
import java.util.Arrays;
import java.util.List;

/**
 * What an ear made of a trace, and what it measures like.
 *
 * @param pcm at 16 kHz
 * @param playouts one for each 20 ms
 * @param delays the buffer's own word for its delay, in ms, for each 20 ms
 * @param unquiet whether something was made up, lost or late near a 20 ms
 */
@SuppressWarnings("ArrayRecordComponent")
record Heard(
        Trace trace,
        short[] pcm,
        List<Playout> playouts,
        int[] delays,
        boolean[] unquiet,
        JitterReport report) {
    private static final int RATE = 16_000;
    private static final int FRAME = 320;

    /**
     * Clicks in a tone: a sine obeys x[n] = 2cos(ω)x[n−1] − x[n−2], and so does one whose loudness
     * or phase bends slowly; where what is left over exceeds a share of the amplitude, something
     * was cut. Places less than 5 ms apart are one.
     *
     * @param onlyQuiet leaves out what is near lost frames
     */
    int clicks(double hertz, double amplitude, double share, boolean onlyQuiet, double fromSecond) {
        double turn = 2 * Math.cos(2 * Math.PI * hertz / RATE);
        int found = 0;
        int last = -RATE;
        for (int i = Math.max(2, (int) (fromSecond * RATE)); i < pcm.length; i++) {
            double rest = pcm[i] - turn * pcm[i - 1] + pcm[i - 2];
            if (Math.abs(rest) > share * amplitude
                    && !(onlyQuiet && unquiet[i / FRAME])
                    && i - last > 80) {
                found++;
                last = i;
            }
        }
        return found;
    }

    /** The largest rest of {@link #clicks}, as a share of the amplitude. */
    double worstClick(double hertz, double amplitude, double fromSecond) {
        double turn = 2 * Math.cos(2 * Math.PI * hertz / RATE);
        double worst = 0;
        for (int i = Math.max(2, (int) (fromSecond * RATE)); i < pcm.length; i++) {
            worst = Math.max(worst, Math.abs(pcm[i] - turn * pcm[i - 1] + pcm[i - 2]));
        }
        return worst / amplitude;
    }

    /** Largest second difference: speech has none of the size of a cut. */
    static double roughness(short[] pcm, int from, int to) {
        double worst = 0;
        for (int i = Math.max(2, from); i < to; i++) {
            worst = Math.max(worst, Math.abs(pcm[i] - 2.0 * pcm[i - 1] + pcm[i - 2]));
        }
        return worst;
    }

    /** Median of a tone's SNR over pieces of 100 ms. */
    double toneSnr(double hertz, double fromSecond) {
        int piece = RATE / 10;
        int from = (int) (fromSecond * RATE);
        double[] each = new double[(pcm.length - from) / piece];
        for (int i = 0; i < each.length; i++) {
            each[i] = Goertzel.snr(pcm, from + i * piece, piece, hertz, RATE);
        }
        Arrays.sort(each);
        return each[each.length / 2];
    }

    int maxDelay(double fromSecond, double toSecond) {
        int most = 0;
        for (int i = (int) (fromSecond * 50); i < toSecond * 50 && i < delays.length; i++) {
            most = Math.max(most, delays[i]);
        }
        return most;
    }

    double meanDelay(double fromSecond, double toSecond) {
        return Arrays.stream(delays, (int) (fromSecond * 50), (int) (toSecond * 50))
                .average()
                .orElse(0);
    }

    /** When, from a moment on, the delay was last above so many ms; that moment if never. */
    double lastAbove(double fromSecond, int millis) {
        for (int i = delays.length - 1; i >= fromSecond * 50; i--) {
            if (delays[i] > millis) {
                return (i + 1) / 50.0;
            }
        }
        return fromSecond;
    }

    /**
     * From mouth to ear in ms by comparing what was heard with what was said: where 200 ms of it
     * stand out most in what was said up to 700 ms before. −1 where nothing resembles it.
     */
    double mouthToEarMillis(double second) {
        int window = RATE / 5;
        int at = (int) (second * RATE);
        short[] said = trace.said();
        double best = 0.5;
        double found = -1;
        for (int lag = 0; lag <= 700 * 16 && at - lag >= 0; lag += 4) {
            if (at - lag + window > said.length) {
                continue;
            }
            double product = 0;
            double energy = 1;
            double own = 1;
            for (int i = 0; i < window; i += 3) {
                double a = pcm[at + i];
                double b = said[at - lag + i];
                product += a * b;
                energy += b * b;
                own += a * a;
            }
            double correlation = product / Math.sqrt(energy * own);
            if (correlation > best) {
                best = correlation;
                found = lag / 16.0;
            }
        }
        return found;
    }

    /** The longest run of frames that are not speech nor made up for it, in ms. */
    int longestHoleMillis(double fromSecond) {
        int longest = 0;
        int run = 0;
        for (int i = (int) (fromSecond * 50); i < playouts.size(); i++) {
            Playout kind = playouts.get(i);
            run = kind == Playout.SPEECH || kind == Playout.CONCEALED ? 0 : run + 20;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}

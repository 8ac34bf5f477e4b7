package dev.roomline.media.jitter;

import dev.roomline.media.dsp.Fade;

/**
 * Plays faster or slower without changing pitch: takes out or repeats one period where the signal
 * repeats itself, joined by a cross-fade. Owner: its {@link JitterBuffer}.
 */
final class TimeScale {
    /** The longest step: 15 ms in samples. */
    final int longestStep;

    /** Samples that must lie ready for {@link #compress}. */
    final int lookahead;

    private final int widestWindow;
    private final Pitch pitch;

    TimeScale(int perMilli) {
        pitch = new Pitch(perMilli);
        longestStep = pitch.maxLag;
        lookahead = 2 * longestStep;
        widestWindow = 10 * perMilli;
    }

    /**
     * Removes up to 15 ms at the head.
     *
     * @param leastCorrelation below this the signal is left alone
     * @param most samples that may go
     * @return samples removed
     */
    int compress(PlayoutLine line, double leastCorrelation, int most) {
        int head = line.head();
        int maxLag = Math.min(Math.min(longestStep, most), line.available() / 2);
        int window = Math.min(widestWindow, maxLag);
        if (maxLag < 2 * pitch.minLag) {
            return 0;
        }
        // the window lies behind the longest lag, so every lag compares with what is there
        pitch.search(line.pcm, head + maxLag, window, maxLag);
        if (pitch.correlation() < leastCorrelation) {
            return 0;
        }
        int lag = pitch.lag();
        Fade.cross(line.pcm, head, line.pcm, head + lag, lag);
        line.skip(lag);
        return lag;
    }

    /**
     * Inserts up to 15 ms at the head: what was just played once more.
     *
     * @return samples inserted
     */
    int stretch(PlayoutLine line, double leastCorrelation) {
        int maxLag = Math.min(longestStep, line.available());
        if (maxLag < 2 * pitch.minLag) {
            return 0;
        }
        pitch.search(line.pcm, line.head(), Math.min(widestWindow, maxLag), maxLag);
        if (pitch.correlation() < leastCorrelation) {
            return 0;
        }
        int lag = pitch.lag();
        line.insertAtHead(lag);
        int head = line.head();
        // begins as what follows, ends as what precedes, so both joints are seamless
        System.arraycopy(line.pcm, head - lag, line.pcm, head, lag);
        Fade.cross(line.pcm, head + lag, line.pcm, head, lag);
        return lag;
    }
}

package dev.roomline.system;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.DoubleFunction;

/** Waits until somebody hears what is expected, then measures: media takes a moment to start. */
final class Ears {
    private static final double AUDIBLE_DBFS = Baresip.TONE_DBFS - 6;
    private static final double SILENT_DBFS = -70;
    private static final double STRETCH_SECONDS = 0.6;
    private static final double MEASURED_SECONDS = 2.4;
    private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

    private Ears() {}

    /**
     * @param listen hears so many seconds from now on
     * @param hertz what is looked for; all but the last have to be audible before it is measured
     */
    static AudioMeasure.Tones whenHeard(DoubleFunction<Recording> listen, double... hertz) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Recording heard;
        do {
            heard = listen.apply(STRETCH_SECONDS);
        } while (!isAudible(heard, hertz) && System.nanoTime() < deadline);
        return AudioMeasure.fit(listen.apply(MEASURED_SECONDS), hertz);
    }

    /** Waits until none of the tones is audible, then measures. */
    static AudioMeasure.Tones whenSilent(DoubleFunction<Recording> listen, double... hertz) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        AudioMeasure.Tones heard;
        do {
            heard = AudioMeasure.fit(listen.apply(STRETCH_SECONDS), hertz);
        } while (Arrays.stream(heard.levelsDbfs()).anyMatch(level -> level > SILENT_DBFS)
                && System.nanoTime() < deadline);
        return heard;
    }

    /** What is still beginning is not long enough to be measured. */
    private static boolean isAudible(Recording recording, double... hertz) {
        if (recording.seconds() < STRETCH_SECONDS / 2) {
            return false;
        }
        AudioMeasure.Tones heard = AudioMeasure.fit(recording, hertz);
        return Arrays.stream(hertz, 0, Math.max(1, hertz.length - 1))
                .allMatch(tone -> heard.levelDbfs(tone) > AUDIBLE_DBFS);
    }
}

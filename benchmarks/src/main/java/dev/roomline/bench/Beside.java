package dev.roomline.bench;

import dev.roomline.bench.MediaRound.Shape;
import dev.roomline.bench.MediaRound.Voices;
import dev.roomline.media.codec.AudioCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Servers doing the same work in turns: all are started at once, but only the one whose turn it is
 * has rooms. They share core 0, the phones have the others. The first turn of each is not measured.
 * Ratios are of neighbouring turns. Where a core was away from everybody for {@value
 * #LONGEST_PAUSE_MILLIS} ms, as a {@link Witness} saw it, all servers have that turn once more.
 */
final class Beside {
    private static final int IDLE_WINDOWS = 4;
    private static final int LONGEST_PAUSE_MILLIS = 50;
    private static final int AS_CLEAR_DB = 1;

    /** Less than our own turns differ by. */
    private static final double AS_UNDERSTOOD = 0.002;

    private final Options options;
    private final PerformancePage page;
    private final Shape shape;
    private final Map<MediaPlane, MediaRound> rounds = new LinkedHashMap<>();

    Beside(Options options, PerformancePage page, Shape shape) {
        this.options = options;
        this.page = page;
        this.shape = shape;
    }

    /** Runs all turns and prints the table; the planes stay open. */
    void run(List<MediaPlane> planes, Voices voices) throws InterruptedException {
        int seconds = options.number("seconds", options.quick() ? 4 : 8);
        int repeats = options.number("repeats", options.quick() ? 1 : 5);
        for (MediaPlane plane : planes) {
            rounds.put(plane, new MediaRound(plane, shape, voices));
        }
        for (MediaPlane plane : planes) {
            round(plane).warmUp(plane.compiles() ? warmUpSeconds() : 4);
        }
        for (MediaPlane plane : planes) {
            round(plane).rest();
        }
        int thrownAway = turns(planes, repeats, seconds);
        page.print("");
        page.print(
                "%d rooms of %d phones, PCMU and Opus in turns, %d of them talking, and 2 rooms of two to listen in; %d s a turn, %d turns"
                        .formatted(
                                shape.rooms(), shape.phones(), shape.talking(), seconds, repeats));
        page.print("");
        page.print(MediaRound.head(shape.legs()));
        rounds.values().forEach(round -> page.print(round.row()));
        page.print("");
        if (thrownAway > 0) {
            page.print(
                    "Done once more, since a core was away from everybody for %d ms or longer: %d of %d turns each"
                            .formatted(LONGEST_PAUSE_MILLIS, thrownAway, repeats + thrownAway));
            page.print("");
        }
    }

    /** As many as asked for, each undisturbed unless half of all were not; those thrown away. */
    private int turns(List<MediaPlane> planes, int repeats, int seconds)
            throws InterruptedException {
        int thrownAway = 0;
        try (Witness witness = new Witness()) {
            for (int kept = 0; kept < repeats; ) {
                long began = System.nanoTime();
                Map<MediaRound, MediaRound.Turn> turns = new LinkedHashMap<>();
                for (MediaPlane plane : planes) {
                    turns.put(round(plane), round(plane).measure(seconds));
                }
                boolean wasDisturbed =
                        !witness.pauses(began, LONGEST_PAUSE_MILLIS * 1_000_000L).isEmpty();
                if (wasDisturbed && thrownAway < repeats) {
                    thrownAway++;
                } else {
                    turns.forEach(MediaRound::keep);
                    kept++;
                }
            }
        }
        return thrownAway;
    }

    private int warmUpSeconds() {
        return options.number("warmup", options.quick() ? 10 : 45);
    }

    /** The least of some seconds: now and then a process has other things to do. */
    static double idle(CpuTime cpu) throws InterruptedException {
        double least = 1;
        for (int i = 0; i < IDLE_WINDOWS; i++) {
            least = Math.min(least, cpu.idleShare(1_000));
        }
        return least;
    }

    MediaRound round(MediaPlane plane) {
        MediaRound round = rounds.get(plane);
        if (round == null) {
            throw new IllegalArgumentException(plane.name() + " was not measured");
        }
        return round;
    }

    /** What part of another's CPU one takes, turn by turn; only where both carried everything. */
    Aim cpu(String work, MediaPlane ours, MediaPlane theirs, double most) {
        List<Double> ratios = new ArrayList<>();
        List<Double> mine = round(ours).shares();
        List<Double> other = round(theirs).shares();
        for (int i = 0; i < mine.size(); i++) {
            ratios.add(mine.get(i) / other.get(i));
        }
        return Aim.ratio(work, Spread.of(ratios), most)
                .providedThat(round(ours).isCarried(), ours.name() + " sends all that is due")
                .providedThat(round(ours).isClear(), ours.name() + " is clear")
                .providedThat(round(theirs).isCarried(), theirs.name() + " sends all that is due")
                .providedThat(round(theirs).isHeard(), theirs.name() + " is heard");
    }

    /** The same with what it sounds like beside it. */
    Aim cpuAndQuality(String work, MediaPlane ours, MediaPlane theirs, double most) {
        MediaRound mine = round(ours);
        MediaRound other = round(theirs);
        return cpu(work, ours, theirs, most)
                .adding(
                        String.format(
                                Locale.ROOT,
                                "; ESTOI %.4f beside %.4f, tones %.1f beside %.1f and %.1f beside"
                                        + " %.1f dB",
                                mine.understood().median(),
                                other.understood().median(),
                                mine.snrDb(AudioCodec.OPUS),
                                other.snrDb(AudioCodec.OPUS),
                                mine.snrDb(AudioCodec.PCMU),
                                other.snrDb(AudioCodec.PCMU)));
    }

    /**
     * The same, of worth only where ours sounds no worse: tones no more than {@value #AS_CLEAR_DB}
     * dB below the other's, ESTOI no more than {@value #AS_UNDERSTOOD}.
     */
    Aim cpuAtSameQuality(String work, MediaPlane ours, MediaPlane theirs, double most) {
        MediaRound mine = round(ours);
        MediaRound other = round(theirs);
        return cpuAndQuality(work, ours, theirs, most)
                .adding(" (valid to %s and %d dB below)".formatted(AS_UNDERSTOOD, AS_CLEAR_DB))
                .providedThat(
                        isAsClear(mine, other, AudioCodec.OPUS)
                                && isAsClear(mine, other, AudioCodec.PCMU),
                        "tones are as clear as " + theirs.name() + "'s")
                .providedThat(
                        mine.understood().median() >= other.understood().median() - AS_UNDERSTOOD,
                        "speech is understood as well as " + theirs.name() + "'s");
    }

    private static boolean isAsClear(MediaRound mine, MediaRound theirs, AudioCodec hearer) {
        return mine.snrDb(hearer) >= theirs.snrDb(hearer) - AS_CLEAR_DB;
    }

    /** What part of another's delay one adds, of the medians. */
    Aim delay(String work, MediaPlane ours, MediaPlane theirs, double most) {
        double mine = round(ours).delayMillis().median();
        double other = round(theirs).delayMillis().median();
        return Aim.ratio(work, Spread.of(mine / other), most)
                .adding(String.format(Locale.ROOT, " (%.1f of %.1f ms)", mine, other));
    }
}

package dev.roomline.bench;

import dev.roomline.bench.CpuTime.Part;
import dev.roomline.bench.MediaRound.Shape;
import dev.roomline.bench.MediaRound.Voices;
import dev.roomline.media.codec.AudioCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * Rooms of a PCMU and an Opus phone that speak at each other: ours with its defaults, ours with
 * rtpengine's complexity, rtpengine and Janus' AudioBridge.
 */
final class TwoPhones implements Scenario {
    private static final String CORE = "0";
    private static final double AS_CLEAR_DB = 1;

    /** Less than our own turns differ by. */
    private static final double AS_UNDERSTOOD = 0.002;

    private static final int PROFILED_SECONDS = 6;

    private final Options options;
    private final Voices voices;

    TwoPhones(Options options, Voices voices) {
        this.options = options;
        this.voices = voices;
    }

    @Override
    public List<Aim> run(PerformancePage page) throws InterruptedException {
        Shape shape = new Shape(options.number("rooms", options.quick() ? 10 : 20), 2, 2);
        Server.Setup setup = Server.Setup.of(shape.allRooms()).on(CORE);
        Beside beside = new Beside(options, page, shape);
        try (MediaPlane ours = new RoomlineRooms("Roomline", setup);
                MediaPlane equal =
                        new RoomlineRooms(
                                "Roomline, `opus_complexity: 10`",
                                setup.media("opus_complexity: 10"));
                MediaPlane rtpengine = new Rtpengine(CORE);
                MediaPlane janus = new JanusRooms(CORE)) {
            beside.run(List.of(ours, equal, rtpengine, janus), voices);
            MediaRound mine = beside.round(ours);
            page.print("Roomline by its threads, % of a core, what it uses at rest included:");
            page.print("");
            page.print("| " + Part.words(" | ") + " |");
            page.print("|" + "---|".repeat(Part.values().length));
            page.print(mine.parts());
            page.print("");
            mine.profile(PROFILED_SECONDS).forEach(page::print);
            page.print("");
            List<Aim> aims = new ArrayList<>();
            aims.add(
                    beside.cpu(
                            "PCMU ↔ Opus, CPU of rtpengine's: same bitrate, complexity 10, no FEC",
                            equal,
                            rtpengine,
                            1.0));
            MediaRound theirs = beside.round(rtpengine);
            aims.add(
                    beside.cpu(
                                    "PCMU ↔ Opus, CPU of rtpengine's: our defaults",
                                    ours,
                                    rtpengine,
                                    0.35)
                            .providedThat(
                                    isAsClear(mine, theirs), "tones are as clear as rtpengine's")
                            .providedThat(
                                    mine.understood().median()
                                            >= theirs.understood().median() - AS_UNDERSTOOD,
                                    "speech is understood as well as rtpengine's"));
            aims.add(beside.cpu("PCMU ↔ Opus, CPU of Janus'", ours, janus, 0.5));
            aims.add(beside.delay("PCMU → Opus, delay of Janus'", ours, janus, 1 / 3.0));
            return aims;
        }
    }

    private static boolean isAsClear(MediaRound mine, MediaRound theirs) {
        return isAsClear(mine, theirs, AudioCodec.OPUS) && isAsClear(mine, theirs, AudioCodec.PCMU);
    }

    private static boolean isAsClear(MediaRound mine, MediaRound theirs, AudioCodec hearer) {
        return mine.snrDb(hearer) >= theirs.snrDb(hearer) - AS_CLEAR_DB;
    }
}

package dev.roomline.bench;

import dev.roomline.bench.CpuTime.Part;
import dev.roomline.bench.MediaRound.Shape;
import dev.roomline.bench.MediaRound.Voices;
import java.util.List;

/**
 * Rooms of a PCMU and an Opus phone that speak at each other: ours with its defaults, rtpengine and
 * Janus' AudioBridge.
 */
final class TwoPhones implements Scenario {
    private static final String CORE = "0";
    private static final int PROFILED_SECONDS = 6;

    private final Options options;
    private final Voices voices;

    TwoPhones(Options options, Voices voices) {
        this.options = options;
        this.voices = voices;
    }

    @Override
    public List<Aim> run(PerformancePage page) throws InterruptedException {
        Shape shape = Shape.pairs(options);
        Server.Setup setup = Server.Setup.of(shape.allRooms()).on(CORE);
        Beside beside = new Beside(options, page, shape);
        try (MediaPlane ours = new RoomlineRooms("Roomline", setup);
                MediaPlane rtpengine = new Rtpengine(CORE);
                MediaPlane janus = new JanusRooms(CORE)) {
            beside.run(List.of(ours, rtpengine, janus), voices);
            MediaRound mine = beside.round(ours);
            page.print("Roomline by its threads, % of a core, what it uses at rest included:");
            page.print("");
            page.print("| " + Part.words(" | ") + " |");
            page.print("|" + "---|".repeat(Part.values().length));
            page.print(mine.parts());
            page.print("");
            mine.profile(PROFILED_SECONDS).forEach(page::print);
            page.print("");
            return List.of(
                    beside.cpuAtSameQuality(
                            "PCMU ↔ Opus by our defaults, CPU of rtpengine's",
                            ours,
                            rtpengine,
                            0.35),
                    beside.cpu("PCMU ↔ Opus by our defaults, CPU of Janus'", ours, janus, 0.5),
                    beside.delay("PCMU → Opus, delay of Janus'", ours, janus, 1 / 3.0));
        }
    }
}

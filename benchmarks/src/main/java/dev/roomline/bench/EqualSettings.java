package dev.roomline.bench;

import dev.roomline.bench.MediaRound.Shape;
import dev.roomline.bench.MediaRound.Voices;
import java.util.List;

/**
 * Rooms of a PCMU and an Opus phone that speak at each other, ours with the settings that rtpengine
 * has and cannot be told otherwise: Opus coded at 48 kHz, with complexity 10, without FEC. No
 * configuration of ours has it code at 48 kHz what comes at 8: a property of the virtual machine
 * does, which is there for this bench. The phone asks for as much as everywhere else: at 48 kHz
 * libopus makes 28 kb/s of it, up to 12 kHz, where rtpengine sends 26 up to 8; for the next step
 * below it would be 23, up to 8 kHz, and cheaper.
 */
final class EqualSettings implements Scenario {
    private static final String CORE = "0";
    private static final String FULL_RATE = "-Droomline.bench.opus_48khz=true";

    private final Options options;
    private final Voices voices;

    EqualSettings(Options options, Voices voices) {
        this.options = options;
        this.voices = voices;
    }

    @Override
    public List<Aim> run(PerformancePage page) throws InterruptedException {
        Shape shape = Shape.pairs(options);
        Server.Setup setup =
                Server.Setup.of(shape.allRooms())
                        .on(CORE)
                        .media("opus_complexity: 10")
                        .flags(FULL_RATE);
        Beside beside = new Beside(options, page, shape);
        try (MediaPlane ours = new RoomlineRooms("Roomline, Opus at 48 kHz, complexity 10", setup);
                MediaPlane rtpengine = new Rtpengine(CORE)) {
            beside.run(List.of(ours, rtpengine), voices);
            return List.of(
                    beside.cpuAndQuality(
                            "PCMU ↔ Opus at 48 kHz, bitrate no less, complexity 10, no FEC, CPU of rtpengine's",
                            ours,
                            rtpengine,
                            1.0));
        }
    }
}

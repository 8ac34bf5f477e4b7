package dev.roomline.bench;

import dev.roomline.bench.MediaRound.Shape;
import dev.roomline.bench.MediaRound.Voices;
import java.util.List;

/** Rooms of 20 phones, of which three talk and the others send the noise of a quiet room. */
final class TwentyPhones implements Scenario {
    private static final String CORE = "0";
    private static final int PHONES = 20;
    private static final int TALKING = 3;

    private final Options options;
    private final Voices voices;

    TwentyPhones(Options options, Voices voices) {
        this.options = options;
        this.voices = voices;
    }

    @Override
    public List<Aim> run(PerformancePage page) throws InterruptedException {
        Shape shape =
                new Shape(options.number("rooms20", options.quick() ? 1 : 3), PHONES, TALKING);
        Beside beside = new Beside(options, page, shape);
        try (MediaPlane ours =
                        new RoomlineRooms("Roomline", Server.Setup.of(shape.allRooms()).on(CORE));
                MediaPlane janus = new JanusRooms(CORE)) {
            beside.run(List.of(ours, janus), voices);
            return List.of(
                    beside.cpu(
                            "10 PCMU and 10 Opus phones in a room, 3 talking, CPU per participant of Janus'",
                            ours,
                            janus,
                            0.5));
        }
    }
}

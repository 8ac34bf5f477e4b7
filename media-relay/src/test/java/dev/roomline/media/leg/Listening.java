package dev.roomline.media.leg;

import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dsp.Doubler;
import dev.roomline.media.jitter.JitterReport;
import dev.roomline.media.jitter.Playout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Plays a trace through a real {@link Ear}, a pull each 20 ms of virtual time. */
final class Listening {
    private static final Codecs CODECS = Codecs.load();
    private static final long TICK = 20 * Sender.MILLI;

    private Listening() {}

    static Heard to(Trace trace) {
        return to(trace, 7);
    }

    /**
     * @param phaseMillis when, in each 20 ms, the room ticks
     */
    static Heard to(Trace trace, int phaseMillis) {
        Workbench bench =
                new Workbench(
                        CODECS, 5, PassThroughPolicy.AUTO, new DropCounters(), new Random(3), 0);
        try (Ear ear = new Ear(bench)) {
            ear.listen(trace.codec());
            ear.open(Ear.Onset.NEWEST, 0);
            long end = trace.packets().getLast().arrivalNanos() + 500 * Sender.MILLI;
            int frames = (int) (end / TICK);
            short[] pcm = new short[frames * 320];
            List<Playout> playouts = new ArrayList<>();
            int[] delays = new int[frames];
            boolean[] unquiet = new boolean[frames];
            Doubler doubler = new Doubler();
            long troubles = 0;
            int next = 0;
            for (int i = 0; i < frames; i++) {
                long now = i * TICK + phaseMillis * Sender.MILLI;
                while (next < trace.packets().size()
                        && trace.packets().get(next).arrivalNanos() <= now) {
                    insert(ear, trace.packets().get(next++));
                }
                ear.pull(now, false);
                if (ear.isWide()) {
                    System.arraycopy(ear.frame(), 0, pcm, i * 320, 320);
                } else {
                    doubler.process(ear.frame(), 0, 160, pcm, i * 320);
                }
                playouts.add(ear.playout());
                delays[i] = ear.delayMillis();
                long now20 = troubles(ear.report());
                if (now20 != troubles) {
                    // what was decoded now is heard within the next 60 ms
                    for (int k = Math.max(0, i - 1); k <= i + 3 && k < frames; k++) {
                        unquiet[k] = true;
                    }
                }
                troubles = now20;
            }
            JitterReport report = ear.report();
            if (report == null) {
                throw new AssertionError("nothing was played");
            }
            return new Heard(trace, pcm, playouts, delays, unquiet, report);
        }
    }

    private static long troubles(@org.jspecify.annotations.Nullable JitterReport report) {
        return report == null
                ? 0
                : report.concealedSamples()
                        + report.recoveredSamples()
                        + report.late()
                        + report.overflows();
    }

    private static void insert(Ear ear, Trace.Packet packet) {
        byte[] payload = packet.payload();
        switch (packet.kind()) {
            case SPEECH ->
                    ear.insert(
                            packet.ssrc(),
                            packet.sequence(),
                            packet.timestamp(),
                            packet.marker(),
                            payload,
                            0,
                            payload.length,
                            packet.arrivalNanos());
            case COMFORT_NOISE ->
                    ear.insertComfortNoise(
                            packet.ssrc(),
                            packet.sequence(),
                            packet.timestamp(),
                            payload,
                            0,
                            payload.length,
                            packet.arrivalNanos());
            case EVENT -> ear.noteOther(packet.ssrc(), packet.sequence());
        }
    }
}

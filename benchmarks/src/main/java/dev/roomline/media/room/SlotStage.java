package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.leg.SoundPacket;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A packet of one who speaks into a slot, of one browser; beside the class that it measures. */
@State(Scope.Thread)
public class SlotStage {
    private static final long FRAME_NANOS = 20_000_000L;
    private static final int FRAME_TICKS = 960;

    private final SlotForwarder slots =
            new SlotForwarder(
                    new int[] {1, 2, 3, 4, 5, 6},
                    (slot, marker, sequence, timestamp, source, sound) -> this.sent += sequence);
    private final SourceClock clock = new SourceClock();
    private final SoundPacket sound = new SoundPacket();
    private final byte[] payload = new byte[160];
    private long nowNanos = 1_000_000_000L;
    private long sequence;
    private long sent;

    /** Renumbered, with its timestamp on our clock. */
    @Benchmark
    public Object slotForward() {
        nowNanos += FRAME_NANOS;
        sequence++;
        sound.set(
                AudioCodec.PCMU, sequence, sequence * FRAME_TICKS, -20, payload, 0, payload.length);
        clock.onPacket(sound.timestamp(), nowNanos);
        return slots.offer(3, clock, AudioCodec.PCMU, AudioCodec.PCMU, -20, sound, nowNanos);
    }
}

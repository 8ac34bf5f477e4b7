package dev.roomline.media.room;

import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Doubler;
import dev.roomline.media.leg.Voice;
import dev.roomline.media.leg.Workbench;
import org.jspecify.annotations.Nullable;

/**
 * A voice as those browsers of its room get it that do not take its own packets: encoded once to
 * Opus. Owner: the room.
 */
final class SlotVoice implements AutoCloseable {
    private static final int BITS_PER_SECOND = 28_000;
    private static final int EXPECTED_LOSS_PERCENT = 5;

    private final Workbench bench;
    private final byte[] packet = new byte[1_275];
    private @Nullable OpusEncoder encoder;
    private @Nullable Widening widening;
    private long sequence;
    private final SourceClock clock = new SourceClock();

    /** From 8 to 16 kHz. */
    private static final class Widening {
        final Doubler doubler = new Doubler();
        final short[] wide = new short[Voice.WIDE];
    }

    SlotVoice(Workbench bench) {
        this.bench = bench;
    }

    /**
     * Encodes 20 ms at 8 or 16 kHz; returns octets in {@link #packet}. Silence does not come here:
     * the room knows it by the level. The encoder's own DTX would take a steady tone for it.
     */
    int encode(short[] frame) {
        OpusEncoder open = encoder;
        if (open == null) {
            open =
                    bench.codecs()
                            .openOpusEncoder(
                                    new OpusSettings(
                                            16_000,
                                            bench.opusComplexity(),
                                            BITS_PER_SECOND,
                                            true,
                                            EXPECTED_LOSS_PERCENT,
                                            false));
            encoder = open;
        }
        boolean narrow = frame.length == Voice.NARROW;
        short[] wide = narrow ? doubled(frame) : frame;
        int length = open.encode(wide, 0, Voice.WIDE, packet, 0);
        sequence++;
        return length;
    }

    /**
     * Coded at 16 kHz although there is nothing above 4: a browser hears a telephone's tone less
     * clean where the encoder leaves the rest out (FirstCallTest).
     */
    private short[] doubled(short[] frame) {
        Widening to = widening;
        if (to == null) {
            to = new Widening();
            widening = to;
        }
        to.doubler.process(frame, 0, Voice.NARROW, to.wide, 0);
        return to.wide;
    }

    /** How its packets' time, which is our ticks', lies on our clock. */
    SourceClock clock() {
        return clock;
    }

    byte[] packet() {
        return packet;
    }

    /** Of the packet encoded last. */
    long sequence() {
        return sequence;
    }

    @Override
    public void close() {
        if (encoder != null) {
            encoder.close();
            encoder = null;
        }
    }
}

package dev.roomline.media.room;

import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.leg.Workbench;
import org.jspecify.annotations.Nullable;

/**
 * A phone's voice as all browsers of its room get it: encoded once to Opus, at the rate that it
 * came in. Phones whose codec a browser can play itself need not pass here; forwarding them takes
 * this class's place. Owner: the room.
 */
final class SlotVoice implements AutoCloseable {
    private static final int BITS_PER_SECOND = 28_000;
    private static final int EXPECTED_LOSS_PERCENT = 5;

    private final Workbench bench;
    private final byte[] packet = new byte[1_275];
    private @Nullable OpusEncoder encoder;
    private long sequence;

    SlotVoice(Workbench bench) {
        this.bench = bench;
    }

    /**
     * Encodes 20 ms at 8 or 16 kHz; returns octets in {@link #packet}. Silence does not come here:
     * the room knows it by the level. The encoder's own DTX would take a steady tone for it.
     */
    int encode(short[] frame) {
        OpusEncoder open = encoder;
        int sampleRate = 50 * frame.length;
        if (open != null && open.sampleRate() != sampleRate) {
            open.close();
            open = null;
        }
        if (open == null) {
            open =
                    bench.codecs()
                            .openOpusEncoder(
                                    new OpusSettings(
                                            sampleRate,
                                            bench.opusComplexity(),
                                            BITS_PER_SECOND,
                                            true,
                                            EXPECTED_LOSS_PERCENT,
                                            false));
            encoder = open;
        }
        int length = open.encode(frame, 0, frame.length, packet, 0);
        sequence++;
        return length;
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

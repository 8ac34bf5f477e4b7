package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Halver;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dsp.Mix;
import dev.roomline.media.dsp.SoftLimiter;
import dev.roomline.media.leg.Ear;
import dev.roomline.media.leg.Workbench;
import org.jspecify.annotations.Nullable;

/**
 * Everybody but oneself, for each listener: voices are summed once, in 32 bits, and each
 * contributor's own is taken away again. Those who contribute nothing share one encode per codec.
 * Owner: the room.
 *
 * <p>An Opus listener that begins to speak gets a copy of the shared encoder's state, so that its
 * stream goes on without a jump; after some frames of silence of its own it goes back to the shared
 * one. With nobody to share with, its encoder simply becomes the shared one.
 */
final class MixDown implements AutoCloseable {
    private static final int SAMPLES = Ear.FRAME_SAMPLES;
    private static final int NARROW_SAMPLES = SAMPLES / 2;
    private static final int SHARE_AFTER_FRAMES = 5;
    private static final int OPUS_BITS_PER_SECOND = 32_000;
    private static final int OPUS_EXPECTED_LOSS_PERCENT = 5;

    private final Workbench bench;
    private final AudioEncoder pcmu;
    private final AudioEncoder pcma;
    private final int[] sum = new int[SAMPLES];
    private final int[] without = new int[SAMPLES];
    private final short[] wide = new short[SAMPLES];
    private final short[] narrow = new short[NARROW_SAMPLES];
    private final byte[] encoded = new byte[1_275];

    private int voices;

    private final Halver sharedHalver = new Halver();

    /** As it was before this tick. */
    private final Halver sharedHalverBefore = new Halver();

    private final short[] sharedWide = new short[SAMPLES];
    private final short[] sharedNarrow = new short[NARROW_SAMPLES];
    private final Shared sharedPcmu = new Shared();
    private final Shared sharedPcma = new Shared();
    private final Shared sharedOpusPacket = new Shared();
    private boolean sharedLimited;
    private boolean sharedHalved;
    private boolean sharedHalvedBefore;
    private int sharedLevelDbov = Level.SILENCE;
    private @Nullable OpusEncoder sharedOpus;
    private boolean sharedOpusFresh;
    private int opusSharers;

    /** One packet of this tick that several get. */
    private static final class Shared {
        final byte[] octets = new byte[1_275];
        int length;
    }

    MixDown(Workbench bench) {
        this.bench = bench;
        pcmu = bench.codecs().openG711Encoder(AudioCodec.PCMU);
        pcma = bench.codecs().openG711Encoder(AudioCodec.PCMA);
    }

    /** Begins a tick. */
    void begin() {
        Mix.clear(sum, SAMPLES);
        voices = 0;
        sharedLimited = false;
        sharedHalvedBefore = sharedHalved;
        sharedHalved = false;
        sharedPcmu.length = 0;
        sharedPcma.length = 0;
        sharedOpusFresh = sharedOpusPacket.length > 0;
        sharedOpusPacket.length = 0;
    }

    /** Adds a voice of this tick. */
    void add(short[] frame) {
        Mix.add(sum, frame, 0, SAMPLES);
        voices++;
    }

    /** Whether nobody but those {@code own} voices is in the sum. */
    private boolean nothingToHear(boolean contributes) {
        return voices == (contributes ? 1 : 0);
    }

    /**
     * Sends this tick's 20 ms to a listener.
     *
     * @param own its frame if it is in the sum, else null
     */
    void deliver(Listener listener, short @Nullable [] own) {
        if (nothingToHear(own != null)) {
            listener.framesSilent++;
        } else {
            listener.framesSilent = 0;
        }
        listener.framesQuiet = own == null ? listener.framesQuiet + 1 : 0;
        if (listener.framesSilent > Listener.ENCODED_SILENCE_FRAMES) {
            listener.hearer.sendSilence();
            return;
        }
        switch (listener.hearer.mixCodec()) {
            case PCMU -> deliverNarrow(listener, own, pcmu, sharedPcmu);
            case PCMA -> deliverNarrow(listener, own, pcma, sharedPcma);
            case OPUS -> deliverOpus(listener, own);
        }
    }

    private void deliverNarrow(
            Listener listener, short @Nullable [] own, AudioEncoder encoder, Shared shared) {
        if (own == null) {
            limitShared();
            if (listener.apart && !sharedHalvedBefore && !sharedHalved) {
                sharedHalver.copyFrom(listener.halver);
            }
            listener.apart = false;
            halveShared();
            if (shared.length == 0) {
                shared.length = encoder.encode(sharedNarrow, 0, NARROW_SAMPLES, shared.octets, 0);
            }
            listener.hearer.sendMix(shared.octets, 0, shared.length, sharedLevelDbov);
            return;
        }
        limitWithout(own);
        if (!listener.apart && sharedHalvedBefore) {
            // The filter's memory goes along, or the change would click.
            listener.halver.copyFrom(sharedHalved ? sharedHalverBefore : sharedHalver);
        }
        listener.apart = true;
        listener.halver.process(wide, 0, SAMPLES, narrow, 0);
        int length = encoder.encode(narrow, 0, NARROW_SAMPLES, encoded, 0);
        listener.hearer.sendMix(encoded, 0, length, Level.dbov(wide, 0, SAMPLES));
    }

    private void deliverOpus(Listener listener, short @Nullable [] own) {
        OpusEncoder encoder = listener.opus;
        if (own == null && encoder != null && listener.framesQuiet >= SHARE_AFTER_FRAMES) {
            share(listener, encoder);
            encoder = null;
        }
        if (own == null && encoder == null) {
            deliverSharedOpus(listener);
            return;
        }
        if (encoder == null) {
            encoder = takeOwn();
            listener.opus = encoder;
        }
        if (own == null) {
            limitShared();
            System.arraycopy(sharedWide, 0, wide, 0, SAMPLES);
        } else {
            limitWithout(own);
        }
        int length = encoder.encode(wide, 0, SAMPLES, encoded, 0);
        listener.hearer.sendMix(encoded, 0, length, Level.dbov(wide, 0, SAMPLES));
    }

    private void deliverSharedOpus(Listener listener) {
        limitShared();
        if (sharedOpusPacket.length == 0) {
            OpusEncoder encoder = sharedOpus;
            if (encoder == null) {
                encoder = open();
                sharedOpus = encoder;
            }
            sharedOpusPacket.length =
                    encoder.encode(sharedWide, 0, SAMPLES, sharedOpusPacket.octets, 0);
        }
        listener.hearer.sendMix(
                sharedOpusPacket.octets, 0, sharedOpusPacket.length, sharedLevelDbov);
    }

    private void share(Listener listener, OpusEncoder encoder) {
        listener.opus = null;
        OpusEncoder shared = sharedOpus;
        if (shared != null && sharedOpusFresh) {
            encoder.close();
            return;
        }
        // Nobody was sent the shared stream lately: the listener's own goes on as the shared one.
        if (shared != null) {
            shared.close();
        }
        sharedOpus = encoder;
    }

    private OpusEncoder takeOwn() {
        OpusEncoder shared = sharedOpus;
        if (shared == null) {
            return open();
        }
        if (opusSharers <= 1) {
            sharedOpus = null;
            return shared;
        }
        return shared.fork();
    }

    /** How many listeners share the Opus encode, before this tick's deliveries. */
    void setOpusSharers(int listeners) {
        opusSharers = listeners;
    }

    private OpusEncoder open() {
        return bench.codecs()
                .openOpusEncoder(
                        new OpusSettings(
                                16_000,
                                bench.opusComplexity(),
                                OPUS_BITS_PER_SECOND,
                                true,
                                OPUS_EXPECTED_LOSS_PERCENT,
                                false));
    }

    private void limitShared() {
        if (!sharedLimited) {
            SoftLimiter.limit(sum, SAMPLES, sharedWide, 0);
            sharedLevelDbov = Level.dbov(sharedWide, 0, SAMPLES);
            sharedLimited = true;
        }
    }

    private void halveShared() {
        if (!sharedHalved) {
            sharedHalverBefore.copyFrom(sharedHalver);
            sharedHalver.process(sharedWide, 0, SAMPLES, sharedNarrow, 0);
            sharedHalved = true;
        }
    }

    private void limitWithout(short[] own) {
        Mix.minus(sum, own, 0, SAMPLES, without);
        SoftLimiter.limit(without, SAMPLES, wide, 0);
    }

    @Override
    public void close() {
        pcmu.close();
        pcma.close();
        if (sharedOpus != null) {
            sharedOpus.close();
            sharedOpus = null;
        }
    }
}

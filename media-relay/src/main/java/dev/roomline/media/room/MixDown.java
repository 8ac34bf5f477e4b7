package dev.roomline.media.room;

import static dev.roomline.media.dsp.Resampler.NARROW;
import static dev.roomline.media.dsp.Resampler.WIDE;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dsp.Mix;
import dev.roomline.media.dsp.SoftLimiter;
import dev.roomline.media.leg.Voice;
import dev.roomline.media.leg.Workbench;
import org.jspecify.annotations.Nullable;

/**
 * Everybody but oneself, for each listener: voices are summed once, in 32 bits, and each
 * contributor's own is taken away again. Those who contribute nothing share one encode per codec. A
 * listener hears at 8 kHz by G.711 and at 16 by Opus, which leaves out what is above a telephone's
 * band while nobody else has anything there. Owner: the room.
 *
 * <p>An Opus listener that begins to speak gets a copy of the shared encoder's state, so that its
 * stream goes on without a jump; after some frames of silence of its own it goes back to the shared
 * one. With nobody to share with, its encoder simply becomes the shared one.
 */
final class MixDown implements AutoCloseable {
    private static final int SHARE_AFTER_FRAMES = 5;
    private static final int OPUS_HZ = 16_000;
    private static final int OPUS_BITS_PER_SECOND = 32_000;
    private static final int OPUS_EXPECTED_LOSS_PERCENT = 5;

    private final Workbench bench;
    private final AudioEncoder pcmu;
    private final AudioEncoder pcma;
    private final RateSum sum;
    private final int[] without = new int[WIDE];
    private final short[] pcm = new short[WIDE];
    private final byte[] encoded = new byte[1_275];

    private final Shared sharedPcmu = new Shared();
    private final Shared sharedPcma = new Shared();
    private final Shared sharedOpusPacket = new Shared();
    private @Nullable OpusEncoder sharedOpus;
    private boolean sharedOpusFresh;
    private int opusSharers;
    private boolean anyWide = true;

    /** One packet of this tick that several get. */
    private static final class Shared {
        final byte[] octets = new byte[1_275];
        int length;
        int levelDbov;
    }

    MixDown(Workbench bench) {
        this.bench = bench;
        pcmu = bench.codecs().openG711Encoder(AudioCodec.PCMU);
        pcma = bench.codecs().openG711Encoder(AudioCodec.PCMA);
        sum = new RateSum(bench.resampler());
    }

    /** Begins a tick. */
    void begin() {
        sum.begin();
        sharedPcmu.length = 0;
        sharedPcma.length = 0;
        sharedOpusFresh = sharedOpusPacket.length > 0;
        sharedOpusPacket.length = 0;
    }

    /** Adds a voice of this tick. */
    void add(Voice voice) {
        sum.add(voice);
    }

    /**
     * Who listens, before this tick's deliveries.
     *
     * @param sharers how many share the Opus encode
     * @param wideHeard whether anybody in the room may be heard at 16 kHz
     */
    void setListeners(int sharers, boolean wideHeard) {
        opusSharers = sharers;
        anyWide = wideHeard;
    }

    /**
     * Sends this tick's 20 ms to a listener.
     *
     * @param own its voice if it is in the sum, else null
     */
    void deliver(Listener listener, @Nullable Voice own) {
        // nobody but its own voice is in the sum
        boolean nothing = sum.voices() == (own == null ? 0 : 1);
        listener.framesSilent = nothing ? listener.framesSilent + 1 : 0;
        listener.framesQuiet = own == null ? listener.framesQuiet + 1 : 0;
        if (listener.ownOther != null) {
            listener.ownOther.begin();
        }
        if (listener.framesSilent > Listener.ENCODED_SILENCE_FRAMES) {
            listener.hearer.sendSilence();
            return;
        }
        switch (listener.hearer.mixCodec()) {
            case PCMU -> deliverG711(listener, own, pcmu, sharedPcmu);
            case PCMA -> deliverG711(listener, own, pcma, sharedPcma);
            case OPUS -> deliverOpus(listener, own);
        }
    }

    private void deliverG711(
            Listener listener, @Nullable Voice own, AudioEncoder encoder, Shared shared) {
        if (own == null && !hasOther(listener)) {
            if (shared.length == 0) {
                level(sum.narrow(), NARROW, sum.voices());
                shared.length = encoder.encode(pcm, 0, NARROW, shared.octets, 0);
                shared.levelDbov = Level.dbov(pcm, 0, NARROW);
            }
            listener.hearer.sendMix(shared.octets, 0, shared.length, shared.levelDbov);
            return;
        }
        mixFor(listener, own, false);
        int length = encoder.encode(pcm, 0, NARROW, encoded, 0);
        listener.hearer.sendMix(encoded, 0, length, Level.dbov(pcm, 0, NARROW));
    }

    private void deliverOpus(Listener listener, @Nullable Voice own) {
        OpusEncoder encoder = listener.opus;
        boolean alike = listener.wide == anyWide && !hasOther(listener);
        boolean shares = own == null && alike;
        if (shares && encoder != null && listener.framesQuiet >= SHARE_AFTER_FRAMES) {
            share(listener, encoder);
            encoder = null;
        }
        if (shares && encoder == null) {
            deliverSharedOpus(listener);
            return;
        }
        if (encoder == null) {
            encoder = takeOwn();
            listener.opus = encoder;
        }
        encoder.setNarrow(!listener.wide);
        mixFor(listener, own, true);
        int length = encoder.encode(pcm, 0, WIDE, encoded, 0);
        listener.hearer.sendMix(encoded, 0, length, Level.dbov(pcm, 0, WIDE));
    }

    private void deliverSharedOpus(Listener listener) {
        if (sharedOpusPacket.length == 0) {
            OpusEncoder encoder = sharedOpus;
            if (encoder == null) {
                encoder = open();
                sharedOpus = encoder;
            }
            encoder.setNarrow(!anyWide);
            level(sum.wide(), WIDE, sum.voices());
            sharedOpusPacket.length = encoder.encode(pcm, 0, WIDE, sharedOpusPacket.octets, 0);
            sharedOpusPacket.levelDbov = Level.dbov(pcm, 0, WIDE);
        }
        listener.hearer.sendMix(
                sharedOpusPacket.octets, 0, sharedOpusPacket.length, sharedOpusPacket.levelDbov);
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

    private OpusEncoder open() {
        return bench.codecs()
                .openOpusEncoder(
                        new OpusSettings(
                                OPUS_HZ,
                                bench.opusComplexity(),
                                OPUS_BITS_PER_SECOND,
                                true,
                                OPUS_EXPECTED_LOSS_PERCENT,
                                false));
    }

    /** Makes {@link #pcm} what this listener hears. */
    private void mixFor(Listener listener, @Nullable Voice own, boolean wide) {
        int samples = wide ? WIDE : NARROW;
        int[] all = wide ? sum.wide() : sum.narrow();
        System.arraycopy(all, 0, without, 0, samples);
        if (own != null) {
            short[] same = wide ? own.wide() : own.narrow();
            if (same != null) {
                Mix.minus(all, same, 0, samples, without);
            }
            if ((wide ? own.narrow() : own.wide()) != null) {
                addOther(listener, own, wide);
            }
        }
        RateSum other = listener.ownOther;
        if (other != null && !other.isSilent()) {
            int[] filtered = wide ? other.wide() : other.narrow();
            for (int i = 0; i < samples; i++) {
                without[i] -= filtered[i];
            }
        }
        level(without, samples, sum.voices() - (own == null ? 0 : 1));
    }

    private void addOther(Listener listener, Voice own, boolean wide) {
        RateSum other = listener.ownOther;
        if (other == null) {
            other = new RateSum(bench.resampler());
            listener.ownOther = other;
        }
        if (wide) {
            other.addNarrow(own);
        } else {
            other.addWide(own);
        }
    }

    /** An end of what it said at the other rate is still in the sum. */
    private static boolean hasOther(Listener listener) {
        return listener.ownOther != null && !listener.ownOther.isSilent();
    }

    /** One voice alone stays as it is, to the bit; only several can be too loud together. */
    private void level(int[] mixed, int samples, int voices) {
        if (voices <= 1) {
            Mix.clamp(mixed, samples, pcm);
        } else {
            SoftLimiter.limit(mixed, samples, pcm, 0);
        }
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

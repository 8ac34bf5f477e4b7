package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.ForkingEncoder;
import dev.roomline.media.codec.OpusEncoder;
import dev.roomline.media.codec.OpusSettings;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.dsp.Resampler;
import dev.roomline.media.leg.Workbench;
import org.jspecify.annotations.Nullable;

/**
 * What all listeners of one codec and equal wishes hear who contribute nothing: one encode a tick.
 * For codecs whose encoders remember: one that begins to speak gets a copy of the encoder's state,
 * so that its stream goes on without a jump; with nobody to share with, it takes the encoder
 * itself. Owner: the room.
 */
final class SharedEncode implements AutoCloseable {
    private static final int WIDE_HZ = 16_000;
    private static final int TELEPHONE_HZ = 8_000;
    private static final int USUAL_COMPLEXITY = 5;
    private static final int QUICK_COMPLEXITY = 1;
    private static final int QUICK_BITS_PER_SECOND = 28_000;

    private final AudioCodec codec;
    private final OpusWishes wishes;
    private final boolean wide;
    private final Workbench bench;
    private final byte[] octets = new byte[1_275];
    private int length;
    private int levelDbov;
    private @Nullable ForkingEncoder encoder;

    /** The tick before had a packet of it. */
    private boolean fresh;

    private int sharers;

    /** What the worst of them is expected to lose. */
    private int sharersLossPercent;

    /** How many may be sent it this tick, by this encoder or one of their own. */
    private int listeners;

    /**
     * @param wishes that all of its listeners have; of no meaning for other codecs than Opus
     * @param wide of 16 kHz, else of 8, which is for Opus alone
     */
    SharedEncode(AudioCodec codec, OpusWishes wishes, boolean wide, Workbench bench) {
        this.codec = codec;
        this.wishes = wishes;
        this.wide = wide;
        this.bench = bench;
    }

    AudioCodec codec() {
        return codec;
    }

    /** Begins a tick. */
    void begin() {
        fresh = length > 0;
        length = 0;
        sharers = 0;
        sharersLossPercent = 0;
        listeners = 0;
    }

    OpusWishes wishes() {
        return wishes;
    }

    /** Whether it is made of 16 kHz, else of 8. */
    boolean isWide() {
        return wide;
    }

    /** Samples of 20 ms. */
    int samples() {
        return wide ? Resampler.WIDE : Resampler.NARROW;
    }

    /** Somebody listens this tick. */
    void count(Listener listener) {
        listeners++;
        if (listener.encoder(this) == null) {
            sharers++;
            sharersLossPercent =
                    Math.max(sharersLossPercent, listener.hearer.expectedLossPercent());
        }
    }

    /** Whether nobody did this tick. */
    boolean isDeserted() {
        return listeners == 0;
    }

    /** Whether this tick's packet is made. */
    boolean isMade() {
        return length > 0;
    }

    /** Makes this tick's packet. */
    void make(short[] pcm, int level) {
        ForkingEncoder open = encoder;
        if (open == null) {
            open = open();
            encoder = open;
        }
        length = encode(open, pcm, sharersLossPercent, octets);
        levelDbov = level;
    }

    /**
     * Encodes 20 ms.
     *
     * @param lossPercent what its hearers are expected to lose
     */
    int encode(ForkingEncoder encoder, short[] pcm, int lossPercent, byte[] out) {
        if (encoder instanceof OpusEncoder opus) {
            int repairable = wishes.fec() ? lossPercent : 0;
            opus.setExpectedLossPercent(repairable);
            opus.setComplexity(complexity(repairable > 0));
        }
        return encoder.encode(pcm, 0, samples(), out, 0);
    }

    /**
     * A telephone's 4 kHz are understood as well with little search where bits are enough
     * (docs/performance.md), and FEC takes none of them. Whoever configures more than usual gets it
     * everywhere.
     */
    private int complexity(boolean withFec) {
        int told = bench.opusComplexity();
        boolean quick = !wide && !withFec && wishes.bitsPerSecond() >= QUICK_BITS_PER_SECOND;
        return quick && told <= USUAL_COMPLEXITY ? Math.min(told, QUICK_COMPLEXITY) : told;
    }

    /** Sends this tick's packet. */
    void send(Listener listener) {
        listener.sent(levelDbov);
        listener.hearer.sendMix(octets, 0, length, levelDbov);
    }

    /** An encoder for one listener, that goes on from what it has heard. */
    ForkingEncoder takeOwn() {
        ForkingEncoder shared = encoder;
        if (shared == null) {
            return open();
        }
        if (sharers <= 1) {
            encoder = null;
            return shared;
        }
        return shared.fork();
    }

    /** A listener shares again. */
    void giveBack(ForkingEncoder own) {
        ForkingEncoder shared = encoder;
        if (shared != null && (fresh || isMade())) {
            own.close();
            return;
        }
        // Nobody was sent the shared stream lately: the listener's own goes on as the shared one.
        if (shared != null) {
            shared.close();
        }
        encoder = own;
    }

    /**
     * Whether a listener can take what all hear. A decoder of G.722 that begins in the midst of a
     * stream is off for a tenth of a second, and one of Opus that heard others' packets, or those
     * of another rate, knows nothing of the sound that the shared encoder goes on from: they get a
     * beginning of their own, unless the shared one begins, too.
     */
    boolean fits(Listener listener) {
        boolean joins = codec != AudioCodec.G722 && (!listener.beginsAnew || encoder == null);
        return joins || listener.hasHeard(this);
    }

    /** One that begins. */
    ForkingEncoder open() {
        if (codec == AudioCodec.G722) {
            return bench.codecs().openG722Encoder();
        }
        OpusEncoder opus =
                bench.codecs()
                        .openOpusEncoder(
                                new OpusSettings(
                                        wide ? WIDE_HZ : TELEPHONE_HZ,
                                        bench.opusComplexity(),
                                        wishes.bitsPerSecond(),
                                        wishes.fec(),
                                        0,
                                        false));
        opus.setConstantRate(wishes.cbr());
        opus.setPlaybackRate(wide ? wishes.playbackHertz() : TELEPHONE_HZ);
        return opus;
    }

    @Override
    public void close() {
        if (encoder != null) {
            encoder.close();
            encoder = null;
        }
    }
}

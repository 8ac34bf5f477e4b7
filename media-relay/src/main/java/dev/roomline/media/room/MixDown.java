package dev.roomline.media.room;

import static dev.roomline.media.dsp.Resampler.NARROW;
import static dev.roomline.media.dsp.Resampler.WIDE;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioEncoder;
import dev.roomline.media.codec.ForkingEncoder;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.dsp.Level;
import dev.roomline.media.dsp.Mix;
import dev.roomline.media.dsp.SoftLimiter;
import dev.roomline.media.leg.Voice;
import dev.roomline.media.leg.Workbench;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everybody but oneself, for each listener: voices are summed once, in 32 bits, and each
 * contributor's own is taken away again. Those who contribute nothing share one encode per codec. A
 * listener hears at 8 kHz by G.711, at 16 by G.722, and by Opus at 8 while nobody else has anything
 * above a telephone's band, or it plays no more. Owner: the room.
 *
 * <p>A listener by G.722 or Opus that begins to speak gets an encoder of its own from {@link
 * SharedEncode}; after some frames of silence of its own it goes back to the shared one.
 */
final class MixDown implements AutoCloseable {
    private static final int SHARE_AFTER_FRAMES = 5;

    private final Workbench bench;
    private final AudioEncoder pcmu;
    private final AudioEncoder pcma;
    private final RateSum sum;
    private final int[] without = new int[WIDE];
    private final short[] pcm = new short[WIDE];
    private final byte[] encoded = new byte[1_275];

    private final Shared sharedPcmu = new Shared();
    private final Shared sharedPcma = new Shared();
    private final SharedEncode sharedG722;

    /** One for each kind of wishes that somebody has, and rate. */
    private final List<SharedEncode> sharedOpus = new ArrayList<>();

    /** One packet of this tick that several get, by a codec that remembers nothing. */
    private static final class Shared {
        final byte[] octets = new byte[NARROW];
        int length;
        int levelDbov;
    }

    MixDown(Workbench bench) {
        this.bench = bench;
        pcmu = bench.codecs().openG711Encoder(AudioCodec.PCMU);
        pcma = bench.codecs().openG711Encoder(AudioCodec.PCMA);
        sharedG722 = new SharedEncode(AudioCodec.G722, OpusWishes.NONE, true, bench);
        sum = new RateSum(bench.resampler());
    }

    /** Begins a tick. */
    void begin() {
        sum.begin();
        sharedPcmu.length = 0;
        sharedPcma.length = 0;
        sharedG722.begin();
        for (int i = sharedOpus.size() - 1; i >= 0; i--) {
            SharedEncode shared = sharedOpus.get(i);
            if (shared.isDeserted()) {
                shared.close();
                sharedOpus.remove(i);
            } else {
                shared.begin();
            }
        }
    }

    /** Adds a voice of this tick. */
    void add(Voice voice) {
        sum.add(voice);
    }

    /**
     * Somebody will listen, to whom it is known whether it hears anybody wide; all of them before
     * this tick's first {@link #prepare}.
     */
    void expect(Listener listener) {
        listener.chooseRate();
        SharedEncode shared = sharedBy(listener);
        if (shared != null) {
            shared.count(listener);
        }
    }

    /**
     * Gives a listener that shares no longer an encoder of its own; all of them before this tick's
     * first delivery, so that they go on from where the shared one stood then.
     */
    void prepare(Listener listener, @Nullable Voice own) {
        SharedEncode shared = sharedBy(listener);
        if (shared == null || listener.encoder(shared) != null) {
            return;
        }
        if (!shared.fits(listener)) {
            listener.framesQuiet = 0;
            listener.hear(shared, shared.open());
        } else if (!shares(listener, own)) {
            listener.hear(shared, shared.takeOwn());
        }
    }

    /** The same for one to whom {@link #deliverSilence} will be sent. */
    void prepareSilence(Listener listener) {
        SharedEncode shared = sharedBy(listener);
        if (shared != null
                && !sendsCachedSilence(listener, shared.codec())
                && listener.encoder(shared) == null) {
            listener.hear(shared, shared.fits(listener) ? shared.takeOwn() : shared.open());
        }
    }

    private boolean shares(Listener listener, @Nullable Voice own) {
        boolean alone = listener.hearer.dials() || listener.dips();
        return own == null && !hasOther(listener) && !alone;
    }

    /** What is shared by its codec; null: its codec remembers nothing. */
    private @Nullable SharedEncode sharedBy(Listener listener) {
        return switch (listener.hearer.mixCodec()) {
            case PCMU, PCMA -> null;
            case G722 -> sharedG722;
            case OPUS -> sharedOpus(listener);
        };
    }

    private SharedEncode sharedOpus(Listener listener) {
        OpusWishes wishes = listener.hearer.opusWishes();
        boolean wide = listener.encodedWide();
        for (int i = 0; i < sharedOpus.size(); i++) {
            SharedEncode shared = sharedOpus.get(i);
            if (shared.isWide() == wide && shared.wishes().equals(wishes)) {
                return shared;
            }
        }
        SharedEncode shared = new SharedEncode(AudioCodec.OPUS, wishes, wide, bench);
        sharedOpus.add(shared);
        return shared;
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
        AudioCodec codec = listener.hearer.mixCodec();
        if (listener.framesSilent > Listener.ENCODED_SILENCE_FRAMES
                && sendsCachedSilence(listener, codec)) {
            sendCachedSilence(listener);
            return;
        }
        switch (codec) {
            case PCMU -> deliverG711(listener, own, pcmu, sharedPcmu);
            case PCMA -> deliverG711(listener, own, pcma, sharedPcma);
            case G722 -> deliverShared(listener, own, sharedG722);
            case OPUS -> deliverShared(listener, own, sharedOpus(listener));
        }
    }

    /**
     * Sends 20 ms of silence to one who hears nobody now: what was said to it before must not hang
     * on in its decoder.
     */
    void deliverSilence(Listener listener) {
        AudioCodec codec = listener.hearer.mixCodec();
        if (sendsCachedSilence(listener, codec)) {
            listener.forget();
            sendCachedSilence(listener);
            return;
        }
        listener.framesQuiet = 0;
        Arrays.fill(pcm, 0, WIDE, (short) 0);
        switch (codec) {
            case PCMU -> sendOwn(listener, pcmu);
            case PCMA -> sendOwn(listener, pcma);
            case G722 -> sendOwn(listener, sharedG722);
            case OPUS -> sendOwn(listener, sharedOpus(listener));
        }
    }

    private static void sendCachedSilence(Listener listener) {
        listener.sent(Level.SILENCE);
        listener.hearer.sendSilence();
    }

    /** Keys that go as tones are sound, whatever else there is. */
    private static boolean sendsCachedSilence(Listener listener, AudioCodec codec) {
        return hasCachedSilence(codec) && !listener.hearer.dials();
    }

    /**
     * A packet of G.722 means what its decoder has become by all those before: no packet is silence
     * whatever came before (a repeated octet hums), so silence is encoded like any sound.
     */
    private static boolean hasCachedSilence(AudioCodec codec) {
        return switch (codec) {
            case PCMU, PCMA, OPUS -> true;
            case G722 -> false;
        };
    }

    private void deliverG711(
            Listener listener, @Nullable Voice own, AudioEncoder encoder, Shared shared) {
        if (shares(listener, own)) {
            if (shared.length == 0) {
                level(sum.narrow(), NARROW, sum.voices());
                shared.length = encoder.encode(pcm, 0, NARROW, shared.octets, 0);
                shared.levelDbov = Level.dbov(pcm, 0, NARROW);
            }
            listener.hearer.sendMix(shared.octets, 0, shared.length, shared.levelDbov);
            return;
        }
        mixFor(listener, own, false);
        listener.dip(pcm, NARROW);
        sendOwn(listener, encoder);
    }

    /** Sends {@link #pcm} at 8 kHz, and the tones of keys. */
    private void sendOwn(Listener listener, AudioEncoder encoder) {
        dial(listener, NARROW);
        int length = encoder.encode(pcm, 0, NARROW, encoded, 0);
        listener.hearer.sendMix(encoded, 0, length, Level.dbov(pcm, 0, NARROW));
    }

    private void dial(Listener listener, int samples) {
        if (listener.hearer.dials()) {
            listener.hearer.dial(pcm, samples);
        }
    }

    private void deliverShared(Listener listener, @Nullable Voice own, SharedEncode shared) {
        boolean shares = shares(listener, own);
        ForkingEncoder encoder = listener.encoder(shared);
        if (shares && encoder != null && listener.framesQuiet >= SHARE_AFTER_FRAMES) {
            shared.giveBack(encoder);
            encoder = null;
        }
        if (shares && encoder == null) {
            listener.hear(shared, null);
            if (!shared.isMade()) {
                int samples = shared.samples();
                level(shared.isWide() ? sum.wide() : sum.narrow(), samples, sum.voices());
                shared.make(pcm, Level.dbov(pcm, 0, samples));
            }
            shared.send(listener);
            return;
        }
        mixFor(listener, own, shared.isWide());
        listener.dip(pcm, shared.samples());
        sendOwn(listener, shared);
    }

    /** Sends {@link #pcm} by the listener's own encoder, and the tones of keys. */
    private void sendOwn(Listener listener, SharedEncode shared) {
        dial(listener, shared.samples());
        int levelDbov = Level.dbov(pcm, 0, shared.samples());
        listener.sent(levelDbov);
        ForkingEncoder encoder = listener.encoder(shared);
        if (encoder == null) {
            encoder = shared.takeOwn();
            listener.hear(shared, encoder);
        }
        int length = shared.encode(encoder, pcm, listener.hearer.expectedLossPercent(), encoded);
        listener.hearer.sendMix(encoded, 0, length, levelDbov);
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
        sharedG722.close();
        sharedOpus.forEach(SharedEncode::close);
        sharedOpus.clear();
    }
}

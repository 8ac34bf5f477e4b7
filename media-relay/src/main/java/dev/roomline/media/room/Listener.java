package dev.roomline.media.room;

import dev.roomline.media.codec.ForkingEncoder;
import dev.roomline.media.dsp.Fade;
import dev.roomline.media.leg.Hearer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one listener's own mix needs between ticks. While it contributes nothing it hears what all
 * such listeners hear, and has no encoder of its own. Owner: the room.
 */
final class Listener {
    /** Frames of unchanged silence after which the cached packet says the same. */
    static final int ENCODED_SILENCE_FRAMES = 5;

    /** Behind frames in which so little sounds another encoder may go on: nothing rings on. */
    private static final int PAUSE_DBOV = -50;

    private static final int PAUSE_FRAMES = 3;

    /** Without a pause for so long what it hears dips for a moment, so that wide sound is heard. */
    private static final int MOST_FRAMES_WAITED = 50;

    private static final int TELEPHONE_HZ = 8_000;

    final Hearer hearer;

    /** Its own; null while it shares the room's. */
    private @Nullable ForkingEncoder encoder;

    /** Where that is from, and what it shares without one; null before it heard anything. */
    private @Nullable SharedEncode heard;

    /**
     * What it says at the other rate than it hears, which few do: filtered as the sum is, so that
     * it can be taken away again.
     */
    @Nullable RateSum ownOther;

    /** Its decoder has heard other packets than ours: it gets a beginning of its own. */
    boolean beginsAnew;

    /** Somebody else may be heard at 16 kHz. */
    boolean wide;

    /** What it is sent by Opus is encoded from 16 kHz, else from 8. */
    private boolean encodedWide;

    /** Frames in a row that were encoded from 8 kHz although there may be more. */
    private int framesWaited;

    private Dip dip = Dip.NONE;

    /** What a hold that begins or is over makes of this tick's frame. */
    private Dip next = Dip.NONE;

    /** How what it hears is taken back and begins again. */
    private enum Dip {
        NONE,
        OUT,
        IN
    }

    /** Frames in a row in which next to nothing sounded. */
    private int framesPaused;

    /** Frames in a row that it did not contribute to. */
    int framesQuiet;

    /** Frames in a row in which there was nothing to hear. */
    int framesSilent;

    Listener(Hearer hearer) {
        this.hearer = hearer;
    }

    /**
     * Chooses the rate that this tick is encoded from: 8 kHz where nobody has more, or it plays no
     * more. Another encoder knows nothing of what the decoder has heard, and what is filtered is
     * later than what is not: so the rate changes in a pause, and where none comes, in a dip.
     */
    void chooseRate() {
        boolean wanted = wide && hearer.opusWishes().playbackHertz() > TELEPHONE_HZ;
        boolean dipped = dip == Dip.OUT;
        dip = next;
        if (dip == Dip.OUT) {
            return;
        }
        if (wanted == encodedWide || heard == null) {
            framesWaited = 0;
            encodedWide = wanted;
            return;
        }
        if (dipped || framesPaused >= PAUSE_FRAMES) {
            framesWaited = 0;
            encodedWide = wanted;
            beginsAnew = true;
            dip = dipped ? Dip.IN : dip;
        } else if (wanted && ++framesWaited > MOST_FRAMES_WAITED) {
            dip = Dip.OUT;
        }
    }

    /** It is sent a frame of this level. */
    void sent(int levelDbov) {
        framesPaused = levelDbov < PAUSE_DBOV ? framesPaused + 1 : 0;
    }

    /**
     * Tells of a hold, before this tick's rate is chosen.
     *
     * @param out this tick's frame is the last one before it
     * @param in this tick's frame is the first one after it
     */
    void fade(boolean out, boolean in) {
        next = out ? Dip.OUT : in ? Dip.IN : Dip.NONE;
    }

    /** Its decoder has been told of silence that its encoder knows nothing of. */
    void forget() {
        close();
        beginsAnew = true;
    }

    /** Whether what it is sent by Opus is encoded from 16 kHz, else from 8. */
    boolean encodedWide() {
        return encodedWide;
    }

    /** Whether this tick's frame is faded for it alone. */
    boolean dips() {
        return dip != Dip.NONE;
    }

    /** Fades this tick's frame; an encoder sends its last milliseconds with the next one. */
    void dip(short[] pcm, int samples) {
        switch (dip) {
            case NONE -> {
                // it is heard as it is
            }
            case OUT -> {
                Fade.ramp(pcm, 0, samples / 2, 1, 0);
                Arrays.fill(pcm, samples / 2, samples, (short) 0);
            }
            case IN -> {
                Fade.ramp(pcm, 0, samples, 0, 1);
                framesQuiet = 0;
            }
        }
    }

    /** Its own encoder; null while it shares. Of another codec it is of no use any more. */
    @Nullable ForkingEncoder encoder(SharedEncode of) {
        if (heard != of) {
            close();
        }
        return encoder;
    }

    /** Whether it has no encoder of its own. */
    boolean shares() {
        return encoder == null;
    }

    /** Whether it has heard anything of this yet. */
    boolean hasHeard(SharedEncode of) {
        return heard == of;
    }

    /** It hears this from now on: by an encoder of its own, or what all hear. */
    void hear(SharedEncode of, @Nullable ForkingEncoder own) {
        heard = of;
        encoder = own;
    }

    void close() {
        if (encoder != null) {
            encoder.close();
            encoder = null;
        }
        heard = null;
    }
}

package dev.roomline.media.jitter;

import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.dsp.ComfortNoise;
import dev.roomline.media.dsp.Fade;
import dev.roomline.media.dsp.Level;

/**
 * Makes what is played where no packet is: concealment for what was lost, comfort noise for a
 * pause; and joins it to true sound without a click. Owner: its {@link JitterBuffer}.
 */
final class GapFiller {
    /** A codec's own concealment stays at full level for 40 ms and is gone after 120 ms. */
    private static final int CODEC_FULL_MILLIS = 40;

    private static final int CODEC_FADED_MILLIS = 120;

    /** A pause that Opus announced (DTX) is continued by the decoder for so long without news. */
    private static final int CODEC_PAUSE_MILLIS = 3_000;

    /** 10 ms for speech to die away in a pause, 5 ms for it to come back. */
    private static final int TAIL_MILLIS = 10;

    private static final int JOIN_MILLIS = 5;

    /** Halves of a millisecond for which what was made up goes on before it gives way. */
    private static final int HOLD_HALVES = 5;

    private static final double LOUDEST_NOISE_DBOV = -52;

    /** After a loss the background goes on for 2 s: a line that is dead at once alarms. */
    private static final int NOISE_OVER_MILLIS = 2_000;

    /** What repeats itself this clearly is a tone or a vowel: repeating it beats any model. */
    private static final double CLEARLY_PERIODIC = 0.93;

    /** A codec's concealment is led in from the repetition over 5 ms. */
    private static final int LEAD_IN_MILLIS = 5;

    private static final byte[] NO_SPECTRUM = new byte[0];

    /** Samples after which nothing is left of a sound that broke off, nor of its background. */
    final int noiseOver;

    private final int codecFull;
    private final int codecFaded;
    private final int codecPause;
    private final int tailLength;
    private final int holdAndJoin;
    private final int holdLength;
    private final int leadInLength;
    private final Concealer concealer;
    private final ComfortNoise noise;
    private final short[] scratch;
    private double noiseFloorDbov = -65;
    private int tailMade;
    private boolean byCodec;

    /**
     * @param perMilli samples per millisecond: 8 or 16
     */
    GapFiller(int perMilli) {
        noiseOver = NOISE_OVER_MILLIS * perMilli;
        codecFull = CODEC_FULL_MILLIS * perMilli;
        codecFaded = CODEC_FADED_MILLIS * perMilli;
        codecPause = CODEC_PAUSE_MILLIS * perMilli;
        tailLength = TAIL_MILLIS * perMilli;
        holdLength = HOLD_HALVES * perMilli / 2;
        holdAndJoin = holdLength + JOIN_MILLIS * perMilli;
        leadInLength = LEAD_IN_MILLIS * perMilli;
        concealer = new Concealer(perMilli);
        noise = new ComfortNoise(1_000 * perMilli);
        scratch = new short[20 * perMilli];
    }

    /** Continues speech that was lost; returns what the samples are. */
    Playout lose(PlayoutLine line, AudioDecoder decoder, int samples, int made, boolean paused) {
        int at = line.reserve(samples);
        if (paused && made < codecPause && decoder.conceal(line.pcm, at, samples)) {
            byCodec = true;
            line.commit(samples, Playout.COMFORT_NOISE);
            return Playout.COMFORT_NOISE;
        }
        boolean begins = !concealer.isActive();
        open(line);
        // the decoder is asked even where it is not heard: its state must pass over the loss
        byCodec =
                !paused
                        && made < codecFaded
                        && decoder.conceal(line.pcm, at, samples)
                        && concealer.periodicity() < CLEARLY_PERIODIC;
        if (byCodec) {
            leadIn(line, at, samples, begins);
            Fade.ramp(line.pcm, at, samples, codecGain(made), codecGain(made + samples));
            line.commit(samples, Playout.CONCEALED);
            return Playout.CONCEALED;
        }
        setBackground(made);
        noise.generate(line.pcm, at, samples);
        concealer.addTo(line.pcm, at, samples);
        Playout kind = kindAfter(made);
        line.commit(samples, kind);
        return kind;
    }

    private void leadIn(PlayoutLine line, int at, int samples, boolean begins) {
        if (begins) {
            int length = Math.min(leadInLength, samples);
            concealer.generate(scratch, 0, length);
            Fade.cross(scratch, 0, line.pcm, at, length);
            concealer.fade();
        }
    }

    /** The background comes up while the repetition dies away. */
    private void setBackground(int made) {
        if (made >= noiseOver) {
            noise.setLevel(Level.SILENCE);
        } else if (made >= tailLength) {
            useHeardNoise();
        }
    }

    private Playout kindAfter(int made) {
        if (made < concealer.faded) {
            return Playout.CONCEALED;
        }
        return made < noiseOver || !noise.isSilent() ? Playout.COMFORT_NOISE : Playout.SILENCE;
    }

    private float codecGain(int made) {
        return Math.clamp((float) (codecFaded - made) / (codecFaded - codecFull), 0f, 1f);
    }

    /** Lets speech die away into noise: the sender said nothing, so nothing was lost. */
    void pause(PlayoutLine line, int samples, Playout kind) {
        int at = line.reserve(samples);
        open(line);
        noise.generate(line.pcm, at, samples);
        int tail = Math.min(samples, tailLength - tailMade);
        if (tail > 0) {
            concealer.generate(scratch, 0, tail);
            float from = 1f - (float) tailMade / tailLength;
            Fade.ramp(scratch, 0, tail, from, from - (float) tail / tailLength);
            for (int i = 0; i < tail; i++) {
                int sum = line.pcm[at + i] + scratch[i];
                line.pcm[at + i] = (short) Math.clamp(sum, Short.MIN_VALUE, Short.MAX_VALUE);
            }
            tailMade += tail;
            if (tailMade >= tailLength) {
                concealer.fade();
            }
        }
        // what dies away is no silence yet
        line.commit(samples, tail > 0 ? Playout.COMFORT_NOISE : kind);
    }

    /** Begins a gap behind what the line ends with, unless one is open. */
    void open(PlayoutLine line) {
        byCodec = false;
        if (!concealer.isActive()) {
            concealer.start(line.pcm, line.end());
            tailMade = 0;
        }
    }

    /** Ends the gap: moves from what would have followed it to true sound at a place. */
    void join(PlayoutLine line, int at, int samples) {
        // after its own concealment a codec's first frame is smooth already
        if (!byCodec && concealer.isActive()) {
            int length = Math.min(holdAndJoin, samples);
            int hold = Math.min(holdLength, length / 3);
            noise.generate(scratch, 0, length);
            concealer.addTo(scratch, 0, length);
            System.arraycopy(scratch, 0, line.pcm, at, hold);
            Fade.cross(scratch, hold, line.pcm, at + hold, length - hold);
        }
        byCodec = false;
        concealer.stop();
        noise.setLevel(Level.SILENCE);
    }

    /** Makes up nothing more. */
    void stop() {
        byCodec = false;
        concealer.stop();
        noise.setLevel(Level.SILENCE);
    }

    /** Takes the level and spectrum that the sender gave for its pause (RFC 3389 §3). */
    void takeNoise(byte[] payload, int length) {
        noise.setLevel(-(payload[0] & 0x7F));
        noise.setSpectrum(payload, 1, length - 1);
    }

    /** Takes the level of the quietest that was heard for noise, where the sender gave none. */
    void useHeardNoise() {
        noise.setLevel(Math.min(noiseFloorDbov, LOUDEST_NOISE_DBOV));
        noise.setSpectrum(NO_SPECTRUM, 0, 0);
    }

    /** Listens to what is decoded for its background. */
    void hear(short[] pcm, int at, int samples) {
        double meanSquare = Level.meanSquare(pcm, at, samples);
        double level = meanSquare <= 1 ? -90 : Level.ofMeanSquare(meanSquare);
        noiseFloorDbov += level < noiseFloorDbov ? 0.3 * (level - noiseFloorDbov) : 0.05;
    }

    /** Forgets what it heard of a stream; a gap stays open. */
    void forget() {
        noiseFloorDbov = -65;
        noise.setLevel(Level.SILENCE);
    }
}

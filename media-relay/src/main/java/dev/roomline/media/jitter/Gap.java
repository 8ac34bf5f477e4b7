package dev.roomline.media.jitter;

import dev.roomline.media.codec.AudioDecoder;

/**
 * The gap in the sound that is open now: how much was made up for it, and whether it is a loss or a
 * pause. Owner: its {@link Sequencer}.
 */
final class Gap {
    private final PlayoutLine line;
    private final JitterCounts counts;
    private final GapFiller filler;

    /** Samples made up since the last true sound; 0 while there is no gap. */
    private int made;

    /** Of these, what was counted as concealed. */
    private int concealed;

    private boolean lossKnown;
    private boolean undecodable;
    private boolean quiet;
    private boolean codecPaused;

    Gap(PlayoutLine line, JitterCounts counts, int perMilli) {
        this.line = line;
        this.counts = counts;
        filler = new GapFiller(perMilli);
        made = filler.noiseOver;
    }

    boolean isOpen() {
        return made > 0;
    }

    /** Something in it was lost, as later packets say: it is not to be played any more. */
    boolean isLoss() {
        return lossKnown;
    }

    /** A packet of it came and could not be decoded. */
    boolean isUndecodable() {
        return undecodable;
    }

    /** The codec announced a pause (Opus' DTX). */
    boolean isCodecPause() {
        return codecPaused;
    }

    /** What comes next does not continue what is on the line. */
    void open() {
        filler.open(line);
        made = Math.max(made, 1);
    }

    /** The stream begins anew; what is still on the line is faded out. */
    void restart() {
        quiet = false;
        codecPaused = false;
        concealed = 0;
        open();
        filler.forget();
    }

    /** There is none, and nothing that would have to be joined. */
    void none() {
        made = 0;
        concealed = 0;
        lossKnown = false;
        undecodable = false;
        quiet = false;
        codecPaused = false;
        filler.stop();
    }

    void lost() {
        lossKnown = true;
    }

    void undecodable() {
        undecodable = true;
    }

    /** Nothing lies ready. */
    void underflow(AudioDecoder decoder, int samples) {
        if (quiet) {
            pause(samples, Playout.COMFORT_NOISE);
        } else {
            conceal(decoder, samples);
        }
    }

    void conceal(AudioDecoder decoder, int samples) {
        Playout kind = filler.lose(line, decoder, samples, made, codecPaused);
        if (kind == Playout.CONCEALED) {
            counts.concealed += samples;
            concealed += samples;
        }
        made = Math.min(made + samples, 1 << 28);
    }

    /** A copy brought back what was lost: it lies on the line. */
    void recovered(int at, int samples) {
        line.commit(samples, Playout.SPEECH);
        filler.join(line, at, samples);
        made += samples;
        counts.recovered += samples;
    }

    void pause(int samples, Playout kind) {
        filler.pause(line, samples, kind);
        made += samples;
    }

    /** Nothing was lost after all: the sender had paused without a word. */
    void wasPause() {
        counts.concealed -= concealed;
        concealed = 0;
    }

    /** The sender says nothing; its background goes on. */
    void hush() {
        if (!quiet) {
            quiet = true;
            filler.useHeardNoise();
        }
    }

    /** The sender says nothing, and what its background is like (RFC 3389). */
    void takeNoise(byte[] payload, int length) {
        filler.takeNoise(payload, length);
        quiet = true;
        concealed = 0;
    }

    /** True sound lies on the line from a place on: the gap is over. */
    void close(int at, int samples, boolean codecPauses) {
        if (made > 0) {
            filler.join(line, at, samples);
        }
        filler.hear(line.pcm, at, samples);
        made = 0;
        concealed = 0;
        lossKnown = false;
        undecodable = false;
        quiet = false;
        codecPaused = codecPauses;
    }
}

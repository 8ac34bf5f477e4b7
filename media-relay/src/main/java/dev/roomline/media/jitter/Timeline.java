package dev.roomline.media.jitter;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.dsp.Doubler;

/**
 * Where playing stands in the sender's time. Its delay is how far the next sample to be played lies
 * behind the fastest packet; it is held within a band above the target by playing faster or slower,
 * and in pauses by making them shorter or longer. Owner: its {@link JitterBuffer}.
 */
final class Timeline {
    private static final int FRAME = JitterBuffer.FRAME_SAMPLES;
    private static final int PER_MILLI = 16;
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    /** Above the target by so much, playing goes faster: the longest step is 15 ms. */
    private static final double BAND_MILLIS = 16;

    /** More than this is not kept. */
    private static final int ROOM_MILLIS = 500;

    private static final double CLEAR_CORRELATION = 0.9;

    private final PacketRing ring;
    private final DelayEstimate estimate;
    private final PlayoutLine line = new PlayoutLine();
    private final GapFiller filler = new GapFiller();
    private final TimeScale scale = new TimeScale();
    private final Doubler doubler = new Doubler();
    private final short[] narrow = new short[PacketRing.MAX_PAYLOAD];
    private final JitterCounts counts = new JitterCounts();
    private AudioCodec codec;
    private AudioDecoder decoder;

    private boolean anchored;
    private boolean spoken;
    private long nextSequence;

    /** In RTP ticks: where the packet that is decoded next should begin. */
    private long nextTimestamp;

    private long newestTimestamp;
    private int lastTicks;

    /** Samples that stand for time after {@link #nextTimestamp}; negative while play waits. */
    private int gapMade;

    /** Samples made up since the last true sound; 0 while there is no gap. */
    private int made = Concealer.FADED;

    private int concealedInGap;
    private boolean lossKnown;
    private boolean forcedLoss;
    private boolean quiet;
    private boolean codecPaused;
    private double delayMillis;
    private double patience;

    Timeline(PacketRing ring, DelayEstimate estimate, AudioCodec codec, AudioDecoder decoder) {
        this.ring = ring;
        this.estimate = estimate;
        this.codec = codec;
        this.decoder = decoder;
    }

    void useCodec(AudioCodec newCodec, AudioDecoder newDecoder) {
        codec = newCodec;
        decoder = newDecoder;
        doubler.reset();
    }

    /** The stream begins anew; what is still on the line is played and faded out. */
    void restart() {
        anchored = false;
        quiet = false;
        codecPaused = false;
        concealedInGap = 0;
        decoder.reset();
        filler.forget();
    }

    /** Ticks of the RTP clock in nanoseconds; no product here overflows in a century. */
    long nanosOf(long ticks) {
        int rate = codec.clockRate();
        return ticks / rate * SECOND + ticks % rate * SECOND / rate;
    }

    private int samplesOf(long ticks) {
        return Math.clamp(ticks * PER_MILLI * 1_000 / codec.clockRate(), -1 << 28, 1 << 28);
    }

    /** Whether a number's moment has passed. */
    boolean isPast(long sequence) {
        if (anchored && !spoken && sequence < nextSequence) {
            nextSequence = sequence;
        }
        return anchored && sequence < nextSequence;
    }

    void onNewest(long timestamp) {
        newestTimestamp = timestamp;
    }

    /** A packet counted lost has come after all. */
    void onLate() {
        counts.lost--;
    }

    void onOverflow() {
        counts.overflows++;
    }

    int delayMillis() {
        return anchored ? (int) Math.round(delayMillis) : 0;
    }

    JitterReport report(long accepted, long late, long duplicates) {
        return counts.report(accepted, late, duplicates, delayMillis(), estimate.targetMillis());
    }

    Playout pull(long nowNanos, short[] pcm) {
        long first = ring.first(anchored ? nextSequence : 0);
        while (!anchored && first >= 0) {
            if (ring.kind(first) == PacketRing.Kind.OTHER) {
                ring.take(first);
                first = ring.first(first);
            } else {
                anchor(first, nowNanos);
            }
        }
        if (anchored) {
            measure(nowNanos);
            shed();
            adapt();
            while (line.available() < FRAME) {
                step(true);
            }
        } else {
            fillLoss(FRAME - line.available());
        }
        Playout kind = line.play(pcm, FRAME);
        if (kind == Playout.SPEECH || kind == Playout.CONCEALED) {
            counts.played += FRAME;
        }
        return kind;
    }

    /** Begins to play: the first packet waits until it is as old as the target says. */
    private void anchor(long first, long nowNanos) {
        anchored = true;
        spoken = false;
        nextSequence = first;
        nextTimestamp = ring.timestamp(first);
        lastTicks = codec.clockRate() / 50;
        double age = (nowNanos - nanosOf(nextTimestamp) - estimate.baseNanos()) / (double) MILLI;
        double target = estimate.targetMillis();
        gapMade = line.available() - (int) (Math.clamp(target - age, 0, target) * PER_MILLI);
        delayMillis = Math.max(age, target);
    }

    private void measure(long nowNanos) {
        double behind = (nowNanos - estimate.baseNanos() - nanosOf(nextTimestamp)) / (double) MILLI;
        double measured = behind - (double) (gapMade - line.available()) / PER_MILLI;
        // one late tick is not a longer delay
        delayMillis += (measured - delayMillis) / 8;
    }

    /** What lies ready, in milliseconds. */
    private int readyMillis() {
        int ticks = Math.clamp(newestTimestamp + lastTicks - nextTimestamp, 0, 1 << 24);
        return (samplesOf(ticks) - gapMade + line.available()) / PER_MILLI;
    }

    /** Throws away what is more than there is room for: it would be heard half a second late. */
    private void shed() {
        while (readyMillis() > ROOM_MILLIS) {
            long first = ring.first(nextSequence);
            if (first < 0 || ring.first(first + 1) < 0) {
                return;
            }
            int before = readyMillis();
            ring.take(first);
            counts.overflows++;
            long second = ring.first(first + 1);
            nextSequence = second;
            if (ring.kind(second) != PacketRing.Kind.OTHER) {
                nextTimestamp = ring.timestamp(second);
            }
            gapMade = 0;
            delayMillis -= before - readyMillis();
            filler.open(line);
            made = Math.max(made, 1);
        }
    }

    private void adapt() {
        if (made > 0) {
            return;
        }
        int target = estimate.targetMillis();
        double excess = delayMillis - target - BAND_MILLIS;
        double least = CLEAR_CORRELATION - patience;
        if (excess > 0 && readyMillis() >= target) {
            boolean more = true;
            while (more && line.available() < TimeScale.LOOKAHEAD) {
                more = step(false);
            }
            int removed = scale.compress(line, least - excess / 200);
            counts.compressed += removed;
            settle(-removed);
        } else if (delayMillis < target) {
            while (line.available() < FRAME && step(false)) {
                // each step decodes one packet
            }
            int added = scale.stretch(line, least - (target - delayMillis) / 20);
            counts.stretched += added;
            settle(added);
        }
    }

    /** Where no clear period is found the demand falls, so that no signal escapes for long. */
    private void settle(int samples) {
        patience = samples == 0 ? Math.min(patience + 0.02, 1.5) : 0;
        delayMillis += (double) samples / PER_MILLI;
    }

    /**
     * Appends the next piece of sound.
     *
     * @param must whether to make something up if nothing is due
     * @return whether anything was done
     */
    private boolean step(boolean must) {
        long next = ring.first(nextSequence);
        if (next < 0) {
            if (must) {
                underflow(FRAME - line.available());
            }
            return must;
        }
        if (ring.kind(next) == PacketRing.Kind.OTHER) {
            skipOther(next);
            return true;
        }
        int gap = samplesOf(ring.timestamp(next) - nextTimestamp) - gapMade;
        if (gap > 0) {
            if (must) {
                fill(next, gap);
            }
            return must;
        }
        if (ring.kind(next) == PacketRing.Kind.COMFORT_NOISE) {
            takeNoise(next, -gap);
        } else {
            speak(next, -gap);
        }
        return true;
    }

    private void skipOther(long next) {
        ring.take(next);
        counts.lost += next - nextSequence;
        nextSequence = next + 1;
        if (!quiet) {
            quiet = true;
            filler.useHeardNoise();
        }
    }

    private void underflow(int samples) {
        if (quiet) {
            filler.pause(line, samples, Playout.COMFORT_NOISE);
            made += samples;
        } else {
            fillLoss(samples);
        }
        gapMade += samples;
    }

    private void fillLoss(int samples) {
        Playout kind = filler.lose(line, decoder, samples, made, codecPaused);
        if (kind == Playout.CONCEALED) {
            counts.concealed += samples;
            concealedInGap += samples;
        }
        made = Math.min(made + samples, 1 << 28);
    }

    /** Time passes before the next packet's: a pause if its number follows, else a loss. */
    private void fill(long next, int gap) {
        if (next == nextSequence && !forcedLoss) {
            fillPause(gap);
            return;
        }
        lossKnown = true;
        int frame = samplesOf(lastTicks);
        int samples = Math.min(gap, FRAME - line.available());
        if (codec == AudioCodec.OPUS) {
            if (gap == frame && recover(next, gap)) {
                return;
            }
            samples = gap > frame ? Math.min(samples, gap - frame) : samples;
        }
        fillLoss(samples);
        gapMade += samples;
    }

    /** From the copy that the next packet carries of the lost one (RFC 6716 §2.1.7). */
    private boolean recover(long next, int samples) {
        if (ring.kind(next) != PacketRing.Kind.SPEECH) {
            return false;
        }
        int at = line.reserve(samples);
        int got =
                decoder.decodeFec(ring.payload(next), 0, ring.length(next), line.pcm, at, samples);
        if (got <= 0) {
            return false;
        }
        line.commit(got, Playout.SPEECH);
        gapMade += got;
        made += got;
        counts.recovered += got;
        return true;
    }

    private void fillPause(int gap) {
        if (spoken && concealedInGap > 0) {
            // nothing was lost after all: the sender had paused without a word
            counts.concealed -= concealedInGap;
            concealedInGap = 0;
        }
        int target = estimate.targetMillis();
        double excess = delayMillis - target;
        if (excess > BAND_MILLIS / 2 || excess < 0) {
            int skip = (int) Math.min(gap, excess * PER_MILLI);
            gapMade += skip;
            delayMillis -= (double) skip / PER_MILLI;
            gap -= skip;
        }
        if (gap == 0) {
            return;
        }
        int samples = Math.min(gap, FRAME - line.available());
        if (codecPaused) {
            fillLoss(samples);
        } else {
            if (!quiet && spoken) {
                quiet = true;
                filler.useHeardNoise();
            }
            filler.pause(line, samples, spoken ? Playout.COMFORT_NOISE : Playout.SILENCE);
            made += samples;
        }
        gapMade += samples;
    }

    /** RFC 3389 §3: the first octet is the level, 0 to 127 below overload. */
    private void takeNoise(long next, int overlap) {
        ring.take(next);
        counts.lost += next - nextSequence;
        nextSequence = next + 1;
        nextTimestamp = ring.timestamp(next);
        gapMade = overlap;
        filler.setNoiseLevel(-(ring.payload(next)[0] & 0x7F));
        quiet = true;
        spoken = true;
        concealedInGap = 0;
    }

    private void speak(long next, int overlap) {
        ring.take(next);
        counts.lost += next - nextSequence;
        nextSequence = next + 1;
        if (made > 0) {
            doubler.reset();
        }
        int at = line.reserve(2 * PacketRing.MAX_PAYLOAD);
        int samples = decode(next, at);
        if (samples < 0) {
            counts.invalid++;
            forcedLoss = true;
            return;
        }
        line.commit(samples, Playout.SPEECH);
        lastTicks = (int) ((long) samples * codec.clockRate() / (PER_MILLI * 1_000));
        nextTimestamp = ring.timestamp(next) + lastTicks;
        // what was lost and is made up already stays so; what was merely late is played in full
        int cut = lossKnown ? Math.min(overlap, samples) : 0;
        if (cut > 0) {
            line.cut(at, cut);
        }
        if (cut == samples) {
            gapMade = overlap - cut;
            return;
        }
        delayMillis += cut > 0 ? 0 : (double) overlap / PER_MILLI;
        gapMade = 0;
        if (made > 0) {
            filler.join(line, at, samples - cut);
        }
        filler.hear(line.pcm, at, samples - cut);
        endGap();
        codecPaused = codec == AudioCodec.OPUS && ring.length(next) <= 2;
    }

    private void endGap() {
        made = 0;
        concealedInGap = 0;
        lossKnown = false;
        forcedLoss = false;
        quiet = false;
        spoken = true;
    }

    private int decode(long next, int at) {
        byte[] payload = ring.payload(next);
        int length = ring.length(next);
        if (codec == AudioCodec.OPUS) {
            return decoder.decode(payload, 0, length, line.pcm, at);
        }
        int samples = decoder.decode(payload, 0, length, narrow, 0);
        if (samples < 0) {
            return -1;
        }
        doubler.process(narrow, 0, samples, line.pcm, at);
        return 2 * samples;
    }
}

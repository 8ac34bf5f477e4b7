package dev.roomline.media.jitter;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;

/**
 * Where playing stands in the sender's time. Its delay is how far the next sample to be played lies
 * behind the fastest packet; it is held within a band above the target by playing faster or slower,
 * and in pauses by making them shorter or longer. Owner: its {@link JitterBuffer}.
 */
final class Timeline {
    private static final long MILLI = 1_000_000L;

    /** More than this is not kept. */
    private static final int ROOM_MILLIS = 500;

    private final PacketRing ring;
    private final DelayEstimate estimate;
    private final int perMilli;

    /** Samples of 20 ms. */
    private final int frame;

    private final PlayoutLine line;
    private final GapFiller filler;
    private final JitterCounts counts = new JitterCounts();
    private final MissedNumbers missed = new MissedNumbers();
    private final Pace pace;
    private final FecWait fec = new FecWait();
    private final PullPhase phase = new PullPhase();
    private final StreamDecoder stream;

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
    private int made;

    private int concealedInGap;
    private boolean lossKnown;
    private boolean forcedLoss;
    private boolean quiet;
    private boolean codecPaused;

    Timeline(PacketRing ring, DelayEstimate estimate, AudioCodec codec, AudioDecoder decoder) {
        this.ring = ring;
        this.estimate = estimate;
        stream = new StreamDecoder(codec, decoder);
        perMilli = stream.perMilli;
        frame = 20 * perMilli;
        line = new PlayoutLine(perMilli);
        filler = new GapFiller(perMilli);
        pace = new Pace(perMilli, counts);
        made = filler.noiseOver;
    }

    /** Goes on with another codec of the same rate. */
    void useCodec(AudioCodec newCodec, AudioDecoder newDecoder) {
        stream.use(newCodec, newDecoder);
    }

    /** The stream begins anew; what is still on the line is played and faded out. */
    void restart() {
        anchored = false;
        quiet = false;
        codecPaused = false;
        concealedInGap = 0;
        missed.clear();
        stream.decoder().reset();
        openGap();
        filler.forget();
    }

    /** What comes next does not continue what is on the line. */
    private void openGap() {
        filler.open(line);
        made = Math.max(made, 1);
    }

    /** Ticks of the RTP clock in nanoseconds. */
    long nanosOf(long ticks) {
        return stream.nanosOf(ticks);
    }

    long ticksOf(long nanos) {
        return stream.ticksOf(nanos);
    }

    /** What the network asks for, as pulls lie against packets. */
    private int targetMillis() {
        return (int) Math.ceil(phase.leastDelayMillis());
    }

    /** What the network asks for; at least a packet where its copy brings lost ones back. */
    private int jitterMillis() {
        int wanted = estimate.targetMillis();
        if (fec.pays()) {
            int reach = DelayEstimate.LEAST_MILLIS + packetMillis();
            wanted = Math.clamp(reach, wanted, DelayEstimate.MAX_TARGET_MILLIS);
        }
        return wanted - PullPhase.PULL_MILLIS;
    }

    private int packetMillis() {
        return stream.samplesOf(lastTicks) / perMilli;
    }

    private double millisSince(long timestamp, long nowNanos) {
        return (nowNanos - estimate.baseNanos() - nanosOf(timestamp)) / (double) MILLI;
    }

    /** A packet came; whether it carries a copy of the one before it. */
    void onFec(boolean carriesCopy) {
        fec.onPacket(carriesCopy);
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

    /** A packet has come after its moment: it was counted lost, or is a copy of one that came. */
    void onLate(long sequence) {
        if (missed.forgive(sequence)) {
            counts.lost--;
        }
    }

    /** Play goes on with a number; those before it are lost unless they come after all. */
    private void skipTo(long sequence) {
        counts.lost += sequence - nextSequence;
        missed.miss(nextSequence, sequence);
        nextSequence = sequence;
    }

    private void pass(long sequence) {
        skipTo(sequence);
        missed.came(sequence);
        nextSequence = sequence + 1;
    }

    void onOverflow() {
        counts.overflows++;
    }

    int delayMillis() {
        return anchored ? (int) Math.round(pace.delayMillis()) : 0;
    }

    JitterReport report(long accepted, long late, long duplicates) {
        return counts.report(perMilli, accepted, late, duplicates, delayMillis(), targetMillis());
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
        fec.onPull();
        if (anchored) {
            measure(nowNanos);
            shed();
            adapt();
            while (line.available() < frame) {
                step(true);
            }
        } else if (line.available() < frame) {
            // more than a pull may lie ready from before the stream ended
            fillLoss(frame - line.available());
        }
        Playout kind = line.play(pcm, frame);
        if (kind == Playout.SPEECH || kind == Playout.CONCEALED) {
            counts.played += frame;
        }
        return kind;
    }

    /** Begins to play: the first packet waits until it is as old as the target says. */
    private void anchor(long first, long nowNanos) {
        anchored = true;
        phase.forget();
        spoken = false;
        nextSequence = first;
        nextTimestamp = ring.timestamp(first);
        lastTicks = stream.frameTicks();
        double age = millisSince(nextTimestamp, nowNanos);
        phase.onPull(age, packetMillis(), jitterMillis());
        double target = targetMillis();
        gapMade = line.available() - (int) (Math.clamp(target - age, 0, target) * perMilli);
        pace.set(Math.max(age, target));
    }

    private void measure(long nowNanos) {
        phase.onPull(millisSince(newestTimestamp, nowNanos), packetMillis(), jitterMillis());
        double behind = millisSince(nextTimestamp, nowNanos);
        pace.measure(behind - (double) (gapMade - line.available()) / perMilli);
    }

    /** What lies ready, in milliseconds. */
    private int readyMillis() {
        int ticks = Math.clamp(newestTimestamp + lastTicks - nextTimestamp, 0, 1 << 24);
        return (stream.samplesOf(ticks) - gapMade + line.available()) / perMilli;
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
            pass(first);
            skipTo(second);
            if (ring.kind(second) != PacketRing.Kind.OTHER) {
                nextTimestamp = ring.timestamp(second);
            }
            gapMade = 0;
            pace.shift(readyMillis() - before);
            openGap();
        }
    }

    private void adapt() {
        if (made > 0) {
            return;
        }
        int target = targetMillis();
        if (pace.wantsFaster(target, readyMillis())) {
            boolean more = true;
            while (more && line.available() < pace.lookahead()) {
                more = step(false);
            }
            pace.faster(line, target);
        } else if (pace.wantsSlower(target)) {
            while (line.available() < frame && step(false)) {
                // each step decodes one packet
            }
            pace.slower(line, target);
        }
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
                underflow(frame - line.available());
            }
            return must;
        }
        if (ring.kind(next) == PacketRing.Kind.OTHER) {
            skipOther(next);
            return true;
        }
        int gap = stream.samplesOf(ring.timestamp(next) - nextTimestamp) - gapMade;
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
        pass(next);
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
        Playout kind = filler.lose(line, stream.decoder(), samples, made, codecPaused);
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
        fec.onLoss();
        int packet = stream.samplesOf(lastTicks);
        int samples = Math.min(gap, frame - line.available());
        if (stream.isOpus()) {
            if (gap == packet && recover(next, gap)) {
                return;
            }
            samples = gap > packet ? Math.min(samples, gap - packet) : samples;
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
                stream.decoder()
                        .decodeFec(ring.payload(next), 0, ring.length(next), line.pcm, at, samples);
        if (got <= 0) {
            return false;
        }
        line.commit(got, Playout.SPEECH);
        filler.join(line, at, got);
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
        int target = targetMillis();
        double excess = pace.delayMillis() - target;
        if (excess > Pace.BAND_MILLIS / 2 || excess < 0) {
            int skip = (int) Math.min(gap, excess * perMilli);
            gapMade += skip;
            pace.shift(-(double) skip / perMilli);
            gap -= skip;
        }
        if (gap == 0) {
            return;
        }
        int samples = Math.min(gap, frame - line.available());
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

    private void takeNoise(long next, int overlap) {
        ring.take(next);
        pass(next);
        nextTimestamp = ring.timestamp(next);
        gapMade = overlap;
        filler.takeNoise(ring.payload(next), ring.length(next));
        quiet = true;
        spoken = true;
        concealedInGap = 0;
    }

    private void speak(long next, int overlap) {
        ring.take(next);
        pass(next);
        int at = line.reserve(stream.mostSamples());
        int samples = stream.decode(ring.payload(next), ring.length(next), line.pcm, at);
        if (samples < 0) {
            counts.invalid++;
            forcedLoss = true;
            return;
        }
        line.commit(samples, Playout.SPEECH);
        lastTicks = stream.ticksOfSamples(samples);
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
        pace.shift(cut > 0 ? 0 : (double) overlap / perMilli);
        gapMade = 0;
        if (made > 0) {
            filler.join(line, at, samples - cut);
        }
        filler.hear(line.pcm, at, samples - cut);
        endGap();
        codecPaused = stream.isOpus() && ring.length(next) <= 2;
    }

    private void endGap() {
        made = 0;
        concealedInGap = 0;
        lossKnown = false;
        forcedLoss = false;
        quiet = false;
        spoken = true;
    }
}

package dev.roomline.media.jitter;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import java.util.Arrays;

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
    private final JitterCounts counts = new JitterCounts();
    private final PlayedNumbers numbers = new PlayedNumbers(counts);
    private final Gap gap;
    private final Pace pace;
    private final FecWait fec = new FecWait();
    private final PullPhase phase = new PullPhase();
    private final StreamDecoder stream;

    private boolean anchored;
    private boolean spoken;

    /** What comes first goes on from what its hearers have heard already: it is not faded in. */
    private boolean unfaded;

    /** In RTP ticks: where the packet that is decoded next should begin. */
    private long nextTimestamp;

    private long newestTimestamp;
    private int lastTicks;

    /** Samples that stand for time after {@link #nextTimestamp}; negative while play waits. */
    private int gapMade;

    Timeline(PacketRing ring, DelayEstimate estimate, AudioCodec codec, AudioDecoder decoder) {
        this.ring = ring;
        this.estimate = estimate;
        stream = new StreamDecoder(codec, decoder);
        perMilli = stream.perMilli;
        frame = 20 * perMilli;
        line = new PlayoutLine(perMilli);
        gap = new Gap(line, counts, perMilli);
        pace = new Pace(perMilli, counts);
    }

    /** Goes on with another codec of the same rate. */
    void useCodec(AudioCodec newCodec, AudioDecoder newDecoder) {
        stream.use(newCodec, newDecoder);
    }

    /** The stream begins anew; what is still on the line is played and faded out. */
    void restart() {
        anchored = false;
        unfaded = false;
        numbers.forget();
        stream.decoder().reset();
        gap.restart();
    }

    /** What comes first is played as it is, after nothing at all. */
    void beginUnfaded() {
        unfaded = true;
        line.clear();
        gap.none();
    }

    /** The decoder hears what was before; nobody else does. */
    void warm(byte[] payload, int offset, int length) {
        int at = line.reserve(stream.mostSamples());
        stream.decoder().decode(payload, offset, length, line.pcm, at);
    }

    /** The number that is decoded next; of no meaning before anything was played. */
    long nextNumber() {
        return numbers.next();
    }

    /** Samples that are still to be played before that number's first. */
    int samplesBeforeNext() {
        return line.available() - gapMade;
    }

    boolean isPlaying() {
        return anchored;
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
        if (anchored && !spoken && sequence < numbers.next()) {
            numbers.begin(sequence);
        }
        return anchored && sequence < numbers.next();
    }

    void onNewest(long timestamp) {
        newestTimestamp = timestamp;
    }

    /** A packet has come after its moment: it was counted lost, or is a copy of one that came. */
    void onLate(long sequence) {
        numbers.onLate(sequence);
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
        long first = ring.first(anchored ? numbers.next() : 0);
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
            int samples = frame - line.available();
            if (unfaded) {
                silence(samples);
            } else {
                gap.conceal(stream.decoder(), samples);
            }
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
        numbers.begin(first);
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
            long first = ring.first(numbers.next());
            if (first < 0 || ring.first(first + 1) < 0) {
                return;
            }
            int before = readyMillis();
            ring.take(first);
            counts.overflows++;
            long second = ring.first(first + 1);
            numbers.pass(first);
            numbers.skipTo(second);
            if (ring.kind(second) != PacketRing.Kind.OTHER) {
                nextTimestamp = ring.timestamp(second);
            }
            gapMade = 0;
            pace.shift(readyMillis() - before);
            gap.open();
        }
    }

    private void adapt() {
        if (gap.isOpen()) {
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
        long next = ring.first(numbers.next());
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
        int ahead = stream.samplesOf(ring.timestamp(next) - nextTimestamp) - gapMade;
        if (ahead > 0) {
            if (must) {
                fill(next, ahead);
            }
            return must;
        }
        if (ring.kind(next) == PacketRing.Kind.COMFORT_NOISE) {
            takeNoise(next, -ahead);
        } else {
            speak(next, -ahead);
        }
        return true;
    }

    private void skipOther(long next) {
        ring.take(next);
        numbers.pass(next);
        gap.hush();
    }

    private void underflow(int samples) {
        gap.underflow(stream.decoder(), samples);
        gapMade += samples;
    }

    /** Time passes before the next packet's: a pause if its number follows, else a loss. */
    private void fill(long next, int ahead) {
        if (next == numbers.next() && !gap.isUndecodable()) {
            fillPause(ahead);
            return;
        }
        gap.lost();
        fec.onLoss();
        int packet = stream.samplesOf(lastTicks);
        int samples = Math.min(ahead, frame - line.available());
        if (stream.isOpus()) {
            if (ahead == packet && recover(next, ahead)) {
                return;
            }
            samples = ahead > packet ? Math.min(samples, ahead - packet) : samples;
        }
        gap.conceal(stream.decoder(), samples);
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
        gap.recovered(at, got);
        gapMade += got;
        return true;
    }

    private void fillPause(int ahead) {
        if (spoken) {
            gap.wasPause();
        }
        int left = ahead;
        double excess = pace.delayMillis() - targetMillis();
        if (excess > Pace.BAND_MILLIS / 2 || excess < 0) {
            int skip = (int) Math.min(left, excess * perMilli);
            gapMade += skip;
            pace.shift(-(double) skip / perMilli);
            left -= skip;
        }
        if (left == 0) {
            return;
        }
        int samples = Math.min(left, frame - line.available());
        if (gap.isCodecPause()) {
            gap.conceal(stream.decoder(), samples);
        } else if (spoken) {
            gap.hush();
            gap.pause(samples, Playout.COMFORT_NOISE);
        } else if (unfaded) {
            silence(samples);
        } else {
            gap.pause(samples, Playout.SILENCE);
        }
        gapMade += samples;
    }

    private void silence(int samples) {
        int at = line.reserve(samples);
        Arrays.fill(line.pcm, at, at + samples, (short) 0);
        line.commit(samples, Playout.SILENCE);
    }

    private void takeNoise(long next, int overlap) {
        ring.take(next);
        numbers.pass(next);
        nextTimestamp = ring.timestamp(next);
        gapMade = overlap;
        gap.takeNoise(ring.payload(next), ring.length(next));
        spoken = true;
    }

    private void speak(long next, int overlap) {
        ring.take(next);
        numbers.pass(next);
        int at = line.reserve(stream.mostSamples());
        int samples = stream.decode(ring.payload(next), ring.length(next), line.pcm, at);
        if (samples < 0) {
            counts.invalid++;
            gap.undecodable();
            return;
        }
        line.commit(samples, Playout.SPEECH);
        lastTicks = stream.ticksOfSamples(samples);
        nextTimestamp = ring.timestamp(next) + lastTicks;
        // what was lost and is made up already stays so; what was merely late is played in full
        int cut = gap.isLoss() ? Math.min(overlap, samples) : 0;
        if (cut > 0) {
            line.cut(at, cut);
        }
        if (cut == samples) {
            gapMade = overlap - cut;
            return;
        }
        pace.shift(cut > 0 ? 0 : (double) overlap / perMilli);
        gapMade = 0;
        spoken = true;
        unfaded = false;
        gap.close(at, samples - cut, stream.isOpus() && ring.length(next) <= 2);
    }
}

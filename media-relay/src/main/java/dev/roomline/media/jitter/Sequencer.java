package dev.roomline.media.jitter;

import java.util.Arrays;

/**
 * Puts sound on the line in the sender's order and time: packets as they follow one another, and
 * between them what fills a pause or stands for what was lost. Owner: its {@link Timeline}.
 */
final class Sequencer {
    private final PacketRing ring;
    private final StreamDecoder stream;
    private final PlayoutLine line;
    private final JitterCounts counts;
    private final Pace pace;
    private final DelayTarget target;
    private final PlayedNumbers numbers;
    private final Gap gap;
    private final int perMilli;

    /** Samples of a pull. */
    private final int frame;

    private boolean spoken;

    /** What comes first goes on from what its hearers have heard already: it is not faded in. */
    private boolean unfaded;

    /** In RTP ticks: where the packet that is decoded next should begin. */
    private long nextTimestamp;

    private int lastTicks;

    /** Samples that stand for time after {@link #nextTimestamp}; negative while play waits. */
    private int gapMade;

    Sequencer(
            PacketRing ring,
            StreamDecoder stream,
            PlayoutLine line,
            JitterCounts counts,
            Pace pace,
            DelayTarget target) {
        this.ring = ring;
        this.stream = stream;
        this.line = line;
        this.counts = counts;
        this.pace = pace;
        this.target = target;
        perMilli = stream.perMilli;
        frame = PullPhase.PULL_MILLIS * perMilli;
        numbers = new PlayedNumbers(counts);
        gap = new Gap(line, counts, perMilli);
    }

    /** The stream begins anew; what is still on the line is played and faded out. */
    void restart() {
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

    /** Nothing of the stream is to be played yet: what there was before ends. */
    void idle(int samples) {
        if (unfaded) {
            silence(samples);
        } else {
            gap.conceal(stream.decoder(), samples);
        }
    }

    /** Play begins with this packet. */
    void begin(long first) {
        spoken = false;
        numbers.begin(first);
        nextTimestamp = ring.timestamp(first);
        lastTicks = stream.frameTicks();
    }

    /** The first packet is to be heard so many samples from now. */
    void putOff(int samples) {
        gapMade = line.available() - samples;
    }

    /** The number that is decoded next; of no meaning before anything was played. */
    long nextNumber() {
        return numbers.next();
    }

    long nextTimestamp() {
        return nextTimestamp;
    }

    /** Samples that are still to be played before that number's first. */
    int samplesBeforeNext() {
        return line.available() - gapMade;
    }

    /** How long packets are, as the last one was. */
    int packetMillis() {
        return stream.samplesOf(lastTicks) / perMilli;
    }

    /** What lies ready, in milliseconds. */
    int readyMillis(long newestTimestamp) {
        int ticks = Math.clamp(newestTimestamp + lastTicks - nextTimestamp, 0, 1 << 24);
        return (stream.samplesOf(ticks) + samplesBeforeNext()) / perMilli;
    }

    boolean isInGap() {
        return gap.isOpen();
    }

    /** Whether a number's moment has passed; before any was heard none's has. */
    boolean isPast(long sequence) {
        if (!spoken && sequence < numbers.next()) {
            numbers.begin(sequence);
        }
        return sequence < numbers.next();
    }

    /** A packet has come after its moment: it was counted lost, or is a copy of one that came. */
    void onLate(long sequence) {
        numbers.onLate(sequence);
    }

    /** Throws the next packet away; false if there is none behind it. */
    boolean dropNext() {
        long first = ring.first(numbers.next());
        if (first < 0 || ring.first(first + 1) < 0) {
            return false;
        }
        ring.take(first);
        long second = ring.first(first + 1);
        numbers.pass(first);
        numbers.skipTo(second);
        if (ring.kind(second) != PacketRing.Kind.OTHER) {
            nextTimestamp = ring.timestamp(second);
        }
        gapMade = 0;
        gap.open();
        return true;
    }

    /**
     * Appends the next piece of sound.
     *
     * @param must whether to make something up if nothing is due
     * @return whether anything was done
     */
    boolean step(boolean must) {
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
        target.onLoss();
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
        double excess = pace.delayMillis() - target.millis();
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

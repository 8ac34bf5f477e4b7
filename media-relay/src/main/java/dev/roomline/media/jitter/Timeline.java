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
    private final JitterCounts counts = new JitterCounts();
    private final Pace pace;
    private final DelayTarget target;
    private final StreamDecoder stream;
    private final Sequencer sequencer;
    private boolean anchored;
    private long newestTimestamp;

    Timeline(PacketRing ring, DelayEstimate estimate, AudioCodec codec, AudioDecoder decoder) {
        this.ring = ring;
        this.estimate = estimate;
        stream = new StreamDecoder(codec, decoder);
        perMilli = stream.perMilli;
        frame = PullPhase.PULL_MILLIS * perMilli;
        line = new PlayoutLine(perMilli);
        pace = new Pace(perMilli, counts);
        target = new DelayTarget(estimate);
        sequencer = new Sequencer(ring, stream, line, counts, pace, target);
    }

    /** Goes on with another codec of the same rate. */
    void useCodec(AudioCodec newCodec, AudioDecoder newDecoder) {
        stream.use(newCodec, newDecoder);
    }

    /** The stream begins anew; what is still on the line is played and faded out. */
    void restart() {
        anchored = false;
        sequencer.restart();
    }

    /** What comes first is played as it is, after nothing at all. */
    void beginUnfaded() {
        sequencer.beginUnfaded();
    }

    /** The decoder hears what was before; nobody else does. */
    void warm(byte[] payload, int offset, int length) {
        sequencer.warm(payload, offset, length);
    }

    /** The number that is decoded next; of no meaning before anything was played. */
    long nextNumber() {
        return sequencer.nextNumber();
    }

    /** Samples that are still to be played before that number's first. */
    int samplesBeforeNext() {
        return sequencer.samplesBeforeNext();
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

    private double millisSince(long timestamp, long nowNanos) {
        return (nowNanos - estimate.baseNanos() - nanosOf(timestamp)) / (double) MILLI;
    }

    /** A packet came; whether it carries a copy of the one before it. */
    void onFec(boolean carriesCopy) {
        target.onPacket(carriesCopy);
    }

    /** Whether a number's moment has passed. */
    boolean isPast(long sequence) {
        return anchored && sequencer.isPast(sequence);
    }

    void onNewest(long timestamp) {
        newestTimestamp = timestamp;
    }

    /** A packet has come after its moment: it was counted lost, or is a copy of one that came. */
    void onLate(long sequence) {
        sequencer.onLate(sequence);
    }

    void onOverflow() {
        counts.overflows++;
    }

    int delayMillis() {
        return anchored ? (int) Math.round(pace.delayMillis()) : 0;
    }

    JitterReport report(long accepted, long late, long duplicates) {
        return counts.report(perMilli, accepted, late, duplicates, delayMillis(), target.millis());
    }

    Playout pull(long nowNanos, short[] pcm) {
        long first = ring.first(anchored ? sequencer.nextNumber() : 0);
        while (!anchored && first >= 0) {
            if (ring.kind(first) == PacketRing.Kind.OTHER) {
                ring.take(first);
                first = ring.first(first);
            } else {
                anchor(first, nowNanos);
            }
        }
        target.onPull();
        if (anchored) {
            measure(nowNanos);
            shed();
            adapt();
            while (line.available() < frame) {
                sequencer.step(true);
            }
        } else if (line.available() < frame) {
            // more than a pull may lie ready from before the stream ended
            sequencer.idle(frame - line.available());
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
        sequencer.begin(first);
        double age = millisSince(sequencer.nextTimestamp(), nowNanos);
        target.begin(age, sequencer.packetMillis());
        double wanted = target.millis();
        sequencer.putOff((int) (Math.clamp(wanted - age, 0, wanted) * perMilli));
        pace.set(Math.max(age, wanted));
    }

    private void measure(long nowNanos) {
        target.measure(millisSince(newestTimestamp, nowNanos), sequencer.packetMillis());
        double behind = millisSince(sequencer.nextTimestamp(), nowNanos);
        pace.measure(behind + (double) sequencer.samplesBeforeNext() / perMilli);
    }

    /** Throws away what is more than there is room for: it would be heard half a second late. */
    private void shed() {
        int ready = sequencer.readyMillis(newestTimestamp);
        while (ready > ROOM_MILLIS && sequencer.dropNext()) {
            counts.overflows++;
            int left = sequencer.readyMillis(newestTimestamp);
            pace.shift(left - ready);
            ready = left;
        }
    }

    private void adapt() {
        if (sequencer.isInGap()) {
            return;
        }
        int wanted = target.millis();
        if (pace.wantsFaster(wanted, sequencer.readyMillis(newestTimestamp))) {
            boolean more = true;
            while (more && line.available() < pace.lookahead()) {
                more = sequencer.step(false);
            }
            pace.faster(line, wanted);
        } else if (pace.wantsSlower(wanted)) {
            while (line.available() < frame && sequencer.step(false)) {
                // each step decodes one packet
            }
            pace.slower(line, wanted);
        }
    }
}

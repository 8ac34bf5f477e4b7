package dev.roomline.media.jitter;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.AudioDecoder;
import dev.roomline.media.codec.OpusPacket;
import dev.roomline.media.rtp.Sequences;

/**
 * Turns packets as the network brings them into an even flow of sound: {@link #insert} whenever one
 * comes, {@link #pull} every 20 ms. What waits lies in a {@link PacketRing}; {@link Sequencer}
 * makes sound of it and fills gaps, {@link Timeline} says when; {@link DelayEstimate} says how long
 * to wait. Owner: the media loop of the leg.
 */
public final class JitterBuffer {
    /** The most samples per {@link #pull}: 20 ms at 16 kHz. */
    public static final int MOST_SAMPLES = 320;

    /** Larger payloads are not taken. */
    public static final int MOST_OCTETS = PacketRing.MAX_PAYLOAD;

    /** RFC 3550 §A.1: beyond these a packet is of another stream until a second one agrees. */
    private static final int MAX_DROPOUT = 3_000;

    static final int MAX_MISORDER = 1_000;

    /** Extended sequence numbers begin at the second cycle, so none is ever negative. */
    private static final long FIRST_CYCLE = 1L << 16;

    private static final byte[] NO_SOUND = new byte[0];

    private final PacketRing ring = new PacketRing();
    private final DelayEstimate estimate = new DelayEstimate();
    private final SenderClock clock = new SenderClock();
    private final Timeline timeline;
    private final OpusPacket opusView = new OpusPacket();
    private final int sampleRate;
    private AudioCodec codec;
    private boolean hasStream;
    private int ssrc;
    private long highestSequence;
    private int oddSequence = -1;
    private boolean oddClock;
    private long accepted;
    private long late;
    private long duplicates;

    /**
     * @param codec what the packets carry
     * @param decoder of that codec; stays the caller's to close
     */
    public JitterBuffer(AudioCodec codec, AudioDecoder decoder) {
        this.codec = codec;
        sampleRate = decoder.sampleRate();
        timeline = new Timeline(ring, estimate, codec, decoder);
    }

    /**
     * Of what is handed out: that of the codec's decoder, 8000 for G.711, 16000 for G.722 and Opus.
     */
    public int sampleRate() {
        return sampleRate;
    }

    /**
     * The peer changed to another codec (payload type) of the same stream: what is buffered is
     * dropped, and the new one is faded in.
     *
     * @param decoder of the same rate: another rate wants another buffer
     */
    public void switchCodec(AudioCodec newCodec, AudioDecoder decoder) {
        if (decoder.sampleRate() != sampleRate) {
            throw new IllegalArgumentException("another rate wants another buffer");
        }
        codec = newCodec;
        timeline.useCodec(newCodec, decoder);
        reset();
    }

    /**
     * Takes one packet of the codec; the payload is copied. A new SSRC begins a new stream.
     *
     * @param timestamp in the codec's RTP clock
     */
    public Insertion insert(
            int packetSsrc,
            int sequence,
            int timestamp,
            boolean marker,
            byte[] payload,
            int offset,
            int length,
            long arrivalNanos) {
        if (length <= 0
                || length > PacketRing.MAX_PAYLOAD
                || (codec == AudioCodec.OPUS && !opusView.parse(payload, offset, length))) {
            return Insertion.INVALID;
        }
        if (codec == AudioCodec.OPUS) {
            timeline.onFec(opusView.hasFec());
        }
        return take(
                PacketRing.Kind.SPEECH,
                packetSsrc,
                sequence,
                timestamp,
                marker,
                payload,
                offset,
                length,
                arrivalNanos);
    }

    /** Takes a comfort noise packet (RFC 3389). */
    public Insertion insertComfortNoise(
            int packetSsrc,
            int sequence,
            int timestamp,
            byte[] payload,
            int offset,
            int length,
            long arrivalNanos) {
        if (length <= 0 || length > PacketRing.MAX_PAYLOAD) {
            return Insertion.INVALID;
        }
        return take(
                PacketRing.Kind.COMFORT_NOISE,
                packetSsrc,
                sequence,
                timestamp,
                false,
                payload,
                offset,
                length,
                arrivalNanos);
    }

    /**
     * Notes that this sequence number carried something that is no sound (telephone-event), so that
     * it is not counted lost and the pause is not concealed.
     */
    public void noteOther(int packetSsrc, int sequence) {
        if (!hasStream || packetSsrc != ssrc) {
            return;
        }
        long extended = Sequences.extend(highestSequence, sequence);
        if (Math.abs(extended - highestSequence) < PacketRing.SLOTS
                && !timeline.isPast(extended)
                && !ring.knows(extended)) {
            ring.put(extended, 0, PacketRing.Kind.OTHER, NO_SOUND, 0, 0);
            highestSequence = Math.max(highestSequence, extended);
        }
    }

    private Insertion take(
            PacketRing.Kind kind,
            int packetSsrc,
            int sequence,
            int timestamp,
            boolean marker,
            byte[] payload,
            int offset,
            int length,
            long arrivalNanos) {
        if (hasStream && packetSsrc != ssrc) {
            reset();
        }
        if (hasStream && isOddSequence(sequence)) {
            if (sequence != oddSequence) {
                oddSequence = Sequences.next(sequence);
                late++;
                return Insertion.LATE;
            }
            reset();
        }
        oddSequence = -1;
        long time = 0;
        if (hasStream) {
            time = timeOf(sequence, timestamp, marker, arrivalNanos);
            if (estimate.isNewClock(arrivalNanos - timeline.nanosOf(time))) {
                if (!oddClock) {
                    oddClock = true;
                    late++;
                    return Insertion.LATE;
                }
                reset();
            }
        }
        oddClock = false;
        if (!hasStream) {
            begin(packetSsrc, sequence, timestamp);
            time = clock.timeOf(timestamp);
        }
        return place(kind, sequence, time, payload, offset, length, arrivalNanos);
    }

    private long timeOf(int sequence, int timestamp, boolean marker, long arrivalNanos) {
        long time = clock.timeOf(timestamp);
        long lateNanos = estimate.lateNanos(arrivalNanos - timeline.nanosOf(time));
        long steps = Sequences.extend(highestSequence, sequence) - highestSequence;
        return clock.even(time, steps, marker, lateNanos, timeline.ticksOf(lateNanos));
    }

    private boolean isOddSequence(int sequence) {
        int ahead = Sequences.difference(sequence, (int) highestSequence);
        return ahead > MAX_DROPOUT || ahead < -MAX_MISORDER;
    }

    private void begin(int packetSsrc, int sequence, int timestamp) {
        hasStream = true;
        ssrc = packetSsrc;
        highestSequence = FIRST_CYCLE + sequence;
        clock.begin(timestamp, codec.clockRate() / 50);
    }

    private Insertion place(
            PacketRing.Kind kind,
            int sequence,
            long time,
            byte[] payload,
            int offset,
            int length,
            long arrivalNanos) {
        long extended = Sequences.extend(highestSequence, sequence);
        if (ring.knows(extended)) {
            duplicates++;
            return Insertion.DUPLICATE;
        }
        estimate.onPacket(arrivalNanos - timeline.nanosOf(time), arrivalNanos);
        if (timeline.isPast(extended)) {
            late++;
            timeline.onLate(extended);
            return Insertion.LATE;
        }
        boolean room = ring.put(extended, time, kind, payload, offset, length);
        if (extended >= highestSequence) {
            clock.onNewest(time, extended - highestSequence);
            highestSequence = extended;
            timeline.onNewest(time);
        }
        accepted++;
        if (!room) {
            timeline.onOverflow();
        }
        return room ? Insertion.ACCEPTED : Insertion.OVERFLOW;
    }

    /**
     * Hands out the next 20 ms.
     *
     * @param pcm receives 20 ms at {@link #sampleRate}
     */
    public Playout pull(long nowNanos, short[] pcm) {
        return timeline.pull(nowNanos, pcm);
    }

    /**
     * Decodes a packet that came before what will be played, so that the decoder is as if it had
     * always listened; nobody hears it.
     */
    public void warm(byte[] payload, int offset, int length) {
        if (codec != AudioCodec.OPUS || opusView.parse(payload, offset, length)) {
            timeline.warm(payload, offset, length);
        }
    }

    /**
     * After a {@link #reset}: what comes first is played from its first sample on as it is, since
     * whoever hears it has heard what was before it.
     */
    public void beginUnfaded() {
        timeline.beginUnfaded();
    }

    /** Whether anything of the stream has been played, or is about to be. */
    public boolean isPlaying() {
        return timeline.isPlaying();
    }

    /** The sequence number that is played after what is decoded already. */
    public int nextSequence() {
        return (int) timeline.nextNumber() & 0xFFFF;
    }

    /** Samples that are still to be played before the first of {@link #nextSequence}. */
    public int samplesBeforeNext() {
        return timeline.samplesBeforeNext();
    }

    /** The delay that it adds now, in milliseconds. */
    public int delayMillis() {
        return timeline.delayMillis();
    }

    /** The figures so far; allocates. */
    public JitterReport report() {
        return timeline.report(accepted, late, duplicates);
    }

    /** Forgets the stream but not the figures: after hold, or when a slot gets another source. */
    public void reset() {
        hasStream = false;
        oddClock = false;
        oddSequence = -1;
        ring.clear();
        estimate.forgetClock();
        timeline.restart();
    }
}

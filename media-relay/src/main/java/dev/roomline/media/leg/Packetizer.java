package dev.roomline.media.leg;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.rtcp.SendStatistics;
import dev.roomline.media.rtp.RtpWriter;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Makes one outgoing RTP stream of 20 ms frames: packs or splits G.711 and G.722 to the peer's
 * ptime (10 to 60 ms), numbers packets, and keeps the clock running through what is not sent.
 * Owner: the leg's media loop.
 */
final class Packetizer {
    /** Takes each packet as it is complete; its payload may be written only during the call. */
    @FunctionalInterface
    interface Out {
        void packet(byte[] bytes, int offset, int length);
    }

    private static final int FRAME_MILLIS = 20;
    private static final int LONGEST_MILLIS = 80;
    private static final int OPUS_FRAME_TICKS = FRAME_MILLIS * 48;
    private static final int LARGEST_OPUS = 1_275;

    private final AudioCodec codec;
    private final int ssrc;
    private final SendStatistics statistics;
    private byte[] pending;
    private final OpusJoiner joiner = new OpusJoiner();

    private int payloadType;

    /** Ticks of a packet; octets too but for Opus: of G.722 each octet is two samples. */
    private int packetTicks;

    private int filled;
    private int sequence;
    private int timestamp;
    private int keyTimestamp;
    private boolean marker = true;

    Packetizer(AudioCodec codec, int ssrc, RandomGenerator random) {
        this.codec = codec;
        this.ssrc = ssrc;
        statistics = new SendStatistics(ssrc, codec.clockRate());
        pending =
                new byte
                        [codec == AudioCodec.OPUS
                                ? LARGEST_OPUS
                                : LONGEST_MILLIS * codec.clockRate() / 1_000];
        // RFC 3550 §5.1: the first values should be random
        sequence = random.nextInt(0x8000);
        timestamp = random.nextInt();
    }

    AudioCodec codec() {
        return codec;
    }

    int ssrc() {
        return ssrc;
    }

    SendStatistics statistics() {
        return statistics;
    }

    /** The stream's clock now: the timestamp of the next sample that comes. */
    int timestamp() {
        return timestamp + filled + joiner.count() * OPUS_FRAME_TICKS;
    }

    /** Of the packet that is completed next. */
    int sequence() {
        return sequence;
    }

    /** Ticks of a packet as the peer wants it. */
    int packetTicks() {
        return packetTicks;
    }

    /** Whether no part of a packet waits. */
    boolean isEmpty() {
        return filled == 0 && joiner.count() == 0;
    }

    /** What waits of a packet is not sent, and its time not passed. */
    void drop() {
        filled = 0;
        joiner.clear();
    }

    /** The next packet has this number and this time. */
    void goOn(int nextSequence, int nextTimestamp) {
        sequence = nextSequence;
        timestamp = nextTimestamp;
    }

    /** Sends a packet that somebody else made, under a number and a time of this stream. */
    void relay(
            int packetSequence,
            int packetTimestamp,
            byte[] payload,
            int offset,
            int length,
            RtpWriter writer,
            byte[] scratch,
            Out out) {
        int at =
                writer.start(scratch, 0, marker, payloadType, packetSequence, packetTimestamp, ssrc)
                        .end();
        System.arraycopy(payload, offset, scratch, at, length);
        marker = false;
        statistics.onSent(length);
        out.packet(scratch, 0, at + length);
    }

    /** What the peer wants from now on. Opus packets hold one to three frames of 20 ms. */
    void configure(int wantedPayloadType, int ptimeMillis) {
        payloadType = wantedPayloadType;
        packetTicks = ptimeMillis * codec.clockRate() / 1_000;
    }

    /** Adds 20 ms; calls {@code out} for every packet that they complete. */
    void frame(byte[] payload, int offset, int length, RtpWriter writer, byte[] scratch, Out out) {
        if (codec == AudioCodec.OPUS) {
            opusFrame(payload, offset, length, writer, scratch, out);
            return;
        }
        if (pending.length < filled + length) {
            pending = Arrays.copyOf(pending, filled + length);
        }
        System.arraycopy(payload, offset, pending, filled, length);
        filled += length;
        int sent = 0;
        while (filled - sent >= packetTicks) {
            packet(pending, sent, packetTicks, packetTicks, writer, scratch, out);
            sent += packetTicks;
        }
        filled -= sent;
        System.arraycopy(pending, sent, pending, 0, filled);
    }

    private void opusFrame(
            byte[] payload, int offset, int length, RtpWriter writer, byte[] scratch, Out out) {
        boolean joins = packetTicks >= 2 * OPUS_FRAME_TICKS && joiner.fits(payload, offset, length);
        if (joiner.count() > 0 && !joins) {
            joined(writer, scratch, out);
            joins = packetTicks >= 2 * OPUS_FRAME_TICKS && joiner.fits(payload, offset, length);
        }
        if (!joins) {
            packet(payload, offset, length, OPUS_FRAME_TICKS, writer, scratch, out);
            return;
        }
        joiner.add(payload, offset, length);
        boolean full = (joiner.count() + 1) * OPUS_FRAME_TICKS > packetTicks;
        if (full || joiner.count() == OpusJoiner.MOST_FRAMES) {
            joined(writer, scratch, out);
        }
    }

    private void joined(RtpWriter writer, byte[] scratch, Out out) {
        int ticks = joiner.count() * OPUS_FRAME_TICKS;
        int at = header(writer, scratch);
        send(scratch, at, joiner.write(scratch, at), ticks, out);
    }

    private void packet(
            byte[] payload,
            int offset,
            int length,
            int clockTicks,
            RtpWriter writer,
            byte[] scratch,
            Out out) {
        int at = header(writer, scratch);
        System.arraycopy(payload, offset, scratch, at, length);
        send(scratch, at, length, clockTicks, out);
    }

    private int header(RtpWriter writer, byte[] scratch) {
        return writer.start(scratch, 0, marker, payloadType, sequence, timestamp, ssrc).end();
    }

    private void send(byte[] scratch, int at, int length, int clockTicks, Out out) {
        sequence = (sequence + 1) & 0xFFFF;
        timestamp += clockTicks;
        marker = false;
        statistics.onSent(length);
        out.packet(scratch, 0, at + length);
    }

    /**
     * Sends a key's packet in the place of 20 ms of sound (RFC 4733 §2.5.1): all of one key bear
     * the time at which it went down, or its segment began. Half a packet of sound that waits is
     * dropped.
     *
     * @param first the key goes down
     * @param segmentTicks where in the key's time the packet's segment begins
     */
    void key(
            int eventPayloadType,
            boolean first,
            int segmentTicks,
            byte[] payload,
            int length,
            RtpWriter writer,
            byte[] scratch,
            Out out) {
        timestamp = timestamp();
        drop();
        if (first) {
            keyTimestamp = timestamp;
        }
        int at =
                writer.start(
                                scratch,
                                0,
                                first,
                                eventPayloadType,
                                sequence,
                                keyTimestamp + segmentTicks,
                                ssrc)
                        .end();
        System.arraycopy(payload, 0, scratch, at, length);
        send(scratch, at, length, FRAME_MILLIS * codec.clockRate() / 1_000, out);
    }

    /**
     * Sends a word of comfort noise in the place of 20 ms of silence (RFC 3389 §4): it bears the
     * time at which the silence goes on, and no marker; what sounds next begins a talk spurt.
     */
    void noise(int noisePayloadType, byte[] payload, RtpWriter writer, byte[] scratch, Out out) {
        timestamp = timestamp();
        drop();
        int at = writer.start(scratch, 0, false, noisePayloadType, sequence, timestamp, ssrc).end();
        System.arraycopy(payload, 0, scratch, at, payload.length);
        send(scratch, at, payload.length, FRAME_MILLIS * codec.clockRate() / 1_000, out);
        marker = true;
    }

    /** The last frame was of silence: what waits of it alone is not sent, and its time passes. */
    void rest() {
        if (filled > 0 && filled < FRAME_MILLIS * codec.clockRate() / 1_000) {
            timestamp = timestamp();
            drop();
            marker = true;
        }
    }

    /** Lets {@code frames} of 20 ms pass without sending; half a packet that waits is dropped. */
    void skip(long frames) {
        if (frames <= 0) {
            return;
        }
        timestamp = timestamp() + (int) (frames * FRAME_MILLIS * codec.clockRate() / 1_000);
        filled = 0;
        joiner.clear();
        marker = true;
    }
}

package dev.roomline.media.leg;

import dev.roomline.media.rtp.RtpPacket;
import dev.roomline.media.rtp.Sequences;

/**
 * A peer's sequence numbers and timestamps, extended so that they only grow: across a wrap, a new
 * SSRC and a stream that starts anew. Owner: the leg's media loop.
 */
final class StreamNumbers {
    /** Between the numbers of one stream and those of the next. */
    private static final long RESTART_GAP = 1L << 17;

    private static final long CYCLE = 1L << 16;

    private boolean started;
    private int ssrc;
    private long sequenceBase;
    private long timestampBase;
    private long highestSequence = (1L << 16) - RESTART_GAP;
    private long highestTimestamp = (1L << 32) - RESTART_GAP;
    private long sequence;
    private long timestamp;

    /** Whether a packet belongs to the stream that is numbered now. */
    boolean isOf(int packetSsrc) {
        return started && ssrc == packetSsrc;
    }

    boolean isStarted() {
        return started;
    }

    /** The next packet begins a stream, although its SSRC may be the same. */
    void restart() {
        started = false;
    }

    /** Numbers a packet. */
    void take(RtpPacket packet) {
        if (!isOf(packet.ssrc())) {
            begin(packet);
        }
        sequence =
                sequenceBase + Sequences.extend(highestSequence - sequenceBase, packet.sequence());
        timestamp =
                timestampBase
                        + Sequences.extendTimestamp(
                                highestTimestamp - timestampBase, packet.timestamp());
        highestSequence = Math.max(highestSequence, sequence);
        highestTimestamp = Math.max(highestTimestamp, timestamp);
    }

    private void begin(RtpPacket packet) {
        started = true;
        ssrc = packet.ssrc();
        highestSequence += RESTART_GAP;
        highestTimestamp += RESTART_GAP;
        // whole cycles: the lowest 16 bits stay those of the wire
        sequenceBase = highestSequence - packet.sequence() + CYCLE - 1 & -CYCLE;
        timestampBase = highestTimestamp - packet.timestamp();
    }

    /** Of the packet taken last. */
    long sequence() {
        return sequence;
    }

    /** Of the packet taken last, in ticks of its codec's clock. */
    long timestamp() {
        return timestamp;
    }
}

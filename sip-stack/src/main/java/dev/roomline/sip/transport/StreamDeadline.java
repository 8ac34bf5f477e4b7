package dev.roomline.sip.transport;

import dev.roomline.sip.transport.TransportCounters.Drop;
import org.jspecify.annotations.Nullable;

/**
 * How long one stream may still take: for its first message, for the one under way, for a sign of
 * life. Sending a byte now and then moves none of the first two. Sans-IO; owner: the signalling
 * loop.
 */
final class StreamDeadline {
    private final StreamLimits limits;
    private final long openedNanos;
    private long lastByteNanos;
    private long messageBeganNanos;
    private boolean midMessage;
    private boolean anyMessage;

    StreamDeadline(StreamLimits limits, boolean ours, long nowNanos) {
        this.limits = limits;
        this.openedNanos = nowNanos;
        this.lastByteNanos = nowNanos;
        this.anyMessage = ours; // one that we opened owes us nothing
    }

    /** TLS stands: from now on its owner is waited for. */
    void handshaken(long nowNanos) {
        lastByteNanos = nowNanos;
    }

    void bytesCame(long nowNanos) {
        lastByteNanos = nowNanos;
    }

    long silentNanos(long nowNanos) {
        return nowNanos - lastByteNanos;
    }

    /** A dialog needs it: its silence is no reason to close it for another while. */
    void spare(long nowNanos) {
        lastByteNanos = nowNanos;
    }

    void messageCame() {
        anyMessage = true;
        midMessage = false;
    }

    /** After everything that could be cut has been cut. */
    void waiting(boolean inTheMiddle, long nowNanos) {
        if (inTheMiddle && !midMessage) {
            messageBeganNanos = nowNanos;
        }
        midMessage = inTheMiddle;
    }

    /** Null while it is in time. */
    @Nullable Drop overdue(long nowNanos) {
        if (midMessage && nowNanos - messageBeganNanos >= limits.messageTime().toNanos()) {
            return Drop.TOO_SLOW;
        }
        if (!anyMessage && nowNanos - openedNanos >= limits.firstMessageTime().toNanos()) {
            return Drop.IDLE;
        }
        return nowNanos - lastByteNanos >= limits.idleTime().toNanos() ? Drop.IDLE : null;
    }
}

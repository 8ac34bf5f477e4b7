package dev.roomline.sip.transport;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into messages (RFC 3261 §18.3): header block up to the first empty line, then as
 * many bytes as its one Content-Length says. CRLFs between messages are keep-alives: two of them
 * are a ping (RFC 5626 §4.4.1). Every byte is looked at once, however the peer slices them.
 *
 * <p>{@link #feed} takes bytes; {@link #next} gives what can be cut so far, null when more bytes
 * are needed. After a {@link Frame.Broken} it gives nothing more. Sans-IO; owner: the signalling
 * loop.
 */
final class StreamFramer {

    /** What was cut off the stream. */
    sealed interface Frame {
        @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
        record Message(byte[] bytes) implements Frame {}

        /** CRLF CRLF between messages: to be answered by one CRLF. */
        record Ping() implements Frame {}

        /** One CRLF between messages, for which {@link #expectPong} waited. */
        record Pong() implements Frame {}

        /** The stream is of no use from here on. */
        @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
        record Broken(FramingFault fault, byte[] head) implements Frame {}
    }

    private final int maxHead;
    private final int maxBody;
    private byte[] buffer = new byte[1024];
    private int start; // first byte of the message that is being gathered
    private int scanned; // bytes up to here have been looked at
    private int end;
    private int bodyFrom = -1; // −1: the header block is not complete
    private int messageEnd;
    private boolean halfPing;
    private boolean pongExpected;
    private boolean broken;

    StreamFramer(int maxHead, int maxBody) {
        this.maxHead = maxHead;
        this.maxBody = maxBody;
    }

    /** Takes bytes; call {@link #next} until it gives null before the next call. */
    void feed(byte[] bytes, int offset, int length) {
        if (broken) {
            return;
        }
        makeRoom(length);
        System.arraycopy(bytes, offset, buffer, end, length);
        end += length;
    }

    /** A double CRLF has left: one that comes is its answer and no half of a ping. */
    void expectPong() {
        pongExpected = true;
    }

    /** Whether a message has begun and is not complete: its sender is being waited for. */
    boolean midMessage() {
        return !broken && end > start;
    }

    /** The next frame; null when more bytes are needed, and after a broken one. */
    @Nullable Frame next() {
        if (broken) {
            return null;
        }
        if (bodyFrom < 0) {
            Frame between = skipLineEnds();
            if (between != null || halfLineEnd()) {
                return between;
            }
            Frame fault = scanHead();
            if (fault != null) {
                return fault;
            }
        }
        if (bodyFrom < 0 || end < messageEnd) {
            return null;
        }
        byte[] message = Arrays.copyOfRange(buffer, start, messageEnd);
        start = messageEnd;
        scanned = start;
        bodyFrom = -1;
        return new Frame.Message(message);
    }

    /** How many bytes it holds memory for. */
    int capacity() {
        return buffer.length;
    }

    /** What has come of the unfinished header block. */
    byte[] partialHead() {
        return Arrays.copyOfRange(buffer, start, Math.min(end, start + maxHead));
    }

    private @Nullable Frame skipLineEnds() {
        while (start < end && scanned == start) {
            byte b = buffer[start];
            if (b == '\r') {
                if (halfLineEnd()) {
                    return null;
                }
                if (buffer[start + 1] != '\n') {
                    return broken(FramingFault.NOT_SIP);
                }
                start += 2;
            } else if (b == '\n') {
                start++;
            } else {
                halfPing = false;
                return null;
            }
            scanned = start;
            if (pongExpected) {
                pongExpected = false;
                return new Frame.Pong();
            }
            halfPing = !halfPing;
            if (!halfPing) {
                return new Frame.Ping();
            }
        }
        return null;
    }

    /** Between messages, a CR has come whose LF has not. */
    private boolean halfLineEnd() {
        return scanned == start && start + 1 == end && buffer[start] == '\r';
    }

    private @Nullable Frame scanHead() {
        for (; scanned < end; scanned++) {
            if (scanned - start >= maxHead) {
                return broken(FramingFault.HEAD_TOO_LARGE);
            }
            byte b = buffer[scanned];
            if (b == 0) {
                return broken(FramingFault.NOT_SIP);
            }
            if (b == '\n' && emptyLineEndsAt(scanned)) {
                scanned++;
                return headComplete();
            }
        }
        return null;
    }

    /** Whether the line that this LF ends is empty: {@code LF LF} or {@code LF CR LF} before it. */
    private boolean emptyLineEndsAt(int lineFeed) {
        int before = lineFeed - 1;
        if (before >= start && buffer[before] == '\r') {
            before--;
        }
        return before >= start && buffer[before] == '\n';
    }

    private @Nullable Frame headComplete() {
        bodyFrom = scanned;
        switch (ContentLength.of(buffer, start, bodyFrom)) {
            case ContentLength.Bytes(long bytes) -> {
                if (bytes > maxBody) {
                    return broken(FramingFault.BODY_TOO_LARGE);
                }
                messageEnd = bodyFrom + (int) bytes;
                return null;
            }
            case ContentLength.Missing ignored -> {
                return broken(FramingFault.MISSING_CONTENT_LENGTH);
            }
            case ContentLength.Several ignored -> {
                return broken(FramingFault.SEVERAL_CONTENT_LENGTHS);
            }
            case ContentLength.Unreadable ignored -> {
                return broken(FramingFault.BAD_CONTENT_LENGTH);
            }
        }
    }

    private Frame broken(FramingFault fault) {
        broken = true;
        int headEnd = bodyFrom > 0 ? bodyFrom : Math.min(end, start + maxHead);
        byte[] head = Arrays.copyOfRange(buffer, start, headEnd);
        buffer = new byte[0];
        return new Frame.Broken(fault, head);
    }

    /** Moves what is gathered to the front, and grows no further than one message with a chunk. */
    private void makeRoom(int length) {
        if (end + length <= buffer.length) {
            return;
        }
        int gathered = end - start;
        byte[] target =
                gathered + length <= buffer.length
                        ? buffer
                        : new byte[Math.max(gathered + length, 2 * buffer.length)];
        System.arraycopy(buffer, start, target, 0, gathered);
        buffer = target;
        scanned -= start;
        messageEnd -= start;
        if (bodyFrom >= 0) {
            bodyFrom -= start;
        }
        end = gathered;
        start = 0;
    }
}

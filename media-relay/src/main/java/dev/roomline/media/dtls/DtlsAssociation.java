package dev.roomline.media.dtls;

/** One peer's DTLS, seen from its loop. Methods never block. Thread-safe. */
public final class DtlsAssociation implements AutoCloseable {

    DtlsAssociation() {}

    /** Closed set of what became of a datagram; for counters. */
    public enum Verdict {
        TAKEN,
        /** Not DTLS records, or ones that no honest peer sends. */
        MALFORMED,
        /** More datagrams than an honest handshake needs. */
        TOO_MANY,
        /** The queue is full. */
        QUEUE_FULL,
        /** The association is over. */
        CLOSED
    }

    /** Copies a datagram that the peer sent into the queue. */
    public Verdict offer(byte[] bytes, int offset, int length) {
        return bytes.length < offset + length ? Verdict.MALFORMED : Verdict.CLOSED;
    }

    /** Says close_notify if it can and ends the thread. */
    @Override
    public void close() {}
}

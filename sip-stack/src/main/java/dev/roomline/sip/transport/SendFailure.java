package dev.roomline.sip.transport;

/** Why a message did not leave. A closed set: a metric label. */
public enum SendFailure {
    /** No socket of that transport and family. */
    NO_TRANSPORT,
    /** The connection it should have gone down is closed, and none can be opened to that peer. */
    CONNECTION_GONE,
    /** The peer refused the connection, or nobody answered in time. */
    CONNECT_FAILED,
    /** It answered, and no TLS came to be: its certificate, or ours to it. */
    TLS_FAILED,
    /** The peer does not read what waits for it, or the kernel's buffer is full. */
    CONGESTED,
    /** As many connections are open as may be. */
    TOO_MANY_CONNECTIONS,
    /** The kernel would not send it: no route, or larger than a datagram. */
    UNSENDABLE
}

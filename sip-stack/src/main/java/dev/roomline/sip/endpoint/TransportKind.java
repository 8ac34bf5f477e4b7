package dev.roomline.sip.endpoint;

/** What carries SIP (RFC 3261 §18, RFC 7118). */
public enum TransportKind {
    UDP(false),
    TCP(true),
    TLS(true),
    WS(true),
    /** WebSocket over TLS: {@code WSS} in a Via, {@code transport=ws} in a URI. */
    WSS(true);

    private static final int SIP_PORT = 5060;
    private static final int SIPS_PORT = 5061;

    private final boolean reliable;

    TransportKind(boolean reliable) {
        this.reliable = reliable;
    }

    /** What a URI or Via without a port means (§19.1.2, §18.2.2). */
    public int defaultPort() {
        return this == TLS ? SIPS_PORT : SIP_PORT;
    }

    /**
     * Whether messages are cut from a stream of octets by their Content-Length: in a datagram and
     * in a WebSocket's message (RFC 7118 §4.2) they end with it.
     */
    public boolean isStream() {
        return this == TCP || this == TLS;
    }

    /** Whether transactions need no retransmission over it (RFC 3261 §17). */
    public boolean reliable() {
        return reliable;
    }
}

package dev.roomline.sip.endpoint;

/** What carries SIP (RFC 3261 §18, RFC 7118). */
public enum TransportKind {
    UDP(false),
    TCP(true),
    TLS(true),
    WS(true);

    private final boolean reliable;

    TransportKind(boolean reliable) {
        this.reliable = reliable;
    }

    /** Whether transactions need no retransmission over it (RFC 3261 §17). */
    public boolean reliable() {
        return reliable;
    }
}

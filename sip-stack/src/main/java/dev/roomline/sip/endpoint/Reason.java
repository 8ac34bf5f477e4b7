package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.HeaderField;

/** Reason (RFC 3326) of what the core sends of its own accord. */
final class Reason {
    /** A request of ours in the dialog, or our 2xx, stayed without an answer. */
    static final HeaderField TIMEOUT =
            new HeaderField("Reason", "SIP;cause=408;text=\"Request Timeout\"");

    /** Another branch of the same call answered first (RFC 3326 §3.1). */
    static final HeaderField ELSEWHERE =
            new HeaderField("Reason", "SIP;cause=200;text=\"Call completed elsewhere\"");

    /** The callee answered what had been given up. */
    static final HeaderField CANCELLED =
            new HeaderField("Reason", "SIP;cause=487;text=\"Request Terminated\"");

    private Reason() {}
}

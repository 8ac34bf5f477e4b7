package dev.roomline.media.dtls;

import dev.roomline.media.srtp.SrtpKeys;

/** How a handshake ended. */
public sealed interface DtlsOutcome {

    /** Both certificates are proven. */
    record Established(SrtpKeys keys) implements DtlsOutcome {}

    /**
     * @param detail one sentence, without secrets
     */
    record Failed(Reason reason, String detail) implements DtlsOutcome {}

    /** Closed set. */
    enum Reason {
        /** 15 s have passed. */
        TIMED_OUT,
        /** The certificate is not the one whose fingerprint the SDP carried. */
        WRONG_FINGERPRINT,
        /** The peer showed no certificate. */
        NO_CERTIFICATE,
        /** No SRTP protection profile in common. */
        NO_SRTP_PROFILE,
        /** The peer does without the extended master secret (RFC 7627). */
        NO_EXTENDED_MASTER_SECRET,
        /** Any other breach of the protocol, or an alert of the peer's. */
        PROTOCOL,
        /** Too many handshakes are in flight. */
        OVERLOADED,
        /** We closed it ourselves. */
        CLOSED
    }
}

package dev.roomline.media.dtls;

import dev.roomline.media.sdp.Fingerprint;

/** Our certificate: ECDSA P-256, made by ourselves at process start. Immutable, thread-safe. */
@SuppressWarnings({"DoNotCallSuggester", "ObjectToString", "DoNotCall", "UnusedVariable"})
public final class DtlsIdentity {

    private DtlsIdentity() {}

    /** Makes one; takes some milliseconds. */
    public static DtlsIdentity generate() {
        throw new UnsupportedOperationException();
    }

    /** SHA-256, for SDP. */
    public Fingerprint fingerprint() {
        throw new UnsupportedOperationException();
    }
}

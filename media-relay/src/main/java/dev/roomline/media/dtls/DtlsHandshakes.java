package dev.roomline.media.dtls;

import dev.roomline.media.sdp.Fingerprint;
import java.time.Duration;
import java.util.List;

/**
 * Starts DTLS associations, each on a virtual thread of its own, no more handshakes at a time than
 * a bound. Thread-safe.
 */
@SuppressWarnings({"DoNotCallSuggester", "ObjectToString", "DoNotCall", "UnusedVariable"})
public final class DtlsHandshakes implements AutoCloseable {

    /**
     * @param inFlight handshakes that compute at a time; as many again may wait
     * @param limit of one handshake: 15 s
     */
    public DtlsHandshakes(DtlsIdentity identity, int inFlight, Duration limit) {
        throw new UnsupportedOperationException("" + identity + inFlight + limit);
    }

    /**
     * Begins as server; never blocks.
     *
     * @param fingerprints one of which the peer's certificate must match
     */
    public DtlsAssociation accept(List<Fingerprint> fingerprints, DtlsListener listener) {
        throw new UnsupportedOperationException("" + fingerprints + listener);
    }

    /** Ends all associations. */
    @Override
    public void close() {}
}

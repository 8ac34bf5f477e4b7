package dev.roomline.media.dtls;

import dev.roomline.media.sdp.Fingerprint;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * Starts DTLS associations, each on a virtual thread of its own. Two bounds: how many handshakes
 * may compute at a time, so that media keeps its cores, and how many may be open. One that waits
 * for its peer computes nothing, so a silent peer holds up nobody. Thread-safe.
 */
public final class DtlsHandshakes implements AutoCloseable {

    private static final int MAX_OPEN = 2000;

    private final DtlsIdentity identity;
    private final Duration limit;
    private final Semaphore computing;
    private final Semaphore handshaking = new Semaphore(MAX_OPEN);
    private final SecureRandom random = new SecureRandom();
    private final Set<DtlsAssociation> open = ConcurrentHashMap.newKeySet();

    /**
     * @param inFlight handshakes that compute at a time: half the cores
     * @param limit of one handshake: 15 s
     */
    public DtlsHandshakes(DtlsIdentity identity, int inFlight, Duration limit) {
        this.identity = identity;
        this.limit = limit;
        this.computing = new Semaphore(Math.max(1, inFlight), true);
    }

    /**
     * Waits for the peer to begin; never blocks.
     *
     * @param fingerprints one of which the peer's certificate must match
     */
    public DtlsAssociation accept(List<Fingerprint> fingerprints, DtlsListener listener) {
        DtlsTerms terms = terms(fingerprints);
        return start(
                new DtlsAssociation(listener, computing, /* peerSigns= */ true),
                () -> new DtlsServer(identity, new BcTlsCrypto(random), terms));
    }

    /** Begins itself; the same otherwise. */
    public DtlsAssociation connect(List<Fingerprint> fingerprints, DtlsListener listener) {
        DtlsTerms terms = terms(fingerprints);
        return start(
                new DtlsAssociation(listener, computing, /* peerSigns= */ false),
                () -> new DtlsClient(identity, new BcTlsCrypto(random), terms));
    }

    private DtlsTerms terms(List<Fingerprint> fingerprints) {
        return new DtlsTerms(List.copyOf(fingerprints), (int) limit.toMillis());
    }

    private DtlsAssociation start(DtlsAssociation association, Supplier<DtlsSide> ours) {
        if (handshaking.tryAcquire()) {
            open.add(association);
            Thread.ofVirtual().name("dtls").start(() -> run(association, ours));
        } else {
            Thread.ofVirtual().name("dtls-refusal").start(() -> refuse(association));
        }
        return association;
    }

    private static void refuse(DtlsAssociation association) {
        association.fail(DtlsOutcome.Reason.OVERLOADED, "too many handshakes are under way");
    }

    private void run(DtlsAssociation association, Supplier<DtlsSide> ours) {
        try {
            association.attach(Thread.currentThread());
            DtlsSide side = ours.get();
            DTLSTransport transport = null;
            try {
                transport = association.handshake(side);
            } finally {
                handshaking.release();
            }
            if (transport != null) {
                association.serve(transport, side);
            }
        } finally {
            open.remove(association);
        }
    }

    /** Ends all associations. */
    @Override
    public void close() {
        for (DtlsAssociation association : open) {
            association.close();
        }
    }
}

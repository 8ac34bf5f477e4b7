package dev.roomline.media.dtls;

import dev.roomline.media.sdp.Fingerprint;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;

/**
 * What we insist on in a handshake, on whichever side (RFC 5763, RFC 5764): DTLS 1.2 with forward
 * secrecy, extended master secret, a certificate that is the one in the SDP, and a common SRTP
 * profile; and what came of it. Owner: the association's virtual thread.
 */
final class DtlsTerms {
    static final int MAX_HANDSHAKE_OCTETS = 32 * 1024;
    static final int RESEND_MILLIS = 400;

    private final List<Fingerprint> fingerprints;
    private final int limitMillis;
    private DtlsOutcome.@Nullable Reason refusal;
    private @Nullable SrtpProfile profile;
    private @Nullable SrtpKeys keys;
    private boolean peerClosed;

    DtlsTerms(List<Fingerprint> fingerprints, int limitMillis) {
        this.fingerprints = fingerprints;
        this.limitMillis = limitMillis;
    }

    int limitMillis() {
        return limitMillis;
    }

    DtlsOutcome.@Nullable Reason refusal() {
        return refusal;
    }

    @Nullable SrtpKeys keys() {
        return keys;
    }

    boolean peerClosed() {
        return peerClosed;
    }

    /** What our certificate, of an elliptic curve, can serve. */
    static int[] serverCipherSuites() {
        return new int[] {
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
        };
    }

    /** As client also what a server with a certificate of RSA can: it is its that decides. */
    static int[] clientCipherSuites() {
        return new int[] {
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
        };
    }

    private TlsFatalAlert refuse(DtlsOutcome.Reason reason, short alert) {
        refusal = reason;
        return new TlsFatalAlert(alert);
    }

    /** The peer's certificate has to be the one whose fingerprint its description names. */
    void prove(Certificate chain) throws IOException {
        if (chain.isEmpty()) {
            throw refuse(DtlsOutcome.Reason.NO_CERTIFICATE, AlertDescription.handshake_failure);
        }
        byte[] shown = chain.getCertificateAt(0).getEncoded();
        for (Fingerprint expected : fingerprints) {
            Fingerprint found = DtlsIdentity.fingerprintOf(expected.algorithm(), shown);
            if (!found.value().isEmpty() && found.equals(expected)) {
                return;
            }
        }
        throw refuse(DtlsOutcome.Reason.WRONG_FINGERPRINT, AlertDescription.bad_certificate);
    }

    /**
     * What the peer's hello says: a server's names the one profile that it took of ours, a client's
     * all that it has, of which the first of our order is taken.
     */
    void agree(@Nullable Hashtable<?, ?> extensions) throws IOException {
        if (extensions == null
                || !TlsExtensionsUtils.hasExtendedMasterSecretExtension(extensions)) {
            throw refuse(
                    DtlsOutcome.Reason.NO_EXTENDED_MASTER_SECRET,
                    AlertDescription.handshake_failure);
        }
        UseSRTPData named = TlsSRTPUtils.getUseSRTPExtension(extensions);
        if (named != null) {
            profile = firstOf(named.getProtectionProfiles());
        }
        if (profile == null) {
            throw refuse(DtlsOutcome.Reason.NO_SRTP_PROFILE, AlertDescription.handshake_failure);
        }
    }

    private static @Nullable SrtpProfile firstOf(int[] values) {
        for (SrtpProfile candidate : SrtpProfile.values()) {
            for (int value : values) {
                if (candidate.isForDtls() && value == candidate.dtlsValue()) {
                    return candidate;
                }
            }
        }
        return null;
    }

    /** What our hello says as client: all that we have, in our order. */
    static UseSRTPData offered() {
        int[] values =
                Arrays.stream(SrtpProfile.values())
                        .filter(SrtpProfile::isForDtls)
                        .mapToInt(SrtpProfile::dtlsValue)
                        .toArray();
        return new UseSRTPData(values, new byte[0]);
    }

    /** What it says as server; null: nothing was agreed. */
    @Nullable UseSRTPData taken() {
        SrtpProfile agreed = profile;
        return agreed == null ? null : new UseSRTPData(new int[] {agreed.dtlsValue()}, new byte[0]);
    }

    /** The exporter's octets: both keys, then both salts, the client's first (RFC 5764 §4.2). */
    void export(TlsContext context) throws IOException {
        SrtpProfile agreed = profile;
        if (agreed == null) {
            throw new TlsFatalAlert(AlertDescription.internal_error);
        }
        int key = agreed.keyLength();
        int salt = agreed.saltLength();
        byte[] material =
                context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt));
        byte[] clientKey = Arrays.copyOfRange(material, 0, key);
        byte[] serverKey = Arrays.copyOfRange(material, key, 2 * key);
        byte[] clientSalt = Arrays.copyOfRange(material, 2 * key, 2 * key + salt);
        byte[] serverSalt = Arrays.copyOfRange(material, 2 * key + salt, 2 * (key + salt));
        keys =
                context.isServer()
                        ? new SrtpKeys(agreed, serverKey, serverSalt, clientKey, clientSalt)
                        : new SrtpKeys(agreed, clientKey, clientSalt, serverKey, serverSalt);
        Arrays.fill(material, (byte) 0);
    }

    void alerted(short level, short description) {
        if (level == AlertLevel.fatal || description == AlertDescription.close_notify) {
            peerClosed = true;
        }
    }
}

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
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * What we insist on as DTLS server (RFC 5763, RFC 5764): DTLS 1.2 with forward secrecy, extended
 * master secret, a client certificate that is the one in the SDP, and a common SRTP profile. Owner:
 * the association's virtual thread.
 */
final class DtlsServer extends DefaultTlsServer {

    private static final int MAX_HANDSHAKE_OCTETS = 32 * 1024;
    private static final int RESEND_MILLIS = 400;

    private final DtlsIdentity identity;
    private final BcTlsCrypto bcCrypto;
    private final List<Fingerprint> fingerprints;
    private final int limitMillis;
    private DtlsOutcome.@Nullable Reason refusal;
    private @Nullable SrtpProfile profile;
    private @Nullable SrtpKeys keys;
    private boolean peerClosed;

    DtlsServer(
            DtlsIdentity identity,
            BcTlsCrypto crypto,
            List<Fingerprint> fingerprints,
            int limitMillis) {
        super(crypto);
        this.identity = identity;
        this.bcCrypto = crypto;
        this.fingerprints = fingerprints;
        this.limitMillis = limitMillis;
    }

    /** Why we refused, if it was us and for a reason with a name. */
    DtlsOutcome.@Nullable Reason refusal() {
        return refusal;
    }

    /** After the handshake. */
    @Nullable SrtpKeys keys() {
        return keys;
    }

    /** The peer said close_notify or a fatal alert. */
    boolean peerClosed() {
        return peerClosed;
    }

    private TlsFatalAlert refuse(DtlsOutcome.Reason reason, short alert) {
        refusal = reason;
        return new TlsFatalAlert(alert);
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return new int[] {
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
        };
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return limitMillis;
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return RESEND_MILLIS;
    }

    @Override
    public int getMaxHandshakeMessageSize() {
        return MAX_HANDSHAKE_OCTETS;
    }

    @Override
    public boolean requiresExtendedMasterSecret() {
        return true;
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
        return identity.signer(context, bcCrypto);
    }

    @Override
    public CertificateRequest getCertificateRequest() {
        return new CertificateRequest(
                new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
                DtlsIdentity.peerSignatures(),
                null);
    }

    @Override
    public void notifyClientCertificate(Certificate chain) throws IOException {
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

    @Override
    @SuppressWarnings({"rawtypes", "JdkObsolete"})
    public void processClientExtensions(@Nullable Hashtable clientExtensions) throws IOException {
        super.processClientExtensions(clientExtensions);
        if (clientExtensions == null
                || !TlsExtensionsUtils.hasExtendedMasterSecretExtension(clientExtensions)) {
            throw refuse(
                    DtlsOutcome.Reason.NO_EXTENDED_MASTER_SECRET,
                    AlertDescription.handshake_failure);
        }
        UseSRTPData offered = TlsSRTPUtils.getUseSRTPExtension(clientExtensions);
        if (offered != null) {
            for (SrtpProfile candidate : SrtpProfile.values()) {
                for (int value : offered.getProtectionProfiles()) {
                    if (profile == null
                            && candidate.isForDtls()
                            && value == candidate.dtlsValue()) {
                        profile = candidate;
                    }
                }
            }
        }
        if (profile == null) {
            throw refuse(DtlsOutcome.Reason.NO_SRTP_PROFILE, AlertDescription.handshake_failure);
        }
    }

    @Override
    @SuppressWarnings({"rawtypes", "JdkObsolete"})
    public Hashtable getServerExtensions() throws IOException {
        Hashtable extensions = super.getServerExtensions();
        if (profile != null) {
            TlsSRTPUtils.addUseSRTPExtension(
                    extensions, new UseSRTPData(new int[] {profile.dtlsValue()}, new byte[0]));
        }
        return extensions;
    }

    /** The exporter's octets: both keys, then both salts, the client's first (RFC 5764 §4.2). */
    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
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
        keys = new SrtpKeys(agreed, serverKey, serverSalt, clientKey, clientSalt);
        Arrays.fill(material, (byte) 0);
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        if (level == AlertLevel.fatal || description == AlertDescription.close_notify) {
            peerClosed = true;
        }
    }
}

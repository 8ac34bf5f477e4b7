package dev.roomline.media.dtls;

import dev.roomline.media.srtp.SrtpKeys;
import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** Our side of a handshake that the peer begins. Owner: the association's virtual thread. */
final class DtlsServer extends DefaultTlsServer implements DtlsSide {

    private final DtlsIdentity identity;
    private final BcTlsCrypto bcCrypto;
    private final DtlsTerms terms;

    DtlsServer(DtlsIdentity identity, BcTlsCrypto crypto, DtlsTerms terms) {
        super(crypto);
        this.identity = identity;
        this.bcCrypto = crypto;
        this.terms = terms;
    }

    @Override
    public DTLSTransport shakeHands(DatagramTransport wire) throws IOException {
        return new DTLSServerProtocol().accept(this, wire);
    }

    @Override
    public DtlsOutcome.@Nullable Reason refusal() {
        return terms.refusal();
    }

    @Override
    public @Nullable SrtpKeys keys() {
        return terms.keys();
    }

    @Override
    public boolean peerClosed() {
        return terms.peerClosed();
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return DtlsTerms.serverCipherSuites();
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return terms.limitMillis();
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return DtlsTerms.RESEND_MILLIS;
    }

    @Override
    public int getMaxHandshakeMessageSize() {
        return DtlsTerms.MAX_HANDSHAKE_OCTETS;
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
        terms.prove(chain);
    }

    @Override
    @SuppressWarnings({"rawtypes", "JdkObsolete"})
    public void processClientExtensions(@Nullable Hashtable clientExtensions) throws IOException {
        super.processClientExtensions(clientExtensions);
        terms.agree(clientExtensions);
    }

    @Override
    @SuppressWarnings({"rawtypes", "JdkObsolete"})
    public Hashtable getServerExtensions() throws IOException {
        Hashtable extensions = super.getServerExtensions();
        UseSRTPData taken = terms.taken();
        if (taken != null) {
            TlsSRTPUtils.addUseSRTPExtension(extensions, taken);
        }
        return extensions;
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        terms.export(context);
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        terms.alerted(level, description);
    }
}

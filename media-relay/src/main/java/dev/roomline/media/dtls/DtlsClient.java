package dev.roomline.media.dtls;

import dev.roomline.media.srtp.SrtpKeys;
import java.io.IOException;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** Our side of a handshake that we begin. Owner: the association's virtual thread. */
final class DtlsClient extends DefaultTlsClient implements DtlsSide {

    private final DtlsIdentity identity;
    private final BcTlsCrypto bcCrypto;
    private final DtlsTerms terms;

    DtlsClient(DtlsIdentity identity, BcTlsCrypto crypto, DtlsTerms terms) {
        super(crypto);
        this.identity = identity;
        this.bcCrypto = crypto;
        this.terms = terms;
    }

    @Override
    public DTLSTransport shakeHands(DatagramTransport wire) throws IOException {
        return new DTLSClientProtocol().connect(this, wire);
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
        return DtlsTerms.clientCipherSuites();
    }

    @Override
    @SuppressWarnings("JdkObsolete") // the library's own face
    protected Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithms() {
        return DtlsIdentity.peerSignatures();
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

    /** Demanded where it can be said by its name: by {@link DtlsTerms#agree}. */
    @Override
    public boolean requiresExtendedMasterSecret() {
        return false;
    }

    @Override
    @SuppressWarnings({"rawtypes", "JdkObsolete"})
    public Hashtable getClientExtensions() throws IOException {
        Hashtable extensions = super.getClientExtensions();
        TlsSRTPUtils.addUseSRTPExtension(extensions, DtlsTerms.offered());
        return extensions;
    }

    @Override
    @SuppressWarnings({"rawtypes", "JdkObsolete"})
    public void processServerExtensions(@Nullable Hashtable serverExtensions) throws IOException {
        super.processServerExtensions(serverExtensions);
        terms.agree(serverExtensions);
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate shown) throws IOException {
                terms.prove(shown.getCertificate());
            }

            @Override
            public TlsCredentials getClientCredentials(CertificateRequest request)
                    throws IOException {
                return identity.signer(context, bcCrypto);
            }
        };
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

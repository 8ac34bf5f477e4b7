package dev.roomline.bench;

import dev.roomline.media.dtls.DtlsIdentity;
import dev.roomline.media.srtp.SrtpKeys;
import dev.roomline.media.srtp.SrtpProfile;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Objects;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** The active side of DTLS-SRTP (RFC 5764), as browsers are it toward a server. */
final class DtlsClient extends DefaultTlsClient {
    private static final SrtpProfile PROFILE = SrtpProfile.AEAD_AES_128_GCM;

    private final DtlsIdentity identity;
    private @Nullable SrtpKeys keys;

    private DtlsClient(DtlsIdentity identity) {
        super(new BcTlsCrypto(new SecureRandom()));
        this.identity = identity;
    }

    /** Shakes hands over a path that carries nothing but DTLS; returns the keys for SRTP. */
    static SrtpKeys shakeHands(DtlsIdentity identity, DatagramTransport path) throws IOException {
        DtlsClient client = new DtlsClient(identity);
        // what is beneath is closed by its owner: close_notify would end the call
        var _ = new DTLSClientProtocol().connect(client, path);
        return Objects.requireNonNull(client.keys, "no SRTP was agreed");
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    @SuppressWarnings({"rawtypes", "JdkObsolete"}) // the library's own face
    public Hashtable getClientExtensions() throws IOException {
        Hashtable extensions = super.getClientExtensions();
        UseSRTPData offered = new UseSRTPData(new int[] {PROFILE.dtlsValue()}, new byte[0]);
        TlsSRTPUtils.addUseSRTPExtension(extensions, offered);
        return extensions;
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate certificate) {
                // the server is our own child: there is nobody to mistake it for
            }

            @Override
            public TlsCredentials getClientCredentials(CertificateRequest request)
                    throws IOException {
                return identity.signer(context, (BcTlsCrypto) getCrypto());
            }
        };
    }

    /** Both keys, then both salts, the client's first (RFC 5764 §4.2). */
    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        int key = PROFILE.keyLength();
        int salt = PROFILE.saltLength();
        byte[] all = context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt));
        keys =
                new SrtpKeys(
                        PROFILE,
                        Arrays.copyOfRange(all, 0, key),
                        Arrays.copyOfRange(all, 2 * key, 2 * key + salt),
                        Arrays.copyOfRange(all, key, 2 * key),
                        Arrays.copyOfRange(all, 2 * key + salt, 2 * (key + salt)));
    }
}

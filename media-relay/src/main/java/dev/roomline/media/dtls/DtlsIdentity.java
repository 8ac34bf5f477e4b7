package dev.roomline.media.dtls;

import dev.roomline.media.sdp.Fingerprint;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Vector;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** Our certificate: ECDSA P-256, made by ourselves at process start. Immutable, thread-safe. */
public final class DtlsIdentity {

    private static final Duration VALIDITY = Duration.ofDays(3650);

    private final AsymmetricKeyParameter privateKey;
    private final byte[] certificate;
    private final Fingerprint fingerprint;

    private DtlsIdentity(AsymmetricKeyParameter privateKey, byte[] certificate) {
        this.privateKey = privateKey;
        this.certificate = certificate;
        this.fingerprint = fingerprintOf("sha-256", certificate);
    }

    /** Makes one; takes some milliseconds. */
    public static DtlsIdentity generate() {
        SecureRandom random = new SecureRandom();
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        ECNamedDomainParameters curve =
                new ECNamedDomainParameters(
                        SECObjectIdentifiers.secp256r1,
                        SECNamedCurves.getByOID(SECObjectIdentifiers.secp256r1));
        generator.init(new ECKeyGenerationParameters(curve, random));
        AsymmetricCipherKeyPair pair = generator.generateKeyPair();
        try {
            return new DtlsIdentity(pair.getPrivate(), certify(pair, random));
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("cannot make a certificate for DTLS", e);
        }
    }

    private static byte[] certify(AsymmetricCipherKeyPair pair, SecureRandom random)
            throws IOException, OperatorCreationException {
        // Nobody reads the names: the fingerprint in the SDP is what is believed (RFC 8122).
        X500Name name = new X500Name("CN=WebRTC");
        Instant start = Instant.now().minus(Duration.ofDays(1));
        X509v3CertificateBuilder builder =
                new X509v3CertificateBuilder(
                        name,
                        new BigInteger(63, random).add(BigInteger.ONE),
                        Date.from(start),
                        Date.from(start.plus(VALIDITY)),
                        name,
                        SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(pair.getPublic()));
        var signature = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
        var digest = new DefaultDigestAlgorithmIdentifierFinder().find(signature);
        return builder.build(
                        new BcECContentSignerBuilder(signature, digest).build(pair.getPrivate()))
                .getEncoded();
    }

    /** SHA-256, for SDP. */
    public Fingerprint fingerprint() {
        return fingerprint;
    }

    /** How a certificate looks under that hash; for a hash that is not served, an empty value. */
    static Fingerprint fingerprintOf(String algorithm, byte[] encoded) {
        String digest =
                switch (algorithm) {
                    case "sha-256" -> "SHA-256";
                    case "sha-384" -> "SHA-384";
                    case "sha-512" -> "SHA-512";
                    default -> "";
                };
        if (digest.isEmpty()) {
            return new Fingerprint(algorithm, "");
        }
        try {
            byte[] hash = MessageDigest.getInstance(digest).digest(encoded);
            return new Fingerprint(
                    algorithm, HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + digest, e);
        }
    }

    /** What proves us in a handshake, on whichever side of it. */
    public TlsCredentialedSigner signer(TlsContext context, BcTlsCrypto crypto) throws IOException {
        Certificate chain =
                new Certificate(new TlsCertificate[] {crypto.createCertificate(certificate)});
        return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                crypto,
                privateKey,
                chain,
                SignatureAndHashAlgorithm.getInstance(
                        HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    }

    /** Signatures that we accept from a peer's certificate. */
    @SuppressWarnings("JdkObsolete") // the library's own face
    static Vector<SignatureAndHashAlgorithm> peerSignatures() {
        Vector<SignatureAndHashAlgorithm> out = new Vector<>();
        for (short hash :
                new short[] {HashAlgorithm.sha256, HashAlgorithm.sha384, HashAlgorithm.sha512}) {
            out.add(SignatureAndHashAlgorithm.getInstance(hash, SignatureAlgorithm.ecdsa));
            out.add(SignatureAndHashAlgorithm.getInstance(hash, SignatureAlgorithm.rsa));
        }
        return out;
    }
}

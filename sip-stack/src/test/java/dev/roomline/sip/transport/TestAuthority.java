package dev.roomline.sip.transport;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/** An authority of a test's own, and the certificates that it signs. */
final class TestAuthority {
    private static long serial = 1;

    private final X500Name name;
    private final KeyPair keys;
    final X509Certificate certificate;

    TestAuthority(String commonName) throws GeneralSecurityException {
        this.name = new X500Name("CN=" + commonName);
        this.keys = keys("EC");
        Instant now = Instant.now();
        try {
            this.certificate =
                    signed(
                            builder(
                                            name,
                                            keys,
                                            now.minus(Duration.ofDays(1)),
                                            now.plus(Duration.ofDays(1)))
                                    .addExtension(
                                            Extension.basicConstraints,
                                            true,
                                            new BasicConstraints(true)));
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
    }

    /** What a host shows, and the key to it. */
    record Issued(X509Certificate certificate, PrivateKey key, X509Certificate issuer) {
        /** As PEM, the key as PKCS #8. */
        void write(Path certificateFile, Path keyFile) throws IOException {
            Files.writeString(certificateFile, pem(certificate) + pem(issuer));
            Files.writeString(keyFile, pem(new JcaPKCS8Generator(key, null)));
        }

        /** As PEM in the format that is the algorithm's own: PKCS #1 or SEC 1. */
        String oldStyleKey() throws IOException {
            return key instanceof ECPrivateKey ec
                    ? pem(
                            new PemObject(
                                    "EC PRIVATE KEY",
                                    new org.bouncycastle.asn1.sec.ECPrivateKey(
                                                    256, ec.getS(), SECObjectIdentifiers.secp256r1)
                                            .getEncoded()))
                    : pem(key);
        }
    }

    static KeyPair keys(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        switch (algorithm) {
            case "EC" -> generator.initialize(256);
            case "RSA" -> generator.initialize(2048);
            default -> {}
        }
        return generator.generateKeyPair();
    }

    /** For a day. */
    Issued issue(GeneralName... names) throws GeneralSecurityException {
        return issue("EC", Instant.now().plus(Duration.ofDays(1)), names);
    }

    static GeneralName dns(String domain) {
        return new GeneralName(GeneralName.dNSName, domain);
    }

    static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    static GeneralName address(String address) {
        return new GeneralName(GeneralName.iPAddress, address);
    }

    Issued issue(String algorithm, Instant until, GeneralName... names)
            throws GeneralSecurityException {
        KeyPair pair = keys(algorithm);
        String common = names.length == 0 ? "only.common.test" : "somebody";
        try {
            JcaX509v3CertificateBuilder builder =
                    builder(
                            new X500Name("CN=" + common),
                            pair,
                            until.minus(Duration.ofDays(30)),
                            until);
            if (names.length > 0) {
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return new Issued(signed(builder), pair.getPrivate(), certificate);
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
    }

    private JcaX509v3CertificateBuilder builder(
            X500Name subject, KeyPair pair, Instant from, Instant until) {
        return new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(serial++),
                Date.from(from),
                Date.from(until),
                subject,
                pair.getPublic());
    }

    private X509Certificate signed(X509v3CertificateBuilder builder)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(keys.getPrivate())));
        } catch (OperatorCreationException fault) {
            throw new GeneralSecurityException(fault);
        }
    }

    /** A file with this authority alone. */
    Authorities writtenTo(Path file) throws IOException {
        Files.writeString(file, pem(certificate));
        return new Authorities(Optional.of(file), true);
    }

    /** Of a peer that trusts this authority and shows that certificate, if any. */
    SSLContext peer(@Nullable Issued shown) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManager[] own = new KeyManager[0];
        if (shown != null) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "own",
                    shown.key(),
                    new char[0],
                    new Certificate[] {shown.certificate(), shown.issuer()});
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(store, new char[0]);
            own = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager[] managers = trust.getTrustManagers();
        context.init(own, managers, null);
        return context;
    }

    private static String pem(Object value) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(value);
        }
        return text.toString();
    }
}

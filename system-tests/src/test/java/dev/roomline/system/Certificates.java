package dev.roomline.system;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemGenerationException;

/** An authority of the tests' own, made when it is asked for, and what it certifies. */
final class Certificates {
    private static final String PASSWORD = "changeit";

    private final AtomicLong serials = new AtomicLong();
    private final KeyPair keys = keys();
    private final X500Name name = new X500Name("CN=Authority of the tests");
    final X509Certificate authority = certify(name, keys, true);
    final Path folder = Workspace.folder("certificates");

    /** What a host shows, and the key to it. */
    record Shown(X509Certificate certificate, PrivateKey key) {}

    /** For DNS names or addresses. */
    Shown of(String... hosts) {
        KeyPair pair = keys();
        return new Shown(
                certify(new X500Name("CN=" + hosts[0]), pair, false, hosts), pair.getPrivate());
    }

    /** As PEM files {@code name.pem} and {@code name-key.pem}; each appears whole. */
    void write(Shown shown, String file) {
        try {
            put(file + "-key.pem", pem(new JcaPKCS8Generator(shown.key(), null)));
        } catch (PemGenerationException e) {
            throw new AssertionError(e);
        }
        put(file + ".pem", pem(shown.certificate()) + pem(authority));
    }

    /** One file with all of it, for programs that want it so. */
    Path whole(Shown shown, String file) {
        try {
            String key = pem(new JcaPKCS8Generator(shown.key(), null));
            return put(file, key + pem(shown.certificate()) + pem(authority));
        } catch (PemGenerationException e) {
            throw new AssertionError(e);
        }
    }

    /** For programs that read PEM. */
    Path authorityFile() {
        return put("authority.pem", pem(authority));
    }

    private Path put(String file, String text) {
        try {
            Path half = Files.createTempFile(folder, "half-", "");
            Files.writeString(half, text);
            return Files.move(half, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What makes a JVM trust this authority and no other. */
    BridgeProcess trustedBy(BridgeProcess bridge) {
        Path store = folder.resolve("trusted.p12");
        try (OutputStream out = Files.newOutputStream(store)) {
            trusted().store(out, PASSWORD.toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        return bridge.javaOption("-Djavax.net.ssl.trustStore=" + store)
                .javaOption("-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
    }

    private KeyStore trusted() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", authority);
        return store;
    }

    /** Of a peer that trusts this authority alone and shows that. */
    SSLContext peer(Shown shown) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted());
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry(
                    "own",
                    shown.key(),
                    new char[0],
                    new Certificate[] {shown.certificate(), authority});
            KeyManagerFactory managers = KeyManagerFactory.getInstance("SunX509");
            managers.init(own, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private X509Certificate certify(X500Name subject, KeyPair pair, boolean ca, String... hosts) {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.valueOf(serials.incrementAndGet()),
                        Date.from(now.minus(Duration.ofHours(1))),
                        Date.from(now.plus(Duration.ofDays(1))),
                        subject,
                        pair.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
            if (hosts.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, names(hosts));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(keys.getPrivate())));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static GeneralNames names(String... hosts) {
        GeneralName[] names = new GeneralName[hosts.length];
        for (int i = 0; i < hosts.length; i++) {
            boolean address = hosts[i].matches("[0-9.]+|.*:.*");
            int kind = address ? GeneralName.iPAddress : GeneralName.dNSName;
            names[i] = new GeneralName(kind, hosts[i]);
        }
        return new GeneralNames(names);
    }

    private static String pem(Object value) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}

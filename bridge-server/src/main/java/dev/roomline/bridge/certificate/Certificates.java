package dev.roomline.bridge.certificate;

import dev.roomline.bridge.config.RoomlineConfig.HttpTls;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The certificate that pages are served with: the configured one, or one made here and kept. */
public final class Certificates {
    private static final Duration VALID = Duration.ofDays(825);

    private Certificates() {}

    /** The files; made where they are wanted and not there yet. Blocks. */
    public static HttpTls.Pem pem(HttpTls tls, Path dataDir) {
        return switch (tls) {
            case HttpTls.Pem pem -> pem;
            case HttpTls.SelfSigned _ -> selfSigned(dataDir);
        };
    }

    private static HttpTls.Pem selfSigned(Path dataDir) {
        Path certificate = dataDir.resolve("http-certificate.pem");
        Path key = dataDir.resolve("http-key.pem");
        try {
            if (!Files.exists(certificate) || !Files.exists(key)) {
                make(certificate, key);
            }
            return new HttpTls.Pem(certificate, key);
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(
                    "A certificate for http could not be made in " + dataDir + ".", e);
        }
    }

    private static void make(Path certificate, Path key)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=Roomline");
        Instant now = Instant.now();
        X509CertificateHolder holder =
                new JcaX509v3CertificateBuilder(
                                name,
                                new BigInteger(120, new SecureRandom()).add(BigInteger.ONE),
                                Date.from(now.minus(Duration.ofDays(1))),
                                Date.from(now.plus(VALID)),
                                name,
                                pair.getPublic())
                        .addExtension(
                                Extension.subjectAlternativeName,
                                false,
                                new GeneralNames(
                                        new GeneralName[] {
                                            new GeneralName(GeneralName.dNSName, "localhost"),
                                            new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                                        }))
                        .build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(pair.getPrivate()));
        Files.deleteIfExists(key);
        Files.createFile(
                key,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, pem(new JcaPKCS8Generator(pair.getPrivate(), null)));
        Files.writeString(certificate, pem(holder));
    }

    private static String pem(Object value) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(value);
        }
        return text.toString();
    }
}

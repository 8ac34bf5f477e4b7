package dev.roomline.sip.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who we are to those who speak TLS with us. Immutable.
 *
 * @param chain our certificate, then those that lead to its authority
 */
public record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {
    /** What became of reading one. */
    public sealed interface Read {
        record Good(TlsIdentity identity) implements Read {}

        /**
         * @param sentence names the file, what is wrong and what was expected
         */
        record Bad(String sentence) implements Read {}
    }

    public TlsIdentity {
        chain = List.copyOf(chain);
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Why nobody should believe it now, and from when on or since when; empty if all is well. */
    public Optional<String> untimely(Instant now) {
        Instant until = certificate().getNotAfter().toInstant();
        Instant from = certificate().getNotBefore().toInstant();
        if (now.isAfter(until)) {
            return Optional.of("expired on " + until);
        }
        return now.isBefore(from) ? Optional.of("is not valid before " + from) : Optional.empty();
    }

    /** Whom it is for, as it says itself. */
    public List<String> names() {
        return PeerNames.of(certificate());
    }

    /**
     * Reads both files and looks whether one belongs to the other; blocks.
     *
     * @param section whose {@code tls_certificate} and {@code tls_key} they are: {@code sip},
     *     {@code http}
     */
    public static Read read(String section, Path certificate, Path key) {
        String ofCertificate = section + ".tls_certificate";
        String ofKey = section + ".tls_key";
        try {
            List<X509Certificate> chain = chain(ofCertificate, certificate);
            if (chain.isEmpty()) {
                return bad(ofCertificate, certificate, "holds no certificate", "a PEM file");
            }
            Optional<PrivateKey> read = PemKey.read(text(ofKey, key));
            if (read.isEmpty()) {
                return bad(
                        ofKey,
                        key,
                        "holds no private key that can be read",
                        "PEM without a password: PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY");
            }
            if (!belongs(read.get(), chain.getFirst())) {
                return bad(
                        ofKey,
                        key,
                        "is not the key of "
                                + certificate
                                + " ("
                                + chain.getFirst().getSubjectX500Principal()
                                + ")",
                        "the key that this certificate was made for, which stands first in its"
                                + " file");
            }
            return new Read.Good(new TlsIdentity(chain, read.get()));
        } catch (IOException unreadable) {
            return new Read.Bad(String.valueOf(unreadable.getMessage()));
        } catch (CertificateException malformed) {
            return bad(
                    ofCertificate,
                    certificate,
                    "holds no certificate: " + malformed.getMessage(),
                    "a PEM file");
        }
    }

    private static Read bad(String setting, Path file, String fault, String expected) {
        return new Read.Bad(setting + ": " + file + " " + fault + "; expected " + expected);
    }

    private static List<X509Certificate> chain(String setting, Path file)
            throws IOException, CertificateException {
        byte[] pem = text(setting, file).getBytes(ISO_8859_1);
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate each :
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(pem))) {
            chain.add((X509Certificate) each);
        }
        return chain;
    }

    private static String text(String setting, Path file) throws IOException {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (NoSuchFileException none) {
            throw new IOException(
                    setting + ": " + file + " is not there; expected a PEM file", none);
        } catch (IOException unreadable) {
            throw new IOException(
                    setting
                            + ": "
                            + file
                            + " cannot be read ("
                            + unreadable.getClass().getSimpleName()
                            + "); expected a PEM file that this user may read",
                    unreadable);
        }
    }

    /** What one signs the other must verify. */
    private static boolean belongs(PrivateKey key, X509Certificate certificate) {
        String algorithm =
                switch (certificate.getPublicKey().getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "RSASSA-PSS" -> "RSASSA-PSS";
                    default -> "EdDSA";
                };
        try {
            byte[] probe = "whose key is this".getBytes(ISO_8859_1);
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(probe);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certificate.getPublicKey());
            verifying.update(probe);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException differs) {
            return false;
        }
    }
}

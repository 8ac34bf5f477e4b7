package dev.roomline.sip.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose signature makes a certificate believable.
 *
 * @param bundle PEM; empty: the JDK's own
 * @param alone whether the JDK's own do not count beside the bundle
 */
public record Authorities(Optional<Path> bundle, boolean alone) {
    /** Where Debian, Fedora and SUSE keep what their operators trust. */
    private static final Path[] USUAL = {
        Path.of("/etc/ssl/certs/ca-certificates.crt"),
        Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
        Path.of("/etc/ssl/ca-bundle.pem")
    };

    /**
     * As other programs do it: what {@code javax.net.ssl.trustStore} says, and nothing else; else
     * the file that {@code SSL_CERT_FILE} names alone; else the system's and the JDK's.
     */
    public static Authorities ofThisMachine() {
        if (System.getProperty("javax.net.ssl.trustStore") != null) {
            return new Authorities(Optional.empty(), false);
        }
        String named = System.getenv("SSL_CERT_FILE");
        if (named != null && !named.isBlank()) {
            return new Authorities(Optional.of(Path.of(named)), true);
        }
        return new Authorities(Arrays.stream(USUAL).filter(Files::isReadable).findFirst(), false);
    }

    /** Reads them; blocks. */
    X509ExtendedTrustManager read() throws IOException, GeneralSecurityException {
        if (bundle.isEmpty()) {
            return trusting(null);
        }
        Collection<? extends Certificate> certificates;
        try (InputStream pem = Files.newInputStream(bundle.get())) {
            certificates = CertificateFactory.getInstance("X.509").generateCertificates(pem);
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("authority-" + number++, certificate);
        }
        if (!alone) {
            for (X509Certificate own : ((X509TrustManager) trusting(null)).getAcceptedIssuers()) {
                store.setCertificateEntry("authority-" + number++, own);
            }
        }
        return trusting(store);
    }

    private static X509ExtendedTrustManager trusting(@Nullable KeyStore store)
            throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no X.509 trust in this JDK"));
    }
}

package dev.roomline.sip.transport;

import static dev.roomline.sip.transport.TestAuthority.dns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomline.sip.transport.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our certificate and its key as files: what is taken, what is refused and in which words. */
class TlsIdentityTest {
    @TempDir private Path folder;
    private Path certificate;
    private Path key;
    private TestAuthority authority;

    @BeforeEach
    void authority() throws Exception {
        authority = new TestAuthority("authority");
        certificate = folder.resolve("cert.pem");
        key = folder.resolve("key.pem");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void aKeyIsReadInEachOfItsFormats(String algorithm) throws Exception {
        Issued issued = issue(algorithm, Duration.ofDays(1));
        issued.write(certificate, key);
        assertThat(read()).isInstanceOf(TlsIdentity.Read.Good.class);
        if (!algorithm.equals("Ed25519")) {
            Files.writeString(key, issued.oldStyleKey());
            assertThat(Files.readString(key)).contains("BEGIN " + algorithm + " PRIVATE KEY");
            assertThat(read()).isInstanceOf(TlsIdentity.Read.Good.class);
        }
    }

    @Test
    void theWholeChainIsShown() throws Exception {
        issue("EC", Duration.ofDays(1)).write(certificate, key);
        assertThat(read())
                .isInstanceOfSatisfying(
                        TlsIdentity.Read.Good.class,
                        good ->
                                assertThat(good.identity().chain())
                                        .extracting(X509Certificate::getSerialNumber)
                                        .hasSize(2)
                                        .endsWith(authority.certificate.getSerialNumber()));
    }

    @Test
    void eachFaultIsOneSentenceThatNamesTheFileAndWhatWasExpected() throws Exception {
        issue("EC", Duration.ofDays(1)).write(certificate, key);
        String good = Files.readString(key);

        Files.delete(key);
        assertFault("sip.tls_key: " + key + " is not there; expected a PEM file");

        Files.writeString(key, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n");
        assertFault(
                "sip.tls_key: "
                        + key
                        + " holds no private key that can be read; expected PEM without a password:"
                        + " PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY");

        Path other = folder.resolve("other.pem");
        issue("EC", Duration.ofDays(1)).write(other, key);
        assertFault("sip.tls_key: " + key + " is not the key of " + certificate + " (CN=somebody)");

        Files.writeString(key, good);
        Files.writeString(certificate, "no certificate");
        assertFault("sip.tls_certificate: " + certificate + " holds no certificate");

        Files.delete(certificate);
        Files.createDirectory(certificate);
        assertFault("sip.tls_certificate: " + certificate + " cannot be read");
    }

    @Test
    void nothingStartsWithACertificateThatCannotBeUsed() throws Exception {
        issue("EC", Duration.ofDays(1)).write(certificate, folder.resolve("its-key.pem"));
        issue("EC", Duration.ofDays(1)).write(folder.resolve("other.pem"), key);
        assertThatThrownBy(() -> TlsDoor.open(settings()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not the key of");
        assertThatThrownBy(() -> TlsDoor.open(TlsSettings.of(0, List.of(), List.of())))
                .hasMessage("sip.tls needs sip.tls_certificate and sip.tls_key");
    }

    @Test
    void filesThatChangedAreReadAnewAndFaultyOnesChangeNothing() throws Exception {
        issue("EC", Duration.ofDays(1)).write(certificate, key);
        try (TlsDoor door = TlsDoor.open(settings())) {
            Optional<Instant> first = door.validUntil();

            Files.writeString(certificate, "half a certifica");
            door.look();
            assertThat(door.validUntil()).isEqualTo(first);

            issue("EC", Duration.ofDays(-1)).write(certificate, key);
            door.look();
            assertThat(door.validUntil()).isEqualTo(first);

            Issued next = issue("EC", Duration.ofDays(2));
            next.write(certificate, key);
            door.look();
            assertThat(door.validUntil())
                    .contains(next.certificate().getNotAfter().toInstant())
                    .isNotEqualTo(first);
        }
    }

    private TlsSettings settings() {
        return TlsSettings.of(TransportSettings.ANY_FREE_PORT, List.of(certificate), List.of(key));
    }

    private Issued issue(String algorithm, Duration valid) throws Exception {
        Instant until = Instant.now().plus(valid).truncatedTo(ChronoUnit.SECONDS);
        return authority.issue(algorithm, until, dns("sip.example.com"));
    }

    private TlsIdentity.Read read() {
        return TlsIdentity.read("sip", certificate, key);
    }

    private void assertFault(String begin) {
        assertThat(read())
                .isInstanceOfSatisfying(
                        TlsIdentity.Read.Bad.class,
                        bad ->
                                assertThat(bad.sentence())
                                        .startsWith(begin)
                                        .contains("; expected ")
                                        .doesNotContain("\n"));
    }
}

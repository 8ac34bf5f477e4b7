package dev.roomline.bridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roomline.bridge.certificate.Certificates;
import dev.roomline.bridge.config.RoomlineConfig.HttpTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of pages, API and SIP over secure WebSockets are replaced without a restart. */
final class HttpCertificateTest {
    /** Files are looked at every two seconds. */
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir private Path folder;

    @Test
    void newConnectionsGetTheNewCertificateAndThoseThatStandKeepTheirs() throws Exception {
        HttpTls.Pem served = made("served");
        HttpTls.Pem next = made("next");
        Certificate before = TrustedHttps.read(served.certificate());
        Certificate after = TrustedHttps.read(next.certificate());
        try (ApiServer server = serving(served);
                HttpClient standing = TrustedHttps.client(List.of(before))) {
            assertThat(shown(standing, server)).isEqualTo(before);

            replace(next.key(), served.key());
            replace(next.certificate(), served.certificate());
            await().atMost(SOON)
                    .untilAsserted(
                            () ->
                                    assertThat(shownToOthers(server, before, after))
                                            .isEqualTo(after));
            assertThat(shown(standing, server)).as("on its connection").isEqualTo(before);
        }
    }

    @Test
    void filesThatDoNotFitChangeNothing() throws Exception {
        HttpTls.Pem served = made("served");
        Certificate before = TrustedHttps.read(served.certificate());
        try (ApiServer server = serving(served)) {
            replace(made("other").key(), served.key());
            await().during(Duration.ofSeconds(5))
                    .atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(shownToOthers(server, before)).isEqualTo(before));

            HttpTls.Pem next = made("next");
            Certificate after = TrustedHttps.read(next.certificate());
            replace(next.key(), served.key());
            replace(next.certificate(), served.certificate());
            await().atMost(SOON)
                    .untilAsserted(
                            () ->
                                    assertThat(shownToOthers(server, before, after))
                                            .isEqualTo(after));
        }
    }

    @Test
    void aKeyOfAnotherCertificateIsToldAtTheStart() throws Exception {
        HttpTls.Pem served = made("served");
        HttpTls.Pem other = made("other");
        assertThatThrownBy(
                        () -> serving(new HttpTls.Pem(served.certificate(), other.key())).close())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("http.tls_key: " + other.key() + " is not the key of");
    }

    private HttpTls.Pem made(String name) throws IOException {
        return Certificates.pem(
                new HttpTls.SelfSigned(), Files.createDirectory(folder.resolve(name)));
    }

    private ApiServer serving(HttpTls.Pem pem) {
        return new ApiServer(
                folder, "http.tls_certificate=" + pem.certificate(), "http.tls_key=" + pem.key());
    }

    private static void replace(Path by, Path file) throws IOException {
        Path beside = file.resolveSibling("new.pem");
        Files.copy(by, beside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Certificate shownToOthers(ApiServer server, Certificate... believed)
            throws Exception {
        try (HttpClient fresh = TrustedHttps.client(List.of(believed))) {
            return shown(fresh, server);
        }
    }

    private static Certificate shown(HttpClient client, ApiServer server) throws Exception {
        SSLSession session =
                client.send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "https://127.0.0.1:" + server.port + "/"))
                                        .version(Version.HTTP_1_1)
                                        .build(),
                                BodyHandlers.ofString())
                        .sslSession()
                        .orElseThrow();
        return session.getPeerCertificates()[0];
    }
}

package dev.roomline.bridge.api;

import dev.roomline.bridge.config.RoomlineConfig.HttpTls;
import dev.roomline.sip.transport.FileStamps;
import dev.roomline.sip.transport.TlsIdentity;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of pages, API and SIP over secure WebSockets. It is read anew when its files have
 * changed: connections that stand keep theirs, and files that are at fault change nothing.
 * Thread-safe; a thread of its own looks at the files.
 */
final class HttpCertificate implements AutoCloseable {
    private static final long LOOK_MILLIS = 2_000;
    private static final Logger log = LoggerFactory.getLogger(HttpCertificate.class);

    private final HttpTls.Pem pem;
    private final FileStamps files;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final Thread watch;

    private HttpCertificate(HttpTls.Pem pem) {
        this.pem = pem;
        this.files = FileStamps.of(List.of(pem.certificate(), pem.key()));
        this.watch = Thread.ofVirtual().name("http-certificate").unstarted(this::watch);
    }

    /**
     * Reads the files; blocks.
     *
     * @throws IllegalStateException with a sentence for the operator
     */
    static HttpCertificate open(HttpTls.Pem pem) {
        HttpCertificate opened = new HttpCertificate(pem);
        switch (opened.read()) {
            case TlsIdentity.Read.Good(TlsIdentity identity) -> {
                // pages that warn are better than none
                identity.untimely(Instant.now())
                        .ifPresent(
                                fault ->
                                        log.error(
                                                "http.tls_certificate: {} {}; browsers warn of it:"
                                                        + " put a valid one in its place, no restart"
                                                        + " is needed",
                                                pem.certificate(),
                                                fault));
                tell(identity, "read");
            }
            case TlsIdentity.Read.Bad(String sentence) -> throw new IllegalStateException(sentence);
        }
        opened.watch.start();
        return opened;
    }

    private TlsIdentity.Read read() {
        return TlsIdentity.read("http", pem.certificate(), pem.key());
    }

    PemKeyCertOptions options() {
        return new PemKeyCertOptions()
                .addCertPath(pem.certificate().toString())
                .addKeyPath(pem.key().toString());
    }

    /** It is told of each change from now on. */
    void serve(HttpServer server) {
        servers.add(server);
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(LOOK_MILLIS);
                if (files.changed()) {
                    reload();
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void reload() {
        switch (read()) {
            case TlsIdentity.Read.Good(TlsIdentity identity) -> {
                Optional<String> fault = identity.untimely(Instant.now());
                if (fault.isPresent()) {
                    kept("http.tls_certificate: " + pem.certificate() + " " + fault.get());
                    return;
                }
                for (HttpServer server : servers) {
                    // the paths are the same: it has to read them all the same
                    server.updateSSLOptions(
                                    new ServerSSLOptions().setKeyCertOptions(options()), true)
                            .onFailure(why -> kept("http.tls_certificate: " + why.getMessage()));
                }
                tell(identity, "reloaded");
            }
            case TlsIdentity.Read.Bad(String sentence) -> kept(sentence);
        }
    }

    private static void kept(String sentence) {
        log.error("{}; the certificate of before stays in use", sentence);
    }

    private static void tell(TlsIdentity identity, String what) {
        log.info(
                "http certificate {} names={} valid_until={}",
                what,
                identity.names(),
                identity.certificate().getNotAfter().toInstant());
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}

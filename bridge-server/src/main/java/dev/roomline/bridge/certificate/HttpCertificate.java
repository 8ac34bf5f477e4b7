package dev.roomline.bridge.certificate;

import dev.roomline.bridge.config.RoomlineConfig.HttpTls;
import dev.roomline.sip.transport.FileStamps;
import dev.roomline.sip.transport.TlsIdentity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of pages, API and SIP over secure WebSockets. It is read anew when its files have
 * changed: connections that stand keep theirs, and files that are at fault change nothing.
 * Thread-safe; a thread of its own looks at the files.
 */
public final class HttpCertificate implements AutoCloseable {
    private static final long LOOK_MILLIS = 2_000;
    private static final Logger log = LoggerFactory.getLogger(HttpCertificate.class);

    private final HttpTls.Pem pem;
    private final FileStamps files;
    private volatile Consumer<HttpTls.Pem> renewed = _ -> {};
    private final Thread watch;

    private HttpCertificate(HttpTls.Pem pem) {
        this.pem = pem;
        this.files = FileStamps.of(List.of(pem.certificate(), pem.key()));
        this.watch = Thread.ofVirtual().name("http-certificate").unstarted(this::watch);
    }

    /**
     * Reads the files; blocks.
     *
     * @param dataDir where one that the server makes for itself is kept
     * @throws IllegalStateException with a sentence for the operator
     */
    public static HttpCertificate open(HttpTls tls, Path dataDir) {
        HttpTls.Pem pem = Certificates.pem(tls, dataDir);
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

    /** Where it is read from. */
    public HttpTls.Pem files() {
        return pem;
    }

    /**
     * @param then gets the files as often as they have changed and fit, on the thread that looks at
     *     them
     */
    public void whenRenewed(Consumer<HttpTls.Pem> then) {
        renewed = then;
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
                renewed.accept(pem);
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

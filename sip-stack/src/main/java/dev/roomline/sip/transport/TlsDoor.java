package dev.roomline.sip.transport;

import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What turns a TCP connection into one of TLS 1.3 or 1.2. Signing and key exchange run on two
 * threads of its own, so that no handshake holds the signalling loop. Certificate, key and
 * authorities are read anew when their files have changed: connections that stand keep theirs, and
 * files that are at fault change nothing. Thread-safe.
 */
final class TlsDoor implements AutoCloseable {
    private static final int HANDSHAKE_THREADS = 2;
    private static final int MOST_WAITING_STEPS = 4096;
    private static final long LOOK_MILLIS = 2_000;
    private static final int CLOSE_MILLIS = 1_000;
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
    private static final Logger log = LoggerFactory.getLogger(TlsDoor.class);

    static {
        // a client that asks for one handshake after another on one connection costs us a signature
        // each; TLS 1.3 has no such thing and no phone needs it
        if (System.getProperty("jdk.tls.rejectClientInitiatedRenegotiation") == null) {
            System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        }
    }

    private final TlsSettings settings;
    private final ThreadPoolExecutor handshakes;
    private final Thread watch;
    private final FileStamps files;

    /**
     * Null until it is needed, where none is served: reading hundreds of authorities takes time.
     */
    private volatile @Nullable SSLContext context;

    private volatile List<TlsIdentity> identities;

    private TlsDoor(
            TlsSettings settings, List<TlsIdentity> identities, @Nullable SSLContext context) {
        this.settings = settings;
        this.identities = identities;
        this.context = context;
        this.files = FileStamps.of(watched(settings));
        this.handshakes =
                new ThreadPoolExecutor(
                        HANDSHAKE_THREADS,
                        HANDSHAKE_THREADS,
                        1,
                        TimeUnit.MINUTES,
                        new ArrayBlockingQueue<>(MOST_WAITING_STEPS),
                        Thread.ofPlatform().daemon().name("tls-handshake-", 0).factory());
        this.handshakes.allowCoreThreadTimeOut(true);
        this.watch = Thread.ofVirtual().name("tls-certificates").unstarted(this::watch);
    }

    /**
     * Reads the files; blocks.
     *
     * @throws IOException with one sentence that names the file and what was expected
     */
    static TlsDoor open(TlsSettings settings) throws IOException {
        List<TlsIdentity> identities = read(settings);
        if (identities.isEmpty() && settings.port() != TransportSettings.OFF) {
            throw new IOException("sip.tls needs sip.tls_certificate and sip.tls_key");
        }
        for (int i = 0; i < identities.size(); i++) {
            Path file = settings.certificates().get(i);
            // a server that came up with it yesterday comes up with it today: who does not look
            // still reaches us, and every other transport is served
            identities
                    .get(i)
                    .untimely(Instant.now())
                    .ifPresent(
                            fault ->
                                    log.error(
                                            "sip.tls_certificate: {} {}; peers that check it"
                                                    + " refuse us: put a valid one in its place,"
                                                    + " no restart is needed",
                                            file,
                                            fault));
        }
        TlsDoor door =
                new TlsDoor(
                        settings,
                        identities,
                        identities.isEmpty() ? null : context(settings, identities));
        tell(identities, "read");
        door.watch.start();
        return door;
    }

    /**
     * @throws IOException with one sentence, of the first that is at fault
     */
    private static List<TlsIdentity> read(TlsSettings settings) throws IOException {
        if (settings.certificates().size() != settings.keys().size()) {
            throw new IOException("sip.tls_certificate needs as many files as sip.tls_key");
        }
        List<TlsIdentity> identities = new ArrayList<>();
        for (int i = 0; i < settings.keys().size(); i++) {
            switch (TlsIdentity.read(
                    "sip", settings.certificates().get(i), settings.keys().get(i))) {
                case TlsIdentity.Read.Good(TlsIdentity read) -> identities.add(read);
                case TlsIdentity.Read.Bad(String sentence) -> throw new IOException(sentence);
            }
        }
        return List.copyOf(identities);
    }

    private static List<Path> watched(TlsSettings settings) {
        List<Path> files = new ArrayList<>(settings.certificates());
        files.addAll(settings.keys());
        settings.authorities().bundle().ifPresent(files::add);
        return files;
    }

    private static SSLContext context(TlsSettings settings, List<TlsIdentity> identities)
            throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager trust = new TlsTrust(settings.authorities().read());
            KeyManager[] keys =
                    identities.isEmpty() ? null : new KeyManager[] {new TlsKeys(identities)};
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException fault) {
            throw new IOException("TLS cannot be set up: " + fault.getMessage(), fault);
        } catch (IOException fault) {
            throw new IOException(
                    "the trusted authorities in "
                            + settings.authorities().bundle().map(Path::toString).orElse("the JDK")
                            + " cannot be read ("
                            + fault.getClass().getSimpleName()
                            + "); expected a PEM file",
                    fault);
        }
    }

    boolean isReady() {
        return context != null;
    }

    /**
     * Makes it ready on a thread of its own.
     *
     * @param then runs on that thread, also where that failed
     */
    void prepare(Runnable then) {
        handshakes.execute(
                () -> {
                    try {
                        firstContext();
                    } catch (IOException fault) {
                        log.error("{}; nobody can be called by TLS", fault.getMessage());
                    } finally {
                        then.run();
                    }
                });
    }

    private synchronized void firstContext() throws IOException {
        if (context == null) {
            context = context(settings, identities);
        }
    }

    private SSLContext ready() {
        SSLContext made = context;
        if (made == null) {
            throw new IllegalStateException("TLS is not ready");
        }
        return made;
    }

    /** For a connection that came. */
    SslHandler serving() {
        SSLEngine engine = ready().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = usual(engine);
        parameters.setWantClientAuth(true);
        engine.setSSLParameters(parameters);
        return handler(engine);
    }

    /**
     * For a connection that we open.
     *
     * @param name whom the peer must prove to be: a domain, or an address without brackets
     */
    SslHandler calling(String name, int port) {
        SSLEngine engine = ready().createSSLEngine(name, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = usual(engine);
        try {
            boolean isAddress = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
            parameters.setServerNames(
                    isAddress ? List.of() : List.of(new SNIHostName(name))); // RFC 6066 §3
        } catch (IllegalArgumentException noHostName) {
            parameters.setServerNames(List.of());
        }
        engine.setSSLParameters(parameters);
        return handler(engine);
    }

    private static SSLParameters usual(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        parameters.setUseCipherSuitesOrder(true);
        return parameters;
    }

    private SslHandler handler(SSLEngine engine) {
        SslHandler handler = new SslHandler(engine, handshakes);
        handler.setHandshakeTimeoutMillis(settings.handshakeTime().toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
        return handler;
    }

    Duration handshakeTime() {
        return settings.handshakeTime();
    }

    /** Until when all our certificates are valid; empty if we have none. */
    Optional<Instant> validUntil() {
        return identities.stream()
                .map(one -> one.certificate().getNotAfter().toInstant())
                .min(Comparator.naturalOrder());
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(LOOK_MILLIS);
                look();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads what has changed since the last look; blocks. */
    synchronized void look() {
        if (!files.changed() || context == null) {
            return;
        }
        try {
            List<TlsIdentity> next = read(settings);
            for (int i = 0; i < next.size(); i++) {
                Optional<String> fault = next.get(i).untimely(Instant.now());
                if (fault.isPresent()) {
                    kept(
                            "sip.tls_certificate: "
                                    + settings.certificates().get(i)
                                    + " "
                                    + fault.get());
                    return;
                }
            }
            context = context(settings, next);
            identities = next;
            tell(next, "reloaded");
        } catch (IOException fault) {
            kept(String.valueOf(fault.getMessage()));
        }
    }

    private static void kept(String sentence) {
        log.error("{}; the certificate of before stays in use", sentence);
    }

    private static void tell(List<TlsIdentity> read, String what) {
        for (TlsIdentity each : read) {
            log.info(
                    "tls certificate {} names={} valid_until={}",
                    what,
                    each.names(),
                    each.certificate().getNotAfter().toInstant());
        }
    }

    @Override
    public void close() {
        watch.interrupt();
        handshakes.shutdownNow();
    }
}

package dev.roomline.sip.transport;

import static dev.roomline.sip.transport.TestAuthority.dns;
import static dev.roomline.sip.transport.TransportsBench.LOOPBACK;

import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.TestAuthority.Issued;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * Transports that speak TLS alone, an authority that they trust, and peers with its certificates.
 */
final class TlsBench {
    final TransportsBench bench = new TransportsBench();
    final TestAuthority authority = new TestAuthority("authority");
    final Path folder;
    private int written;

    TlsBench(Path folder) throws Exception {
        this.folder = folder;
    }

    void close() throws Exception {
        bench.close();
    }

    /** Files of a certificate and its key. */
    record Written(Path certificate, Path key) {}

    Written written(GeneralName... names) throws Exception {
        return written("EC", names);
    }

    Written written(String algorithm, GeneralName... names) throws Exception {
        Written files =
                new Written(
                        folder.resolve("cert-" + ++written + ".pem"),
                        folder.resolve("key-" + written + ".pem"));
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        authority.issue(algorithm, tomorrow, names).write(files.certificate(), files.key());
        return files;
    }

    TlsSettings settings(Written... files) throws Exception {
        return settings(64, 64, Duration.ofSeconds(5), files);
    }

    private TlsSettings settings(int all, int perSource, Duration time, Written... files)
            throws Exception {
        return new TlsSettings(
                TransportSettings.ANY_FREE_PORT,
                Arrays.stream(files).map(Written::certificate).toList(),
                Arrays.stream(files).map(Written::key).toList(),
                authority.writtenTo(folder.resolve("authorities.pem")),
                time,
                all,
                perSource);
    }

    SipTransports open() throws Exception {
        return open(64, 64, Duration.ofSeconds(5));
    }

    SipTransports open(int handshakes, int handshakesPerSource, Duration time) throws Exception {
        return open(
                settings(handshakes, handshakesPerSource, time, written(dns("sip.example.com"))));
    }

    SipTransports open(TlsSettings tls) throws IOException {
        return bench.open(
                TransportSettings.of(
                                List.of(LOOPBACK),
                                List.of(),
                                TransportSettings.OFF,
                                TransportSettings.OFF)
                        .with(tls));
    }

    SSLSocket call(SipTransports transports, SSLContext context) throws IOException {
        int port = transports.port(TransportKind.TLS).orElseThrow();
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(LOOPBACK, port);
        socket.setSoTimeout(5000);
        return socket;
    }

    static boolean handshakes(SSLSocket socket) throws IOException {
        try {
            socket.startHandshake();
            // in TLS 1.3 a client learns only by reading that its certificate was refused
            return socket.getInputStream().read() >= 0;
        } catch (IOException refused) {
            return false;
        }
    }

    static Hop hop(int port, String name) {
        return new Hop(TransportKind.TLS, null, new InetSocketAddress(LOOPBACK, port), 0, name);
    }

    Carrier carrier(Issued shown) throws Exception {
        return new Carrier(authority.peer(shown));
    }

    /** A peer that is called, with a certificate to show. */
    static final class Carrier implements AutoCloseable {
        final SSLServerSocket socket;

        private Carrier(SSLContext context) throws IOException {
            socket =
                    (SSLServerSocket)
                            context.getServerSocketFactory().createServerSocket(0, 5, LOOPBACK);
            socket.setSoTimeout(5000);
        }

        Hop hop(String name) {
            return TlsBench.hop(socket.getLocalPort(), name);
        }

        SSLSocket accept() throws IOException {
            SSLSocket accepted = (SSLSocket) socket.accept();
            accepted.setSoTimeout(5000);
            return accepted;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

package dev.roomline.sip.transport;

import static dev.roomline.sip.transport.TestAuthority.address;
import static dev.roomline.sip.transport.TestAuthority.dns;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.SipInput;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.TestAuthority.Issued;
import dev.roomline.sip.transport.TransportCounters.Drop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with the JDK's own sockets as peers; every wait is for something that must come. */
class TlsStreamsTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final String MESSAGE = "OPTIONS sip:a@b SIP/2.0\r\nl: 2\r\n\r\nhi";

    private record Received(Flow flow, String text) {}

    private record Failed(SendFailure why, String detail) {}

    @TempDir private Path folder;
    private final SignalLoop loop = SignalLoop.start();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<Failed> failed = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> refused = new LinkedBlockingQueue<>();
    private TestAuthority authority;
    private @Nullable SipTransports opened;

    @BeforeEach
    void authority() throws Exception {
        authority = new TestAuthority("authority");
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
        loop.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aStreamIsCutAndAnsweredOnItsOwnConnection(String version) throws Exception {
        SipTransports transports = open();
        try (SSLSocket peer = call(transports, authority.peer(null))) {
            peer.setEnabledProtocols(new String[] {version});
            write(peer, MESSAGE + MESSAGE.substring(0, 9));
            Received first = next();
            assertThat(peer.getSession().getProtocol()).isEqualTo(version);
            assertThat(first.text()).isEqualTo(MESSAGE);
            assertThat(first.flow().transport()).isEqualTo(TransportKind.TLS);
            write(peer, MESSAGE.substring(9) + "\r\n\r\n");
            assertThat(next().flow()).isEqualTo(first.flow());
            assertThat(read(peer, 2)).isEqualTo("\r\n");
            send(transports, back(first.flow()), "answer", 1);
            assertThat(read(peer, 6)).isEqualTo("answer");
        }
        assertThat(transports.counters().received(TransportKind.TLS)).isEqualTo(2);
        assertThat(transports.counters().sent(TransportKind.TLS)).isEqualTo(1);
    }

    @Test
    void whatCannotBeCutIsAnsweredAndThenClosedInGoodOrder() throws Exception {
        SipTransports transports = open();
        try (SSLSocket peer = call(transports, authority.peer(null))) {
            write(peer, "OPTIONS sip:a@b SIP/2.0\r\n\r\n");
            assertThat(new String(peer.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("refused MISSING_CONTENT_LENGTH");
        }
    }

    @Test
    void neitherOldVersionsNorWhatIsNoTlsIsServedAndBothAreTold() throws Exception {
        SipTransports transports = open();
        int port = transports.port(TransportKind.TLS).orElseThrow();
        try (Socket peer = new Socket(LOOPBACK, port)) {
            write(peer, MESSAGE);
            assertThat(refused.poll(5, TimeUnit.SECONDS)).isEqualTo("what it sent is not TLS");
        }
        try (SSLSocket peer = call(transports, new TestAuthority("another").peer(null))) {
            assertThat(handshakes(peer)).isFalse();
            assertThat(refused.poll(5, TimeUnit.SECONDS))
                    .startsWith("it does not accept our certificate (alert ");
        }
        assertThat(transports.counters().dropped(Drop.HANDSHAKE_FAILED)).isEqualTo(2);
        settle();
        assertThat(transports.counters().openConnections()).isZero();
    }

    @Test
    @Tag("RFC5922§4")
    void aPeerThatWeCallIsNamedAndMustProveThatItIsTheOne() throws Exception {
        SipTransports transports = open();
        try (Carrier carrier = new Carrier(authority.issue(dns("sip.carrier.test")))) {
            send(transports, carrier.hop("sip.carrier.test"), MESSAGE, 1);
            try (SSLSocket connection = carrier.accept()) {
                assertThat(read(connection, MESSAGE.length())).isEqualTo(MESSAGE);
                List<SNIServerName> asked =
                        ((ExtendedSSLSession) connection.getSession()).getRequestedServerNames();
                assertThat(asked).extracting(Object::toString).hasSize(1);
                assertThat(new String(asked.getFirst().getEncoded(), ISO_8859_1))
                        .isEqualTo("sip.carrier.test");

                // the same address by the same name: the same connection; and back down it
                send(transports, carrier.hop("sip.carrier.test"), "again", 2);
                assertThat(read(connection, 5)).isEqualTo("again");
                write(connection, MESSAGE);
                assertThat(next().flow().remote()).isEqualTo(carrier.hop("").remote());

                // by another name it is another, which is not believed
                send(transports, carrier.hop("other.test"), MESSAGE, 3);
                try (SSLSocket second = carrier.accept()) {
                    assertThat(handshakes(second)).isFalse();
                }
                assertThat(failed.poll(5, TimeUnit.SECONDS))
                        .isEqualTo(
                                new Failed(
                                        SendFailure.TLS_FAILED,
                                        "its certificate is for sip.carrier.test, and not for"
                                                + " other.test"));
            }
        }
    }

    @Test
    void aCertificateIsRefusedInWordsThatSayWhy() throws Exception {
        SipTransports transports = open();
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        assertThat(
                        failureWith(
                                transports,
                                authority.issue("EC", yesterday, dns("c.test")),
                                "c.test"))
                .startsWith("its certificate expired on " + yesterday.toString().substring(0, 10));
        assertThat(failureWith(transports, new TestAuthority("x").issue(dns("c.test")), "c.test"))
                .isEqualTo(
                        "its certificate is of no authority that is trusted here: CN=somebody,"
                                + " issued by CN=x");
        assertThat(failureWith(transports, authority.issue(dns("c.test")), ""))
                .isEqualTo("its certificate is for c.test, and not for 127.0.0.1");
    }

    @Test
    void whoServesNoTlsCallsByItAllTheSame() throws Exception {
        SipTransports transports =
                open(
                        new TlsSettings(
                                TransportSettings.OFF,
                                Optional.empty(),
                                Optional.empty(),
                                authority.writtenTo(folder.resolve("authorities.pem")),
                                Duration.ofSeconds(1),
                                8,
                                8));
        try (Carrier carrier = new Carrier(authority.issue(dns("c.test")))) {
            send(transports, carrier.hop("c.test"), MESSAGE, 1);
            send(transports, carrier.hop("c.test"), "again", 2);
            try (SSLSocket connection = carrier.accept()) {
                assertThat(read(connection, MESSAGE.length() + 5)).isEqualTo(MESSAGE + "again");
            }
        }
        assertThat(transports.port(TransportKind.TLS)).isEmpty();
    }

    @Test
    void anAddressIsProvedByACertificateForIt() throws Exception {
        SipTransports transports = open();
        try (Carrier carrier = new Carrier(authority.issue(address("127.0.0.1")))) {
            send(transports, carrier.hop(""), MESSAGE, 1);
            try (SSLSocket connection = carrier.accept()) {
                assertThat(read(connection, MESSAGE.length())).isEqualTo(MESSAGE);
            }
        }
    }

    @Test
    void whoSpeaksNoTlsOrNothingAtAllIsToldFromWhoIsNotThere() throws Exception {
        SipTransports transports = open();
        int gone;
        try (ServerSocket plain = new ServerSocket(0, 5, LOOPBACK)) {
            gone = plain.getLocalPort();
            Hop hop = hop(gone, "c.test");
            send(transports, hop, MESSAGE, 1);
            try (Socket silent = plain.accept()) {
                assertThat(silent.getInputStream().read()).isPositive();
                assertThat(failure()).isEqualTo("the handshake took longer than 1 s");
            }
            send(transports, hop, MESSAGE, 2);
            try (Socket talking = plain.accept()) {
                write(talking, "SIP/2.0 400 This Is Not TLS\r\n\r\n");
                assertThat(failure()).isEqualTo("what it sent is not TLS");
            }
            send(transports, hop, MESSAGE, 3);
            plain.accept().close();
            assertThat(failure()).contains("in the middle of the handshake");
        }
        send(transports, hop(gone, "c.test"), MESSAGE, 4);
        assertThat(failed.poll(5, TimeUnit.SECONDS))
                .isEqualTo(new Failed(SendFailure.CONNECT_FAILED, "connection refused"));
    }

    @Test
    void aCertificateIsShownToWhoAsksForOne() throws Exception {
        SipTransports transports = open();
        try (Carrier carrier = new Carrier(authority.issue(dns("c.test")))) {
            carrier.socket.setNeedClientAuth(true);
            send(transports, carrier.hop("c.test"), MESSAGE, 1);
            try (SSLSocket connection = carrier.accept()) {
                assertThat(read(connection, MESSAGE.length())).isEqualTo(MESSAGE);
                assertThat(connection.getSession().getPeerPrincipal().getName())
                        .isEqualTo("CN=somebody");
            }
        }
    }

    @Test
    @Tag("RFC5923§8.2")
    void whoProvedWhoItIsAndAsksForItGetsRequestsDownItsOwnConnection() throws Exception {
        SipTransports transports = open();
        SSLContext proven = authority.peer(authority.issue(dns("pbx.test")));
        try (SSLSocket peer = call(transports, proven)) {
            write(peer, aliased(5999));
            next();
            send(transports, hop(5999, "pbx.test"), "down", 1);
            assertThat(read(peer, 4)).isEqualTo("down");

            send(transports, hop(5999, "somebody.else.test"), "no", 2);
            assertThat(failure()).isEqualTo("connection refused");
        }
    }

    @Test
    @Tag("RFC5923§8")
    void whoProvedNothingIsFoundByNoOtherAddress() throws Exception {
        SipTransports transports = open();
        SSLContext unbelieved = authority.peer(new TestAuthority("unknown").issue(dns("pbx.test")));
        for (SSLContext context : List.of(authority.peer(null), unbelieved)) {
            try (SSLSocket peer = call(transports, context)) {
                write(peer, aliased(5999));
                assertThat(next().text()).contains(";alias");
                send(transports, hop(5999, "pbx.test"), "down", 1);
                assertThat(failure()).isEqualTo("connection refused");
            }
        }
    }

    @Test
    void aSourceThatBeginsManyHandshakesAndEndsNoneKeepsNobodyElseOut() throws Exception {
        SipTransports transports = open(2, 1);
        int port = transports.port(TransportKind.TLS).orElseThrow();
        try (Socket silent = new Socket(LOOPBACK, port);
                Socket second = new Socket(LOOPBACK, port)) {
            assertThat(second.getInputStream().read()).isEqualTo(-1);
            assertThat(transports.counters().dropped(Drop.HANDSHAKE_LIMIT)).isEqualTo(1);
            // its time is over, and with it its place
            drain(silent);
        }
        assertThat(refused.poll(5, TimeUnit.SECONDS))
                .isEqualTo("the handshake took longer than 1 s");
        try (SSLSocket peer = call(transports, authority.peer(null))) {
            write(peer, MESSAGE);
            assertThat(next().text()).isEqualTo(MESSAGE);
        }
    }

    /** Reads until the other side has closed. */
    private static void drain(Socket socket) throws IOException {
        socket.setSoTimeout(5000);
        while (socket.getInputStream().read() >= 0) {
            // an alert, perhaps
        }
    }

    /** What the loop had to do is done. */
    private void settle() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        assertThat(loop.post(() -> done.complete(null))).isTrue();
        done.join();
    }

    private static String aliased(int port) {
        return "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:"
                + port
                + ";branch=z9hG4bK1;alias\r\nContent-Length: 0\r\n\r\n";
    }

    private String failureWith(SipTransports transports, Issued shown, String name)
            throws Exception {
        try (Carrier carrier = new Carrier(shown)) {
            send(transports, carrier.hop(name), MESSAGE, 1);
            try (SSLSocket connection = carrier.accept()) {
                assertThat(handshakes(connection)).isFalse();
            }
            return failure();
        }
    }

    private String failure() throws InterruptedException {
        return Objects.requireNonNull(failed.poll(5, TimeUnit.SECONDS), "nothing failed").detail();
    }

    private Received next() throws InterruptedException {
        return Objects.requireNonNull(received.poll(5, TimeUnit.SECONDS), "nothing came");
    }

    private static boolean handshakes(SSLSocket socket) throws IOException {
        try {
            socket.startHandshake();
            // in TLS 1.3 a client learns only by reading that its certificate was refused
            return socket.getInputStream().read() >= 0;
        } catch (IOException refused) {
            return false;
        }
    }

    /** A peer that is called, with a certificate to show. */
    private final class Carrier implements AutoCloseable {
        final SSLServerSocket socket;

        Carrier(Issued shown) throws Exception {
            socket =
                    (SSLServerSocket)
                            authority
                                    .peer(shown)
                                    .getServerSocketFactory()
                                    .createServerSocket(0, 5, LOOPBACK);
            socket.setSoTimeout(5000);
        }

        Hop hop(String name) {
            return TlsStreamsTest.hop(socket.getLocalPort(), name);
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

    private static Hop hop(int port, String name) {
        return new Hop(TransportKind.TLS, null, new InetSocketAddress(LOOPBACK, port), 0, name);
    }

    private static Hop back(Flow flow) {
        return new Hop(flow.transport(), flow.local(), flow.remote(), flow.connection());
    }

    private SSLSocket call(SipTransports transports, SSLContext context) throws IOException {
        int port = transports.port(TransportKind.TLS).orElseThrow();
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(LOOPBACK, port);
        socket.setSoTimeout(5000);
        return socket;
    }

    private static void write(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(ISO_8859_1));
        to.getOutputStream().flush();
    }

    private static String read(Socket from, int octets) throws IOException {
        return new String(from.getInputStream().readNBytes(octets), ISO_8859_1);
    }

    private void send(SipTransports transports, Hop hop, String text, long ticket) {
        assertThat(loop.post(() -> transports.send(hop, text.getBytes(ISO_8859_1), ticket)))
                .isTrue();
    }

    private SipTransports open() throws Exception {
        return open(64, 64);
    }

    private SipTransports open(int handshakes, int handshakesPerSource) throws Exception {
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        authority.issue(dns("sip.example.com")).write(certificate, key);
        return open(
                new TlsSettings(
                        TransportSettings.ANY_FREE_PORT,
                        Optional.of(certificate),
                        Optional.of(key),
                        authority.writtenTo(folder.resolve("authorities.pem")),
                        Duration.ofSeconds(1),
                        handshakes,
                        handshakesPerSource));
    }

    private SipTransports open(TlsSettings tls) throws IOException {
        SipTransports transports =
                new SipTransports(
                        loop,
                        TransportSettings.of(
                                        List.of(LOOPBACK),
                                        List.of(),
                                        TransportSettings.OFF,
                                        TransportSettings.OFF)
                                .with(tls),
                        new SplittableRandom(1));
        transports.open(new Listening(transports));
        opened = transports;
        return transports;
    }

    private final class Listening implements SipTransports.Receiver {
        private final SipTransports transports;

        Listening(SipTransports transports) {
            this.transports = transports;
        }

        @Override
        public void received(Flow flow, byte[] message, SipInput.Standing standing) {
            received.add(new Received(flow, new String(message, ISO_8859_1)));
        }

        @Override
        public void overdue(Flow flow, byte[] message) {
            throw new AssertionError("streams wait for nobody");
        }

        @Override
        public void unframeable(Flow flow, byte[] head, FramingFault fault) {
            transports.send(back(flow), ("refused " + fault.name()).getBytes(ISO_8859_1), 0);
        }

        @Override
        public boolean needs(long connection) {
            return false;
        }

        @Override
        public void closed(long connection) {}

        @Override
        public void handshakeFailed(Flow flow, String why) {
            refused.add(why);
        }

        @Override
        public void sendFailed(long ticket, SendFailure why, String detail) {
            failed.add(new Failed(why, detail));
        }
    }
}

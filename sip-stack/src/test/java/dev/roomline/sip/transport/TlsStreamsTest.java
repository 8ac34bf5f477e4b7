package dev.roomline.sip.transport;

import static dev.roomline.sip.transport.TestAuthority.dns;
import static dev.roomline.sip.transport.TlsBench.handshakes;
import static dev.roomline.sip.transport.TlsBench.hop;
import static dev.roomline.sip.transport.TransportsBench.LOOPBACK;
import static dev.roomline.sip.transport.TransportsBench.MESSAGE;
import static dev.roomline.sip.transport.TransportsBench.back;
import static dev.roomline.sip.transport.TransportsBench.read;
import static dev.roomline.sip.transport.TransportsBench.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.TransportCounters.Drop;
import dev.roomline.sip.transport.TransportsBench.Received;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * TLS as we serve it, with the JDK's own sockets as peers; every wait is for something that must
 * come.
 */
class TlsStreamsTest {
    @TempDir private Path folder;
    private TlsBench tls;

    @BeforeEach
    void begin() throws Exception {
        tls = new TlsBench(folder);
    }

    @AfterEach
    void close() throws Exception {
        tls.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aStreamIsCutAndAnsweredOnItsOwnConnection(String version) throws Exception {
        SipTransports transports = tls.open();
        try (SSLSocket peer = tls.call(transports, tls.authority.peer(null))) {
            peer.setEnabledProtocols(new String[] {version});
            write(peer, MESSAGE + MESSAGE.substring(0, 9));
            Received first = tls.bench.next();
            assertThat(peer.getSession().getProtocol()).isEqualTo(version);
            assertThat(first.text()).isEqualTo(MESSAGE);
            assertThat(first.flow().transport()).isEqualTo(TransportKind.TLS);
            write(peer, MESSAGE.substring(9) + "\r\n\r\n");
            assertThat(tls.bench.next().flow()).isEqualTo(first.flow());
            assertThat(read(peer, 2)).isEqualTo("\r\n");
            tls.bench.send(transports, back(first.flow()), "answer", 1);
            assertThat(read(peer, 6)).isEqualTo("answer");
        }
        assertThat(transports.counters().received(TransportKind.TLS)).isEqualTo(2);
        assertThat(transports.counters().sent(TransportKind.TLS)).isEqualTo(1);
    }

    @Test
    void whatCannotBeCutIsAnsweredAndThenClosedInGoodOrder() throws Exception {
        SipTransports transports = tls.open();
        try (SSLSocket peer = tls.call(transports, tls.authority.peer(null))) {
            write(peer, "OPTIONS sip:a@b SIP/2.0\r\n\r\n");
            assertThat(new String(peer.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("refused MISSING_CONTENT_LENGTH");
        }
    }

    @Test
    void neitherOldVersionsNorWhatIsNoTlsIsServedAndBothAreTold() throws Exception {
        SipTransports transports = tls.open();
        int port = transports.port(TransportKind.TLS).orElseThrow();
        try (Socket peer = new Socket(LOOPBACK, port)) {
            write(peer, MESSAGE);
            assertThat(tls.bench.refused.poll(5, TimeUnit.SECONDS))
                    .isEqualTo("what it sent is not TLS");
        }
        try (SSLSocket peer = tls.call(transports, new TestAuthority("another").peer(null))) {
            assertThat(handshakes(peer)).isFalse();
            assertThat(tls.bench.refused.poll(5, TimeUnit.SECONDS))
                    .startsWith("it does not accept our certificate (alert ");
        }
        assertThat(transports.counters().dropped(Drop.HANDSHAKE_FAILED)).isEqualTo(2);
        tls.bench.signalled();
        assertThat(transports.counters().openConnections()).isZero();
    }

    @Test
    @Tag("RFC5923§8.2")
    void whoProvedWhoItIsAndAsksForItGetsRequestsDownItsOwnConnection() throws Exception {
        SipTransports transports = tls.open();
        SSLContext proven = tls.authority.peer(tls.authority.issue(dns("pbx.test")));
        try (SSLSocket peer = tls.call(transports, proven)) {
            write(peer, aliased(5999));
            tls.bench.next();
            tls.bench.send(transports, hop(5999, "pbx.test"), "down", 1);
            assertThat(read(peer, 4)).isEqualTo("down");

            tls.bench.send(transports, hop(5999, "somebody.else.test"), "no", 2);
            assertThat(tls.bench.failure().detail()).isEqualTo("connection refused");
        }
    }

    @Test
    @Tag("RFC5923§8")
    void whoProvedNothingIsFoundByNoOtherAddress() throws Exception {
        SipTransports transports = tls.open();
        SSLContext unbelieved =
                tls.authority.peer(new TestAuthority("unknown").issue(dns("pbx.test")));
        for (SSLContext context : List.of(tls.authority.peer(null), unbelieved)) {
            try (SSLSocket peer = tls.call(transports, context)) {
                write(peer, aliased(5999));
                assertThat(tls.bench.next().text()).contains(";alias");
                tls.bench.send(transports, hop(5999, "pbx.test"), "down", 1);
                assertThat(tls.bench.failure().detail()).isEqualTo("connection refused");
            }
        }
    }

    @Test
    void aSourceThatBeginsManyHandshakesAndEndsNoneKeepsNobodyElseOut() throws Exception {
        SipTransports transports = tls.open(2, 1, Duration.ofSeconds(1));
        int port = transports.port(TransportKind.TLS).orElseThrow();
        try (Socket silent = new Socket(LOOPBACK, port);
                Socket second = new Socket(LOOPBACK, port)) {
            assertThat(second.getInputStream().read()).isEqualTo(-1);
            assertThat(transports.counters().dropped(Drop.HANDSHAKE_LIMIT)).isEqualTo(1);
            // its time is over, and with it its place
            drain(silent);
        }
        assertThat(tls.bench.refused.poll(5, TimeUnit.SECONDS))
                .isEqualTo("the handshake took longer than 1 s");
        try (SSLSocket peer = tls.call(transports, tls.authority.peer(null))) {
            write(peer, MESSAGE);
            assertThat(tls.bench.next().text()).isEqualTo(MESSAGE);
        }
    }

    /** Each from an address of its own, as a botnet has them. */
    @Test
    void handshakesThatManySourcesBeginAndNeverEndAreBoundedAndTheOldestMakeRoom()
            throws Exception {
        SipTransports transports = tls.open(3, 2, Duration.ofSeconds(20));
        int port = transports.port(TransportKind.TLS).orElseThrow();
        List<Socket> flood = new ArrayList<>();
        try {
            for (int i = 2; i < 40; i++) {
                InetAddress source = InetAddress.ofLiteral("127.0.0." + i);
                flood.add(new Socket(LOOPBACK, port, source, 0));
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (turnedAway(transports) < 35 && System.nanoTime() < deadline) {
                tls.bench.signalled();
            }
            assertThat(turnedAway(transports)).isEqualTo(35);
            assertThat(transports.counters().openConnections()).isEqualTo(3);
            // whoever comes later gets the place of one who has had a second
            boolean served = false;
            while (!served && System.nanoTime() < deadline) {
                served = isServed(transports);
            }
            assertThat(served).isTrue();
        } finally {
            for (Socket each : flood) {
                each.close();
            }
        }
        assertThat(transports.counters().dropped(Drop.MADE_ROOM)).isPositive();
    }

    private static long turnedAway(SipTransports transports) {
        return transports.counters().dropped(Drop.HANDSHAKE_LIMIT)
                + transports.counters().dropped(Drop.MADE_ROOM);
    }

    private boolean isServed(SipTransports transports) throws Exception {
        try (SSLSocket peer = tls.call(transports, tls.authority.peer(null))) {
            write(peer, MESSAGE);
            return tls.bench.received.poll(2, TimeUnit.SECONDS) != null;
        } catch (IOException turnedAway) {
            return false;
        }
    }

    /** RFC 6066 §3: who calls one of our names is shown the certificate for that name. */
    @ParameterizedTest
    @Tag("RFC6066§3")
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void eachNameHasItsCertificate(String version) throws Exception {
        SipTransports transports =
                tls.open(
                        tls.settings(
                                tls.written(dns("sip.one.test"), dns("*.one.test")),
                                tls.written("RSA", dns("two.test"))));
        for (String[] row :
                new String[][] {
                    {"sip.one.test", "sip.one.test"},
                    {"a.one.test", "sip.one.test"},
                    {"TWO.test", "two.test"},
                    {"three.test", "sip.one.test"},
                    {"", "sip.one.test"}
                }) {
            try (SSLSocket peer = tls.call(transports, tls.authority.peer(null))) {
                SSLParameters parameters = peer.getSSLParameters();
                parameters.setProtocols(new String[] {version});
                parameters.setServerNames(
                        row[0].isEmpty() ? List.of() : List.of(new SNIHostName(row[0])));
                peer.setSSLParameters(parameters);
                peer.startHandshake();
                X509Certificate shown =
                        (X509Certificate) peer.getSession().getPeerCertificates()[0];
                assertThat(PeerNames.of(shown)).as(row[0]).contains(row[1]);
            }
        }
    }

    /** Reads until the other side has closed. */
    private static void drain(Socket socket) throws IOException {
        socket.setSoTimeout(5000);
        while (socket.getInputStream().read() >= 0) {
            // an alert, perhaps
        }
    }

    private static String aliased(int port) {
        return "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:"
                + port
                + ";branch=z9hG4bK1;alias\r\nContent-Length: 0\r\n\r\n";
    }
}

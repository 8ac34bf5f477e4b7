package dev.roomline.sip.transport;

import static dev.roomline.sip.transport.TestAuthority.address;
import static dev.roomline.sip.transport.TestAuthority.dns;
import static dev.roomline.sip.transport.TlsBench.handshakes;
import static dev.roomline.sip.transport.TlsBench.hop;
import static dev.roomline.sip.transport.TransportsBench.LOOPBACK;
import static dev.roomline.sip.transport.TransportsBench.MESSAGE;
import static dev.roomline.sip.transport.TransportsBench.read;
import static dev.roomline.sip.transport.TransportsBench.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.TestAuthority.Issued;
import dev.roomline.sip.transport.TransportsBench.Failed;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * TLS as we call by it, with the JDK's own sockets as peers; every wait is for something that must
 * come.
 */
class TlsCallingTest {
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

    @Test
    @Tag("RFC5922§4")
    void aPeerThatWeCallIsNamedAndMustProveThatItIsTheOne() throws Exception {
        SipTransports transports = tls.open();
        try (TlsBench.Carrier carrier = tls.carrier(tls.authority.issue(dns("sip.carrier.test")))) {
            tls.bench.send(transports, carrier.hop("sip.carrier.test"), MESSAGE, 1);
            try (SSLSocket connection = carrier.accept()) {
                assertThat(read(connection, MESSAGE.length())).isEqualTo(MESSAGE);
                List<SNIServerName> asked =
                        ((ExtendedSSLSession) connection.getSession()).getRequestedServerNames();
                assertThat(asked).extracting(Object::toString).hasSize(1);
                assertThat(new String(asked.getFirst().getEncoded(), ISO_8859_1))
                        .isEqualTo("sip.carrier.test");

                // the same address by the same name: the same connection; and back down it
                tls.bench.send(transports, carrier.hop("sip.carrier.test"), "again", 2);
                assertThat(read(connection, 5)).isEqualTo("again");
                write(connection, MESSAGE);
                assertThat(tls.bench.next().flow().remote()).isEqualTo(carrier.hop("").remote());

                // by another name it is another, which is not believed
                tls.bench.send(transports, carrier.hop("other.test"), MESSAGE, 3);
                try (SSLSocket second = carrier.accept()) {
                    assertThat(handshakes(second)).isFalse();
                }
                assertThat(tls.bench.failure())
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
        SipTransports transports = tls.open();
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        assertThat(
                        failureWith(
                                transports,
                                tls.authority.issue("EC", yesterday, dns("c.test")),
                                "c.test"))
                .startsWith("its certificate expired on " + yesterday.toString().substring(0, 10));
        assertThat(failureWith(transports, new TestAuthority("x").issue(dns("c.test")), "c.test"))
                .isEqualTo(
                        "its certificate is of no authority that is trusted here: CN=somebody,"
                                + " issued by CN=x");
        assertThat(failureWith(transports, tls.authority.issue(dns("c.test")), ""))
                .isEqualTo("its certificate is for c.test, and not for 127.0.0.1");
    }

    @Test
    void whoServesNoTlsCallsByItAllTheSame() throws Exception {
        SipTransports transports =
                tls.open(
                        new TlsSettings(
                                TransportSettings.OFF,
                                List.of(),
                                List.of(),
                                tls.authority.writtenTo(tls.folder.resolve("authorities.pem")),
                                Duration.ofSeconds(1),
                                8,
                                8));
        try (TlsBench.Carrier carrier = tls.carrier(tls.authority.issue(dns("c.test")))) {
            tls.bench.send(transports, carrier.hop("c.test"), MESSAGE, 1);
            tls.bench.send(transports, carrier.hop("c.test"), "again", 2);
            try (SSLSocket connection = carrier.accept()) {
                assertThat(read(connection, MESSAGE.length() + 5)).isEqualTo(MESSAGE + "again");
            }
        }
        assertThat(transports.port(TransportKind.TLS)).isEmpty();
    }

    @Test
    void anAddressIsProvedByACertificateForIt() throws Exception {
        SipTransports transports = tls.open();
        try (TlsBench.Carrier carrier = tls.carrier(tls.authority.issue(address("127.0.0.1")))) {
            tls.bench.send(transports, carrier.hop(""), MESSAGE, 1);
            try (SSLSocket connection = carrier.accept()) {
                assertThat(read(connection, MESSAGE.length())).isEqualTo(MESSAGE);
            }
        }
    }

    @Test
    void whoSpeaksNoTlsOrNothingAtAllIsToldFromWhoIsNotThere() throws Exception {
        SipTransports transports = tls.open(64, 64, Duration.ofSeconds(1));
        int gone;
        try (ServerSocket plain = new ServerSocket(0, 5, LOOPBACK)) {
            gone = plain.getLocalPort();
            Hop hop = hop(gone, "c.test");
            tls.bench.send(transports, hop, MESSAGE, 1);
            try (Socket silent = plain.accept()) {
                assertThat(silent.getInputStream().read()).isPositive();
                assertThat(tls.bench.failure().detail())
                        .isEqualTo("the handshake took longer than 1 s");
            }
            tls.bench.send(transports, hop, MESSAGE, 2);
            try (Socket talking = plain.accept()) {
                write(talking, "SIP/2.0 400 This Is Not TLS\r\n\r\n");
                assertThat(tls.bench.failure().detail()).isEqualTo("what it sent is not TLS");
            }
            tls.bench.send(transports, hop, MESSAGE, 3);
            plain.accept().close();
            assertThat(tls.bench.failure().detail()).contains("in the middle of the handshake");
        }
        tls.bench.send(transports, hop(gone, "c.test"), MESSAGE, 4);
        assertThat(tls.bench.failure())
                .isEqualTo(new Failed(SendFailure.CONNECT_FAILED, "connection refused"));
    }

    @Test
    void aCertificateIsShownToWhoAsksForOne() throws Exception {
        SipTransports transports = tls.open();
        try (TlsBench.Carrier carrier = tls.carrier(tls.authority.issue(dns("c.test")))) {
            carrier.socket.setNeedClientAuth(true);
            tls.bench.send(transports, carrier.hop("c.test"), MESSAGE, 1);
            try (SSLSocket connection = carrier.accept()) {
                assertThat(read(connection, MESSAGE.length())).isEqualTo(MESSAGE);
                assertThat(connection.getSession().getPeerPrincipal().getName())
                        .isEqualTo("CN=somebody");
            }
        }
    }

    private String failureWith(SipTransports transports, Issued shown, String name)
            throws Exception {
        try (TlsBench.Carrier carrier = tls.carrier(shown)) {
            tls.bench.send(transports, carrier.hop(name), MESSAGE, 1);
            try (SSLSocket connection = carrier.accept()) {
                assertThat(handshakes(connection)).isFalse();
            }
            return tls.bench.failure().detail();
        }
    }
}

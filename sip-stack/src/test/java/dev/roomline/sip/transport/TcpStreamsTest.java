package dev.roomline.sip.transport;

import static dev.roomline.sip.transport.TransportsBench.LOOPBACK;
import static dev.roomline.sip.transport.TransportsBench.MESSAGE;
import static dev.roomline.sip.transport.TransportsBench.connect;
import static dev.roomline.sip.transport.TransportsBench.connectFrom;
import static dev.roomline.sip.transport.TransportsBench.readQuietly;
import static dev.roomline.sip.transport.TransportsBench.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.TransportCounters.Drop;
import dev.roomline.sip.transport.TransportsBench.Received;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** TCP on the loopback interface; every wait is for something that must come. */
class TcpStreamsTest {
    private final TransportsBench bench = new TransportsBench();

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void aStreamIsCutAndAnsweredOnItsOwnConnection() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), StreamLimits.usual());
        try (Socket peer = connect(transports)) {
            write(peer, MESSAGE + MESSAGE.substring(0, 9));
            Received first = bench.next();
            assertThat(first.text()).isEqualTo(MESSAGE);
            write(peer, MESSAGE.substring(9));
            assertThat(bench.next().flow()).isEqualTo(first.flow());
            bench.answer(transports, first.flow(), "answer");
            assertThat(new String(peer.getInputStream().readNBytes(6), ISO_8859_1))
                    .isEqualTo("answer");
        }
    }

    @Test
    @Tag("RFC5626§4.4.1")
    void aDoubleLineEndIsAnsweredByOne() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), StreamLimits.usual());
        try (Socket peer = connect(transports)) {
            write(peer, "\r\n\r\n");
            assertThat(peer.getInputStream().readNBytes(2)).containsExactly('\r', '\n');
        }
    }

    @Test
    void whatCannotBeCutIsAnsweredAndThenClosed() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), StreamLimits.usual());
        try (Socket peer = connect(transports)) {
            write(peer, "OPTIONS sip:a@b SIP/2.0\r\n\r\n" + MESSAGE.repeat(1000));
            assertThat(new String(peer.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("refused MISSING_CONTENT_LENGTH");
        }
        assertThat(bench.received).isEmpty();
    }

    @Test
    void aSenderThatTakesTooLongIsClosed() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), hasty());
        try (Socket peer = connect(transports)) {
            write(peer, MESSAGE.substring(0, 30));
            assertThat(new String(peer.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("refused TOO_SLOW");
        }
        assertThat(transports.counters().dropped(Drop.TOO_SLOW)).isEqualTo(1);
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), hasty());
        try (Socket peer = connect(transports)) {
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(transports.counters().dropped(Drop.IDLE)).isEqualTo(1);
    }

    @Test
    void moreConnectionsThanASourceMayHaveAreClosedUnread() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), hasty());
        try (Socket first = connect(transports);
                Socket second = connect(transports);
                Socket third = connect(transports)) {
            assertThat(readQuietly(third)).isEqualTo(-1);
            assertThat(transports.counters().dropped(Drop.SOURCE_LIMIT)).isEqualTo(1);
            write(second, MESSAGE);
            assertThat(bench.next().text()).isEqualTo(MESSAGE);
            assertThat(first.isConnected()).isTrue();
        }
    }

    @Test
    void aConnectionIsOpenedOnceForAllThatGoesToOnePeer() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), StreamLimits.usual());
        try (ServerSocket peer = new ServerSocket(0, 5, LOOPBACK)) {
            Hop hop =
                    new Hop(
                            TransportKind.TCP,
                            null,
                            new InetSocketAddress(LOOPBACK, peer.getLocalPort()),
                            0);
            bench.send(transports, hop, "one", 1);
            bench.send(transports, hop, "two", 2);
            peer.setSoTimeout(5000);
            try (Socket accepted = peer.accept()) {
                accepted.setSoTimeout(5000);
                assertThat(new String(accepted.getInputStream().readNBytes(6), ISO_8859_1))
                        .isEqualTo("onetwo");
                // what comes back by it belongs to it
                write(accepted, MESSAGE);
                assertThat(bench.next().flow().remote()).isEqualTo(hop.remote());
            }
        }
        assertThat(bench.failed).isEmpty();
    }

    @Test
    @Tag("RFC3261§18.4")
    void aClosedConnectionIsOpenedAnewAndARefusedOneIsTold() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), StreamLimits.usual());
        int freePort;
        try (ServerSocket closing = new ServerSocket(0, 5, LOOPBACK)) {
            freePort = closing.getLocalPort();
        }
        Hop gone =
                new Hop(TransportKind.TCP, null, new InetSocketAddress(LOOPBACK, freePort), 4711);
        bench.send(transports, gone, "lost", 5);
        assertThat(bench.failure().why()).isEqualTo(SendFailure.CONNECT_FAILED);
        try (ServerSocket peer = new ServerSocket(freePort, 5, LOOPBACK)) {
            bench.send(transports, gone, "found", 6);
            peer.setSoTimeout(5000);
            try (Socket accepted = peer.accept()) {
                accepted.setSoTimeout(5000);
                assertThat(new String(accepted.getInputStream().readNBytes(5), ISO_8859_1))
                        .isEqualTo("found");
            }
        }
    }

    @Test
    void aPeerThatDoesNotReadIsNotWrittenToWithoutEnd() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), StreamLimits.usual());
        try (Socket peer = connect(transports)) {
            write(peer, MESSAGE);
            Flow flow = bench.next().flow();
            Hop hop = new Hop(flow.transport(), flow.local(), flow.remote(), flow.connection());
            String large = "x".repeat(60_000);
            for (int i = 0; i < 1000 && bench.failed.isEmpty(); i++) {
                bench.send(transports, hop, large, 9);
            }
            assertThat(bench.failure().why()).isEqualTo(SendFailure.CONGESTED);
            assertThat(transports.counters().dropped(Drop.NOT_READING)).isPositive();
            while (transports.counters().openConnections() > 0) {
                // what is posted runs behind the closing
                bench.signalled();
            }
        }
    }

    @Test
    void aPeerThatPipelinesAndNeverReadsIsCutOff() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), StreamLimits.usual());
        try (Socket peer = connect(transports)) {
            write(peer, MESSAGE);
            Flow flow = bench.next().flow();
            String answer = "SIP/2.0 200 OK\r\nX: " + "y".repeat(8000) + "\r\n\r\n";
            long most = 0;
            for (int i = 0; i < 2000 && transports.counters().dropped(Drop.NOT_READING) == 0; i++) {
                bench.answer(transports, flow, answer);
                bench.signalled();
                most++;
            }
            assertThat(transports.counters().dropped(Drop.NOT_READING)).isEqualTo(1);
            assertThat(most).isLessThan(2000);
        }
    }

    @Test
    void whoHoldsConnectionsAndUsesNoneMakesRoom() throws Exception {
        SipTransports transports =
                bench.open(true, List.of(LOOPBACK), places(3, Duration.ofMinutes(1)));
        try (Socket calling = connect(transports);
                Socket silent = connect(transports);
                Socket talking = connect(transports)) {
            write(calling, MESSAGE);
            bench.needed.add(bench.next().flow().connection());
            write(silent, MESSAGE);
            bench.next();
            write(talking, MESSAGE);
            bench.next();
            // three are open, and the limit of one source is no lower: the fourth is from another
            try (Socket newcomer = connectFrom("127.0.0.2", transports)) {
                write(newcomer, MESSAGE);
                assertThat(bench.next().text()).isEqualTo(MESSAGE);
                assertThat(readQuietly(silent)).as("the longest silent").isEqualTo(-1);
                write(calling, MESSAGE);
                assertThat(bench.next().text()).as("a call's connection stays").isEqualTo(MESSAGE);
                write(talking, MESSAGE);
                assertThat(bench.next().text()).isEqualTo(MESSAGE);
            }
            assertThat(transports.counters().dropped(Drop.MADE_ROOM)).isEqualTo(1);
        }
    }

    @Test
    void whereEveryConnectionIsNeededTheNewcomerIsTurnedAway() throws Exception {
        SipTransports transports =
                bench.open(true, List.of(LOOPBACK), places(1, Duration.ofMinutes(1)));
        try (Socket calling = connect(transports)) {
            write(calling, MESSAGE);
            bench.needed.add(bench.next().flow().connection());
            try (Socket newcomer = connectFrom("127.0.0.2", transports)) {
                assertThat(readQuietly(newcomer)).isEqualTo(-1);
            }
            write(calling, MESSAGE);
            assertThat(bench.next().text()).isEqualTo(MESSAGE);
        }
    }

    @Test
    void theEndOfAConnectionIsToldOnce() throws Exception {
        SipTransports transports =
                bench.open(true, List.of(LOOPBACK), places(4, Duration.ofMinutes(1)));
        long connection;
        try (Socket phone = connect(transports)) {
            write(phone, MESSAGE);
            connection = bench.next().flow().connection();
            assertThat(bench.closed).isEmpty();
        }
        assertThat(bench.closed.poll(5, TimeUnit.SECONDS)).isEqualTo(connection);
        transports.close();
        assertThat(bench.closed).isEmpty();
    }

    @Test
    void aConnectionThatADialogNeedsOutlivesItsSilence() throws Exception {
        SipTransports transports =
                bench.open(true, List.of(LOOPBACK), places(4, Duration.ofMillis(150)));
        try (Socket calling = connect(transports);
                Socket done = connect(transports)) {
            write(calling, MESSAGE);
            bench.needed.add(bench.next().flow().connection());
            write(done, MESSAGE);
            bench.next();
            assertThat(readQuietly(done)).isEqualTo(-1);
            write(calling, MESSAGE);
            assertThat(bench.next().text()).isEqualTo(MESSAGE);
            assertThat(transports.counters().dropped(Drop.IDLE)).isEqualTo(1);
        }
    }

    @Test
    void aThousandConnectionsCutInTheMiddleLeaveNothingBehind() throws Exception {
        SipTransports transports = bench.open(true, List.of(LOOPBACK), StreamLimits.usual());
        for (int i = 0; i < 1000; i++) {
            try (Socket peer = connect(transports)) {
                peer.setSoLinger(true, 0);
                write(peer, MESSAGE.substring(0, i % MESSAGE.length()));
            }
        }
        try (Socket peer = connect(transports)) {
            write(peer, MESSAGE);
            assertThat(bench.next().text()).isEqualTo(MESSAGE);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (transports.counters().openConnections() > 1 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(transports.counters().openConnections()).isEqualTo(1);
        }
    }

    private static StreamLimits hasty() {
        return new StreamLimits(
                8192,
                65_536,
                Duration.ofMillis(100),
                Duration.ofMillis(400),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                100,
                2,
                Duration.ZERO,
                1 << 18);
    }

    private static StreamLimits places(int connections, Duration idle) {
        return new StreamLimits(
                8192,
                65_536,
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                idle,
                Duration.ofSeconds(1),
                connections,
                connections,
                Duration.ZERO,
                1 << 18);
    }
}

package dev.roomline.sip.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Against name servers on loopback that know one SRV, one NAPTR, one host and nothing else. */
class DnsLookupTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final AtomicInteger questions = new AtomicInteger();
    private DatagramSocket socket;
    private DnsLookup lookup;

    @BeforeEach
    void open() throws IOException {
        socket = new DatagramSocket(0, LOOPBACK);
        lookup = new DnsLookup(List.of(addressOf(socket)));
        Thread.ofVirtual().start(this::serve);
    }

    private static InetSocketAddress addressOf(DatagramSocket server) {
        return new InetSocketAddress(LOOPBACK, server.getLocalPort());
    }

    @AfterEach
    void close() {
        socket.close();
    }

    private void serve() {
        try {
            while (true) {
                DatagramPacket question = new DatagramPacket(new byte[1500], 1500);
                socket.receive(question);
                questions.incrementAndGet();
                byte[] answer = answer(new Message(question.getData())).toWire();
                socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private static Message answer(Message query) throws IOException {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        Record question = query.getQuestion();
        answer.addRecord(question, Section.QUESTION);
        Name name = question.getName();
        Name zone = Name.fromString("c.example.");
        Name host = Name.fromString("a.c.example.");
        if (question.getType() == Type.SRV && name.toString().equals("_sip._udp.c.example.")) {
            answer.addRecord(new SRVRecord(name, DClass.IN, 60, 1, 2, 5080, host), Section.ANSWER);
        } else if (question.getType() == Type.NAPTR && name.equals(zone)) {
            Name to = Name.fromString("_sip._udp.c.example.");
            answer.addRecord(
                    new NAPTRRecord(name, DClass.IN, 60, 1, 2, "s", "SIP+D2U", "", to),
                    Section.ANSWER);
        } else if (name.toString().equals("brief.c.example.")) {
            answer.addRecord(new SRVRecord(name, DClass.IN, 0, 1, 2, 5080, host), Section.ANSWER);
        } else if (name.equals(host) && question.getType() == Type.A) {
            answer.addRecord(
                    new ARecord(name, DClass.IN, 60, InetAddress.ofLiteral("192.0.2.1")),
                    Section.ANSWER);
        } else if (name.equals(host) && question.getType() == Type.AAAA) {
            answer.addRecord(
                    new AAAARecord(name, DClass.IN, 60, InetAddress.ofLiteral("2001:db8::1")),
                    Section.ANSWER);
        } else {
            // RFC 2308 §5: what is not there is kept for the minimum of this record
            long kept = name.toString().startsWith("soon.") ? 0 : 60;
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
            answer.addRecord(
                    new SOARecord(zone, DClass.IN, kept, host, host, 1, 60, 60, 60, kept),
                    Section.AUTHORITY);
        }
        return answer;
    }

    @Test
    void recordsAreReadFromTheWireAndKeptForTheirTime() {
        for (int i = 0; i < 3; i++) {
            assertThat(join(lookup.servicesOf("_sip._udp.c.example").toCompletableFuture()))
                    .containsExactly(new ServiceRecord(1, 2, 5080, "a.c.example"));
            assertThat(join(lookup.pointersOf("c.example").toCompletableFuture()))
                    .containsExactly(
                            new PointerRecord(1, 2, "s", "SIP+D2U", "_sip._udp.c.example"));
        }
        assertThat(questions).hasValue(2);
    }

    @Test
    void whatIsNotThereIsRememberedToo() {
        for (int i = 0; i < 3; i++) {
            assertThat(join(lookup.servicesOf("_sip._tcp.c.example").toCompletableFuture()))
                    .isEmpty();
        }
        assertThat(questions).hasValue(1);
    }

    @Test
    void whatMayNotBeKeptIsAskedAgain() {
        for (int i = 0; i < 3; i++) {
            assertThat(join(lookup.servicesOf("brief.c.example").toCompletableFuture())).hasSize(1);
        }
        assertThat(questions).hasValue(3);
        for (int i = 0; i < 3; i++) {
            assertThat(join(lookup.servicesOf("soon.c.example").toCompletableFuture())).isEmpty();
        }
        assertThat(questions).hasValue(6);
    }

    @Test
    @Tag("RFC3263§4.2")
    void bothFamiliesAreAskedForAndIpv4ComesFirst() {
        assertThat(join(lookup.addressesOf("a.c.example").toCompletableFuture()))
                .containsExactly(
                        InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"));
    }

    @Test
    void theNextServerIsAskedWhileThereIsTimeForTheQuestion() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, LOOPBACK);
                DatagramSocket silentToo = new DatagramSocket(0, LOOPBACK)) {
            DnsLookup two = new DnsLookup(List.of(addressOf(silent), addressOf(socket)));
            assertThat(inTime(two.servicesOf("_sip._udp.c.example"))).hasSize(1);
            DnsLookup three =
                    new DnsLookup(
                            List.of(addressOf(silent), addressOf(silentToo), addressOf(socket)));
            assertThat(inTime(three.addressesOf("a.c.example"))).hasSize(2);
        }
    }

    @Test
    void whereNoServerAnswersNothingIsKnown() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, LOOPBACK)) {
            DnsLookup alone = new DnsLookup(List.of(addressOf(silent)));
            CompletableFuture<List<ServiceRecord>> unknown =
                    alone.servicesOf("_sip._udp.c.example").toCompletableFuture();
            assertThat(unknown.handle((found, fault) -> fault != null).join()).isTrue();
        }
    }

    /** Before the search that asks takes it for a question without records. */
    private static <T> T inTime(CompletionStage<T> answer) {
        return join(
                answer.toCompletableFuture()
                        .orTimeout(DnsLookup.ONE_QUESTION.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException fault) {
            throw new AssertionError(fault);
        }
    }
}

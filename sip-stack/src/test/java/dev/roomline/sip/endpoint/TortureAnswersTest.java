package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.TortureMessage;
import dev.roomline.sip.transport.Cut;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages of RFC 4475 and RFC 5118 as they come to the core, and what leaves it. */
class TortureAnswersTest {
    private static final List<String> SERVED =
            List.of("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "INFO", "REGISTER");

    private final Bench bench =
            new Bench(EndpointSettings.of("Roomline/0.1.0", Flow::local).serving(SERVED));

    static Stream<TortureMessage> messages() {
        return TortureMessage.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    @Tag("RFC4475§3.2")
    @Tag("RFC4475§3.3")
    @Tag("RFC4475§3.4")
    void byDatagramItIsHandedUpAnsweredOrDropped(TortureMessage message) {
        bench.receive(message.octets());
        assertThat(outcome()).as(bench.ladderText()).isEqualTo(message.byDatagram());
        assertThat(bench.endpoint.counts().clientTransactions()).isZero();
        bench.advanceToMillis(200_000);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    @Tag("RFC4475§3.1.1")
    @Tag("RFC4475§3.1.2")
    void byStreamItIsCutFirst(TortureMessage message) {
        bench.flow = Bench.TCP;
        for (Cut piece : Cut.all(message.octets())) {
            bench.handle(piece.input(bench.flow));
            if (message.name().equals("dblreq")) {
                break; // the second message is another
            }
        }
        assertThat(outcome()).as(bench.ladderText()).isEqualTo(message.byStream());
    }

    @Test
    void whatFollowsAMessageOnItsStreamIsTheNextAndInADatagramNothing() {
        TortureMessage doubled = TortureMessage.named("dblreq");
        bench.receive(doubled.octets());
        assertThat(bench.events).hasSize(1);
        bench.flow = Bench.TCP;
        Cut.all(doubled.octets()).forEach(piece -> bench.handle(piece.input(bench.flow)));
        // it lacks a Contact
        String second = bench.sent("SIP/2.0 400 No Contact header");
        assertThat(Bench.header(second, "Call-ID"))
                .isEqualTo("dblreq.0ha0isnda977644900765@192.0.2.15");
    }

    @Test
    void anAnswerNamesTheUnsupportedAndTheFault() {
        bench.receive(TortureMessage.named("bext01").octets());
        assertThat(Bench.header(bench.lastSent(), "Unsupported"))
                .isEqualTo("nothingSupportsThis, nothingSupportsThisEither");
        bench.receive(TortureMessage.named("unksm2").octets());
        assertThat(bench.lastSent()).startsWith("SIP/2.0 400 Bad To: not a SIP URI\r\n");
    }

    /** A Via with separators and nothing between them: its sent-by is all that comes back. */
    @Test
    void aViaThatIsBrokenBehindItsHostIsAnsweredAllTheSame() {
        bench.receive(TortureMessage.named("badinv01").octets());
        assertThat(bench.lastSent()).startsWith("SIP/2.0 400 ");
        assertThat(Bench.header(bench.lastSent(), "Via"))
                .isEqualTo("SIP/2.0/UDP 192.0.2.15;received=192.0.2.9");
        assertThat(bench.lastSent().split("\r\nVia:", -1)).hasSize(2);
    }

    private String outcome() {
        boolean up =
                bench.events.stream()
                        .anyMatch(
                                event ->
                                        event instanceof SipEvent.InviteReceived
                                                || event instanceof SipEvent.RequestReceived);
        List<Integer> finals =
                bench.sent.stream()
                        .map(one -> new String(one.bytes(), StandardCharsets.UTF_8))
                        .filter(text -> text.startsWith("SIP/2.0 "))
                        .map(text -> Integer.valueOf(text.substring(8, 11)))
                        .filter(status -> status >= 200)
                        .toList();
        if (finals.isEmpty()) {
            return up ? "up" : "none";
        }
        return up || finals.size() > 1 ? "up and " + finals : finals.getFirst().toString();
    }
}

package dev.roomline.sip.endpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.Body;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reliable provisional responses of ours (RFC 3262), against callers that want them. */
class ReliableLadderTest {
    private static final Body SDP =
            new Body("application/sdp", "v=0\r\n".getBytes(StandardCharsets.US_ASCII));

    private final Conversation call = new Conversation();
    private final Bench bench = call.bench;
    private final Phone phone = call.phone;

    private void invited(String headers) {
        phone.extra = headers;
        call.invited();
    }

    private void progress(int status, boolean described) {
        bench.command(
                new SipCommand.Respond(
                        bench.last(SipEvent.InviteReceived.class).request(),
                        status,
                        null,
                        List.of(),
                        described ? SDP : null));
        call.tag = Phone.tagOf(bench.lastSent());
    }

    private long rseq() {
        return Long.parseLong(Bench.header(bench.sent("SIP/2.0 18"), "RSeq"));
    }

    private void prack(long cseq, long rseq, String body) {
        call.receive(
                phone.request(
                        "PRACK",
                        cseq,
                        "p" + cseq,
                        Phone.to(call.tag),
                        "RAck: " + rseq + " 1 INVITE\r\n",
                        body));
    }

    private List<String> lines(String part) {
        return bench.ladder.stream()
                .filter(line -> line.contains(part))
                .map(line -> line.replaceAll("  +", " ").strip())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "'Require: 100rel\r\n', false, true",
        "'Require: 100rel\r\n', true, true",
        "'Supported: 100rel\r\n', false, false",
        "'k: timer, 100REL\r\n', true, true",
        "'', true, false",
    })
    @Tag("RFC3262§3")
    void isReliableWhereItIsRequiredOrWhereItDescribesAndIsSupported(
            String headers, boolean described, boolean reliable) {
        invited(headers);
        progress(180, described);
        String ringing = bench.sent("SIP/2.0 180");
        assertThat(ringing.contains("\r\nRequire: 100rel\r\n")).isEqualTo(reliable);
        assertThat(ringing.contains("\r\nRSeq: ")).isEqualTo(reliable);
    }

    @Test
    @Tag("RFC3262§3")
    void isRepeatedAfterTwiceAsLongEachTimeUntilItsPrack() {
        invited("Require: 100rel\r\n");
        progress(180, false);
        call.at(7600);
        assertThat(lines("<- 180"))
                .containsExactly(
                        "0 <- 180 INVITE 1",
                        "500 <- 180 INVITE 1",
                        "1500 <- 180 INVITE 1",
                        "3500 <- 180 INVITE 1",
                        "7500 <- 180 INVITE 1");
        prack(2, rseq(), "");
        assertThat(bench.lastSent()).startsWith("SIP/2.0 200");
        call.at(31_000);
        assertThat(lines("<- 180")).hasSize(5);
        call.respond(200);
        call.receive(phone.inDialog("ACK", 1, "a1", call.tag));
        call.hangUp();
        call.receive(Phone.answer(bench.lastSent(), 200, ""));
        call.at(100_000);
        bench.assertNothingLeft();
    }

    @Test
    @Tag("RFC3262§3")
    void aCallerThatNeverAcknowledgesIsRefused() {
        invited("Require: 100rel\r\n");
        progress(180, false);
        call.at(32_000);
        assertThat(bench.lastSent()).startsWith("SIP/2.0 504 No PRACK\r\n");
        assertThat(bench.last(SipEvent.DialogEnded.class).cause())
                .isEqualTo(SipEvent.Cause.PRACK_TIMEOUT);
        call.acknowledge(1, "i1", 504);
        call.at(100_000);
        bench.assertNothingLeft();
    }

    @Test
    @Tag("RFC3262§3")
    void aPrackThatMatchesNothingIs481AndAcknowledgesNothing() {
        invited("Require: 100rel\r\n");
        progress(180, false);
        prack(2, rseq() + 1, "");
        assertThat(bench.lastSent()).startsWith("SIP/2.0 481 ");
        String other = "RAck: " + rseq() + " 2 INVITE\r\n";
        call.receive(phone.request("PRACK", 3, "p3", Phone.to(call.tag), other, ""));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 481 ");
        call.receive(phone.request("PRACK", 4, "p4", Phone.to(call.tag), "", ""));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 481 ");
        call.at(600);
        assertThat(lines("<- 180")).hasSize(2);
        prack(5, rseq(), "");
        assertThat(bench.lastSent()).startsWith("SIP/2.0 200");
        prack(6, rseq(), "");
        assertThat(bench.lastSent()).as("once").startsWith("SIP/2.0 481 ");
    }

    @Test
    @Tag("RFC3262§3")
    void theNextWaitsForThePrackAndCountsOn() {
        invited("Require: 100rel\r\n");
        progress(180, false);
        long first = rseq();
        progress(183, false);
        assertThat(lines("<- 183")).isEmpty();
        call.at(100);
        prack(2, first, "");
        assertThat(lines("<- 183")).containsExactly("100 <- 183 INVITE 1");
        assertThat(rseq()).isEqualTo(first + 1);
    }

    @Test
    @Tag("RFC3262§3")
    void a200WaitsForThePrackOfADescription() {
        invited("Supported: 100rel\r\n");
        progress(183, true);
        call.respond(200);
        call.at(1000);
        assertThat(lines("<- 200")).isEmpty();
        prack(2, rseq(), "");
        assertThat(lines("<- 200")).containsExactly("1000 <- 200 PRACK 2", "1000 <- 200 INVITE 1");
        call.receive(phone.inDialog("ACK", 1, "a1", call.tag));
        assertThat(bench.last(SipEvent.AckReceived.class)).isNotNull();
    }

    @Test
    void a200DoesNotWaitForThePrackOfMereRingingWhichIsServedAfterIt() {
        invited("Require: 100rel\r\n");
        progress(180, false);
        call.respond(200);
        assertThat(lines("<- 200")).hasSize(1);
        prack(2, rseq(), "");
        assertThat(bench.lastSent()).startsWith("SIP/2.0 200");
        assertThat(Bench.header(bench.lastSent(), "CSeq")).isEqualTo("2 PRACK");
        prack(3, rseq(), "");
        assertThat(bench.lastSent()).as("once").startsWith("SIP/2.0 481 ");
        call.at(400);
        assertThat(lines("<- 180")).as("not repeated any more").hasSize(1);
    }

    @Test
    void aRefusalDoesNotWait() {
        invited("Supported: 100rel\r\n");
        progress(183, true);
        call.respond(486);
        assertThat(bench.lastSent()).startsWith("SIP/2.0 486 ");
        call.acknowledge(1, "i1", 486);
        call.at(60_000);
        bench.assertNothingLeft();
    }

    @Test
    void aCancelEndsWhatWaits() {
        invited("Supported: 100rel\r\n");
        progress(183, true);
        call.respond(200);
        call.receive(phone.cancel(1, "i1"));
        call.acknowledge(1, "i1", 487);
        call.at(60_000);
        assertThat(lines("<- 200")).containsExactly("0 <- 200 CANCEL 1");
        bench.assertNothingLeft();
    }

    @Test
    @Tag("RFC3262§5")
    void anOfferOfOursIsAnsweredInThePrack() {
        phone.body = "";
        invited("Require: 100rel\r\n");
        progress(180, false);
        assertThat(lines("<- 180")).as("it would have to bring our offer").isEmpty();
        progress(183, true);
        prack(2, rseq(), "v=0 theirs\r\n");
        assertThat(bench.lastSent()).startsWith("SIP/2.0 200");
        Body answer = requireNonNull(bench.last(SipEvent.ProvisionalAcknowledged.class).body());
        assertThat(new String(answer.bytes(), StandardCharsets.US_ASCII))
                .isEqualTo("v=0 theirs\r\n");
    }

    @Test
    @Tag("RFC3262§5")
    void anOfferInAPrackIsRefusedAndTheResponseIsAcknowledgedAllTheSame() {
        invited("Supported: 100rel\r\n");
        progress(183, true);
        prack(2, rseq(), "v=0 another\r\n");
        assertThat(bench.lastSent()).startsWith("SIP/2.0 488 ");
        call.at(600);
        assertThat(lines("<- 183")).hasSize(1);
        call.respond(200);
        assertThat(lines("<- 200")).hasSize(1);
    }

    @Test
    void aRepeatedPrackIsAnsweredAsItWas() {
        invited("Require: 100rel\r\n");
        progress(180, false);
        prack(2, rseq(), "");
        int sent = bench.sent.size();
        prack(2, rseq(), "");
        assertThat(bench.sent).hasSize(sent + 1);
        assertThat(bench.lastSent()).startsWith("SIP/2.0 200");
    }
}

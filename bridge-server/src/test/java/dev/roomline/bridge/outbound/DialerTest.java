package dev.roomline.bridge.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.DialPlan.Plan;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.call.Way;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.Entries;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.bridge.store.AccountRow;
import dev.roomline.bridge.trunk.TrunkNews;
import dev.roomline.bridge.trunk.Trunks;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.SipParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class DialerTest {
    private final VirtualSignal signal = new VirtualSignal();
    private final Map<String, Long> active = new HashMap<>();
    private final Trunks trunks =
            new Trunks(
                    signal,
                    _ -> {},
                    new Random(1),
                    new TrunkNews(Counters.NONE, _ -> {}),
                    id -> active.getOrDefault(id, 0L));
    private final List<Trunk> used = new ArrayList<>();
    private List<String> allowed = List.of();
    private List<String> denied = List.of("premium");
    private Optional<EndReason> closed = Optional.empty();
    private final Phones phones =
            new RegisteredPhones(
                    _ -> List.of(),
                    username ->
                            CompletableFuture.completedStage(
                                    username.equals("alice")
                                            ? Optional.of(
                                                    new AccountRow(
                                                            "acc_1",
                                                            "alice",
                                                            "",
                                                            "",
                                                            "",
                                                            List.of(),
                                                            Instant.EPOCH,
                                                            "api"))
                                            : Optional.empty()));

    private void trunk(Map<String, ?> fields) {
        Map<String, Object> all = new HashMap<>(Map.of("options_ping", "0s"));
        all.putAll(fields);
        switch (Entries.trunk(all)) {
            case Entries.Read.Good<Trunk>(Trunk trunk) -> used.add(trunk);
            case Entries.Read.Bad<Trunk> bad -> throw new IllegalArgumentException("" + bad);
        }
        trunks.use(used);
    }

    private static CallOrder order(String to, String trunk, String from, Map<String, String> more) {
        return new CallOrder(
                to,
                FakeRooms.room("room_1", 10),
                "guest",
                trunk,
                from,
                "",
                "",
                more,
                Duration.ofSeconds(60),
                Duration.ZERO,
                "",
                false);
    }

    private Plan plan(CallOrder order) {
        return new Dialer(
                        new OutboundSettings(
                                0, allowed, denied, false, List.of("pcmu"), Encryption.ALLOW),
                        trunks,
                        phones,
                        () -> 0,
                        () -> closed)
                .plan(order);
    }

    private Plan.Go go(CallOrder order) {
        return switch (plan(order)) {
            case Plan.Go go -> go;
            case Plan.Refused refused -> throw new AssertionError(refused.toString());
            case Plan.Unreached unreached -> throw new AssertionError(unreached.toString());
        };
    }

    private EndReason refused(CallOrder order) {
        return switch (plan(order)) {
            case Plan.Go go -> throw new AssertionError(go.toString());
            case Plan.Refused refused -> refused.end().reason();
            case Plan.Unreached unreached -> unreached.end().toCompletableFuture().join().reason();
        };
    }

    private static CallOrder to(String number) {
        return order(number, "", "", Map.of());
    }

    private static List<String> headers(Way way) {
        return way.headers().stream().map(h -> h.name() + ": " + h.value()).toList();
    }

    @Test
    void anAccountWithoutAPhoneDoesNotAnswerAndOneThatDoesNotExistIsNotFound() {
        assertThat(refused(to("sip:alice"))).isEqualTo(EndReason.NO_ANSWER);
        assertThat(refused(to("sip:nobody"))).isEqualTo(EndReason.NOT_FOUND);
    }

    @Test
    void anElasticTrunkIsAddressedAsItsCarrierWants() {
        trunk(
                Map.of(
                        "id", "twilio",
                        "address", "example.pstn.twilio.com",
                        "username", "bob",
                        "password", "secret",
                        "numbers", List.of("+15550100000", "+15550100001")));
        Plan.Go go = go(order("+1 (555) 123-4567", "", "15550100001", Map.of("X-A", "b")));
        Way way = go.ways().getFirst();
        assertThat(way.envelope().requestUri())
                .isEqualTo("sip:+15551234567@example.pstn.twilio.com");
        assertThat(way.envelope().from()).isEqualTo("<sip:+15550100001@example.pstn.twilio.com>");
        assertThat(way.envelope().to()).isEqualTo("<sip:+15551234567@example.pstn.twilio.com>");
        assertThat(headers(way))
                .containsExactly(
                        "P-Asserted-Identity: <sip:+15550100001@example.pstn.twilio.com>",
                        "X-A: b");
        assertThat(way.identity()).isNotNull();
        assertThat(go.to()).isEqualTo("+15551234567");
        assertThat(go.shown()).isEqualTo("+1 ••• ••• 4567");
    }

    @Test
    void anExotelTrunkGetsNationalNumbersOverTcp() {
        trunk(
                Map.of(
                        "id", "exotel",
                        "address", "pstn.in1.exotel.com:5070;transport=tcp",
                        "from_domain", "acme.pstn.exotel.com",
                        "number_format", "national",
                        "national_prefix", "0",
                        "country", "91",
                        "numbers", List.of("08047100000")));
        Way way = go(to("+919876543210")).ways().getFirst();
        assertThat(way.envelope().requestUri())
                .isEqualTo("sip:09876543210@pstn.in1.exotel.com:5070");
        assertThat(way.envelope().from()).isEqualTo("<sip:08047100000@acme.pstn.exotel.com>");
        assertThat(way.hop().parameters()).containsEntry("transport", "tcp");
        assertThat(way.hop().port()).isEqualTo(5070);
        assertThat(go(to("09876543210")).to()).isEqualTo("+919876543210");
        assertThat(go(to("+442071234567")).ways().getFirst().envelope().requestUri())
                .isEqualTo("sip:+442071234567@pstn.in1.exotel.com:5070");
    }

    @Test
    @Tag("RFC3325§7")
    @Tag("RFC3323§4.2")
    void aTrunkMayWantNumbersWithoutPlusAndOurNameHidden() {
        trunk(
                Map.of(
                        "id", "plain",
                        "address", "10.0.0.9",
                        "number_format", "e164",
                        "caller_id_privacy", true,
                        "numbers", List.of("+4930123456")));
        Way way = go(to("0049 30 7654321")).ways().getFirst();
        assertThat(way.envelope().requestUri()).isEqualTo("sip:49307654321@10.0.0.9");
        assertThat(way.envelope().from())
                .isEqualTo("\"Anonymous\" <sip:anonymous@anonymous.invalid>");
        assertThat(headers(way))
                .containsExactly("P-Asserted-Identity: <sip:4930123456@10.0.0.9>", "Privacy: id");
    }

    @Test
    void whatIsDearOrDangerousIsNotCalled() {
        trunk(Map.of("id", "t", "address", "a.example", "country", "49"));
        denied = List.of("premium", "+7");
        for (String number :
                List.of(
                        "+19005551234",
                        "+4490912345678",
                        "+88216123456",
                        "+74951234567",
                        "112",
                        "+2710111",
                        "110",
                        "911")) {
            assertThat(refused(to(number))).as(number).isEqualTo(EndReason.NOT_ALLOWED);
        }
        assertThat(go(to("+4930123456")).ways()).hasSize(1);
        assertThat(go(to("200")).ways().getFirst().envelope().requestUri())
                .isEqualTo("sip:200@a.example");
        allowed = List.of("+43", "1555");
        assertThat(refused(to("+4930123456"))).isEqualTo(EndReason.NOT_ALLOWED);
        assertThat(go(to("+15551234567")).ways()).hasSize(1);
    }

    @Test
    void anAddressIsCalledOnlyWithinTheTrunksOwnDomain() {
        trunk(Map.of("id", "t", "address", "sip.example.com:5080", "from_domain", "example.net"));
        assertThat(go(to("sip:ann@sip.example.com")).ways().getFirst().envelope().requestUri())
                .isEqualTo("sip:ann@sip.example.com:5080");
        assertThat(go(to("sip:ann@pbx.example.net")).ways()).hasSize(1);
        assertThat(refused(to("sip:ann@example.com.evil.example")))
                .isEqualTo(EndReason.NOT_ALLOWED);
        assertThat(refused(to("sip:+19005551234@sip.example.com")))
                .isEqualTo(EndReason.NOT_ALLOWED);
    }

    @Test
    void trunksAreAskedInOrderAndOnlyThoseThatTakeTheCall() {
        trunk(Map.of("id", "in", "direction", "inbound"));
        trunk(Map.of("id", "one", "address", "one.example", "numbers", List.of("+15550100000")));
        trunk(
                Map.of(
                        "id",
                        "two",
                        "address",
                        "two.example",
                        "numbers",
                        List.of("+15550100001"),
                        "max_calls",
                        2));
        assertThat(go(to("+15551234567")).ways())
                .extracting(Way::trunk)
                .containsExactly("one", "two");
        assertThat(go(order("+15551234567", "", "+15550100001", Map.of())).ways())
                .extracting(Way::trunk)
                .containsExactly("two");
        active.put("two", 2L);
        assertThat(go(to("+15551234567")).ways()).extracting(Way::trunk).containsExactly("one");
        assertThat(refused(order("+15551234567", "two", "", Map.of()))).isEqualTo(EndReason.LIMIT);
        assertThat(refused(order("+15551234567", "in", "", Map.of())))
                .isEqualTo(EndReason.NOT_ALLOWED);
        closed = Optional.of(EndReason.DRAINING);
        assertThat(refused(to("+15551234567"))).isEqualTo(EndReason.DRAINING);
    }

    @Test
    void aRedirectionStaysInTheHouseAndCallsNoDearerNumber() {
        trunk(Map.of("id", "t", "address", "sip.example.com"));
        Way way = go(to("+15551234567")).ways().getFirst();
        assertThat(follow(way, "<sip:+15557654321@b.sip.example.com:5062>"))
                .contains("sip:+15557654321@b.sip.example.com:5062");
        assertThat(follow(way, "<sip:+15557654321@evil.example>")).isEmpty();
        assertThat(follow(way, "<sip:+19005551234@sip.example.com>")).isEmpty();
        assertThat(follow(way, "<tel:+15557654321>")).isEmpty();
        assertThat(follow(way, "<sip:a@sip.example.com?Route=%3Csip:evil.example%3E>")).isEmpty();
    }

    private static Optional<String> follow(Way way, String contact) {
        String text =
                "SIP/2.0 302 Moved\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
                        + "From: <sip:us@test>;tag=f\r\nTo: <sip:them@test>;tag=a\r\n"
                        + "Call-ID: c\r\nCSeq: 1 INVITE\r\nContact: "
                        + contact
                        + "\r\nContent-Length: 0\r\n\r\n";
        ParsedResponse response =
                (ParsedResponse) SipParser.parse(text.getBytes(StandardCharsets.UTF_8), false);
        return way.redirects()
                .follow(ContactList.of(response).getFirst())
                .map(envelope -> envelope.requestUri());
    }

    @Test
    void headersThatAreNotOursToGiveAreRefused() {
        for (String name :
                List.of(
                        "Route",
                        "via",
                        "To",
                        "f",
                        "P-Asserted-Identity",
                        "p-anything",
                        "CSeq",
                        "Proxy-Authorization",
                        "x",
                        "Content-Length",
                        "A B",
                        "X:Y",
                        "")) {
            assertThat(CustomHeaders.fault(name, "v")).as(name).isPresent();
        }
        assertThat(CustomHeaders.fault("X-Ok", "fine")).isEmpty();
        assertThat(CustomHeaders.fault("X-Ok", "a\r\nVia: evil")).isPresent();
    }
}

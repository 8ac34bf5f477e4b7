package dev.roomline.bridge.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.Entries;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.Target;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.SipParser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TrunksTest {
    private static final Target TARGET =
            new Target(
                    TransportKind.UDP,
                    new InetSocketAddress(InetAddress.ofLiteral("192.0.2.9"), 5060));

    private final VirtualSignal signal = new VirtualSignal();
    private final List<ClientCommand.Send> sent = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Trunks trunks =
            new Trunks(
                    signal,
                    sent::add,
                    new Random(1),
                    new TrunkNews(Counters.NONE, this::tell),
                    _ -> 3);

    private void tell(Happening event) {
        told.add(event.type().label());
    }

    private static Trunk trunk(Map<String, ?> fields) {
        return switch (Entries.trunk(fields)) {
            case Entries.Read.Good<Trunk>(Trunk read) -> read;
            case Entries.Read.Bad<Trunk> bad -> throw new IllegalArgumentException("" + bad);
        };
    }

    private List<String> methods() {
        return sent.stream().map(ClientCommand.Send::method).toList();
    }

    private void answer(int status, String phrase) {
        ClientCommand.Send asked = sent.getLast();
        String text =
                "SIP/2.0 %d %s\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
                                .formatted(status, phrase)
                        + "From: <sip:us@test>;tag=f\r\nTo: <sip:them@test>;tag=a\r\n"
                        + "Call-ID: c\r\nCSeq: 1 "
                        + asked.method()
                        + "\r\nContent-Length: 0\r\n\r\n";
        ParsedResponse response =
                (ParsedResponse) SipParser.parse(text.getBytes(StandardCharsets.UTF_8), false);
        trunks.concluded(
                new ClientEvent.Concluded(
                        asked.request(),
                        asked.cseq(),
                        new ClientEvent.Outcome.Response(response, TARGET, "")));
        signal.run();
    }

    private TrunkState state(String id) {
        var asked = trunks.states().toCompletableFuture();
        signal.run();
        return asked.join().getOrDefault(id, TrunkState.NONE);
    }

    @Test
    void aTrunkIsAskedAtOnceAndAgainAfterItsInterval() {
        trunks.use(List.of(trunk(Map.of("id", "t", "address", "a.example"))));
        assertThat(methods()).containsExactly("OPTIONS");
        assertThat(state("t").health()).isEqualTo(TrunkState.Health.UNKNOWN);
        answer(200, "OK");
        assertThat(state("t").health()).isEqualTo(TrunkState.Health.UP);
        assertThat(state("t").activeCalls()).isEqualTo(3);
        signal.pass(Duration.ofSeconds(29));
        assertThat(methods()).hasSize(1);
        signal.pass(Duration.ofSeconds(1));
        assertThat(methods()).hasSize(2);
        answer(503, "Down for Maintenance");
        assertThat(state("t"))
                .extracting(TrunkState::health, TrunkState::lastError)
                .containsExactly(TrunkState.Health.DOWN, "OPTIONS: 503 Down for Maintenance");
        assertThat(told).containsExactly("trunk.up", "trunk.down");
        assertThat(trunks.counts()).containsEntry(TrunkState.Health.DOWN, 1);
    }

    @Test
    void aTrunkThatRegistersIsBoundRefreshedAndTakenBack() {
        Trunk registering =
                trunk(
                        Map.of(
                                "id", "t",
                                "address", "reg.example",
                                "username", "bob",
                                "password", "p",
                                "register", true,
                                "options_ping", "0s"));
        trunks.use(List.of(registering));
        assertThat(methods()).containsExactly("REGISTER");
        assertThat(sent.getFirst().envelope().to()).isEqualTo("<sip:bob@reg.example>");
        answer(500, "Restarting");
        assertThat(state("t").health()).isEqualTo(TrunkState.Health.DOWN);
        signal.pass(Duration.ofSeconds(30));
        assertThat(methods()).hasSize(2);
        answer(200, "OK");
        assertThat(state("t").registered()).isTrue();
        assertThat(told).containsExactly("trunk.down", "trunk.registered", "trunk.up");
        trunks.use(List.of());
        assertThat(methods()).hasSize(3);
        assertThat(sent.getLast().headers().getFirst().value()).isEqualTo("0");
    }

    @Test
    void whatIsTheSameGoesOnAndWhatIsAnotherBeginsAnew() {
        Trunk one = trunk(Map.of("id", "one", "address", "a.example"));
        Trunk two = trunk(Map.of("id", "two", "address", "b.example"));
        trunks.use(List.of(one, two));
        LiveTrunk before = trunks.find("one").orElseThrow();
        trunks.use(List.of(one, trunk(Map.of("id", "two", "address", "c.example"))));
        assertThat(trunks.find("one")).containsSame(before);
        assertThat(methods()).hasSize(3);
        signal.pass(Duration.ofSeconds(40));
        assertThat(methods()).hasSize(3);
    }

    @Test
    void callsLeaveAtEvenDistancesInTheirOrder() {
        Pace pace = new Pace(signal, 2);
        List<Integer> gone = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int call = i;
            var place = pace.await(() -> gone.add(call));
            if (call == 2) {
                place.cancel();
            }
        }
        assertThat(gone).containsExactly(0);
        signal.pass(Duration.ofMillis(499));
        assertThat(gone).containsExactly(0);
        signal.pass(Duration.ofMillis(1));
        assertThat(gone).containsExactly(0, 1);
        signal.pass(Duration.ofSeconds(1));
        assertThat(gone).containsExactly(0, 1, 3, 4);
        signal.pass(Duration.ofSeconds(10));
        pace.await(() -> gone.add(9));
        assertThat(gone).containsExactly(0, 1, 3, 4, 9);
    }
}

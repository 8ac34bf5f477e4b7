package dev.roomline.sip.peering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.auth.ClientIdentity;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.EffectQueue;
import dev.roomline.sip.endpoint.EndpointSettings;
import dev.roomline.sip.endpoint.Envelope;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.SipEffect;
import dev.roomline.sip.endpoint.SipEndpoint;
import dev.roomline.sip.endpoint.SipInput;
import dev.roomline.sip.endpoint.Target;
import dev.roomline.sip.endpoint.TransportKind;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * REGISTER and OPTIONS over a real endpoint in virtual time, opposite a registrar of the test's.
 */
class PeeringTest {
    private static final InetSocketAddress US = new InetSocketAddress("192.0.2.1", 5060);
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.9", 5060);
    private static final Flow FLOW = new Flow(TransportKind.UDP, US, PEER, 0);
    private static final long SECOND = 1_000_000_000L;

    private final SipEndpoint endpoint =
            new SipEndpoint(EndpointSettings.of("Roomline/0.1.0", flow -> US), new Random(3));
    private final EffectQueue effects = new EffectQueue();
    private final List<String> sent = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final AtomicLong handles = new AtomicLong();
    private final Envelope envelope =
            new Envelope(
                    "sip:carrier.example",
                    List.of(),
                    List.of(),
                    "<sip:1000@carrier.example>",
                    "<sip:1000@carrier.example>",
                    "1000");
    private final Registration registration =
            new Registration(
                    envelope,
                    3600,
                    ClientIdentity.ofPeer("1000", "secret", "carrier.example"),
                    handles::incrementAndGet,
                    new Random(5));
    private final Ping ping =
            new Ping(envelope, 30 * SECOND, handles::incrementAndGet, new Random(6));
    private long now = 1_000 * SECOND;

    private final PeeringOutbox outbox =
            new PeeringOutbox() {
                @Override
                public void send(ClientCommand.Send command) {
                    feed(new SipInput.Commanded(command));
                }

                @Override
                public void changed(State state, String reason) {
                    told.add((state + " " + reason).strip());
                }
            };

    private void feed(SipInput input) {
        endpoint.handle(input, now, effects);
        for (SipEffect effect = effects.poll(); effect != null; effect = effects.poll()) {
            switch (effect) {
                case SipEffect.Send send ->
                        sent.add(new String(send.bytes(), StandardCharsets.UTF_8));
                case SipEffect.Raise(ClientEvent.Concluded concluded) -> {
                    registration.handle(new PeeringInput.Concluded(concluded), now, outbox);
                    ping.handle(new PeeringInput.Concluded(concluded), now, outbox);
                }
                case SipEffect.Raise other -> {}
                case SipEffect.Resolve(long query, var uri) ->
                        feed(
                                new SipInput.Resolved(
                                        query, List.of(new Target(TransportKind.UDP, PEER))));
                case SipEffect.MessageSeen seen -> {}
            }
        }
    }

    private void advance(long seconds) {
        long until = now + seconds * SECOND;
        while (next() <= until) {
            now = Math.max(now, next());
            feed(new SipInput.DeadlineReached());
            registration.handle(new PeeringInput.DeadlineReached(), now, outbox);
            ping.handle(new PeeringInput.DeadlineReached(), now, outbox);
        }
        now = until;
    }

    private long next() {
        return Math.min(
                endpoint.nextDeadlineNanos(),
                Math.min(registration.nextDeadlineNanos(), ping.nextDeadlineNanos()));
    }

    private void start() {
        registration.handle(new PeeringInput.Start(), now, outbox);
    }

    private static String header(String message, String name) {
        for (String line : message.split("\r\n")) {
            if (line.startsWith(name + ": ")) {
                return line.substring(name.length() + 2);
            }
        }
        return "";
    }

    private void answer(int status, String... headers) {
        String request = sent.getLast();
        StringBuilder out = new StringBuilder("SIP/2.0 " + status + " Said\r\n");
        for (String name : List.of("Via", "From", "Call-ID", "CSeq")) {
            out.append(name).append(": ").append(header(request, name)).append("\r\n");
        }
        out.append("To: ").append(header(request, "To")).append(";tag=r\r\n");
        for (String line : headers) {
            out.append(line).append("\r\n");
        }
        out.append("Content-Length: 0\r\n\r\n");
        feed(new SipInput.MessageReceived(FLOW, out.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private int requests() {
        sent.removeIf(String::isEmpty);
        return (int) sent.stream().map(text -> header(text, "CSeq")).distinct().count();
    }

    @Test
    @Tag("RFC3261§10.2")
    void a_binding_is_challenged_kept_and_refreshed_a_minute_before_its_end() {
        start();
        assertThat(header(sent.getLast(), "Contact")).isEqualTo("<sip:1000@192.0.2.1:5060>");
        assertThat(header(sent.getLast(), "Expires")).isEqualTo("3600");
        answer(401, "WWW-Authenticate: Digest realm=\"carrier.example\", nonce=\"n\"");
        assertThat(header(sent.getLast(), "Authorization")).contains("username=\"1000\"");
        answer(
                200,
                "Contact: <sip:1000@192.0.2.77>;expires=3000, <sip:1000@192.0.2.1:5060>;expires=600");
        assertThat(told).containsExactly("UP");
        advance(539);
        assertThat(requests()).isEqualTo(2);
        advance(1);
        assertThat(requests()).isEqualTo(3);
        assertThat(header(sent.getLast(), "CSeq")).isEqualTo("3 REGISTER");
        assertThat(header(sent.getLast(), "Call-ID")).isEqualTo(header(sent.getFirst(), "Call-ID"));
        assertThat(header(sent.getLast(), "Authorization")).contains("nonce=\"n\"");
        answer(200, "Expires: 600");
        assertThat(told).containsExactly("UP");
    }

    @Test
    @Tag("RFC3261§10.2.8")
    void an_interval_too_brief_is_asked_again_with_the_registrars() {
        start();
        answer(423, "Min-Expires: 7200");
        assertThat(header(sent.getLast(), "Expires")).isEqualTo("7200");
        answer(423, "Min-Expires: 9000");
        assertThat(told).containsExactly("DOWN 423 Said");
    }

    @Test
    void failures_are_tried_again_ever_later_and_retry_after_is_kept() {
        start();
        answer(500);
        assertThat(told).containsExactly("DOWN 500 Said");
        long first = registration.nextDeadlineNanos() - now;
        assertThat(first).isBetween(15 * SECOND, 30 * SECOND);
        advance(30);
        answer(500);
        assertThat(registration.nextDeadlineNanos() - now).isBetween(30 * SECOND, 60 * SECOND);
        advance(60);
        answer(503, "Retry-After: 900");
        assertThat(registration.nextDeadlineNanos() - now).isEqualTo(900 * SECOND);
        advance(900);
        answer(200, "Expires: 3600");
        assertThat(told.getLast()).isEqualTo("UP");
    }

    @Test
    void a_registrar_that_restarts_is_found_again() {
        start();
        answer(200, "Expires: 120");
        advance(60);
        advance(33);
        assertThat(told.getLast()).isEqualTo("DOWN 192.0.2.9:5060: no answer");
        advance(30);
        answer(200, "Expires: 120");
        assertThat(told.getLast()).isEqualTo("UP");
    }

    @Test
    void wrong_credentials_are_told_and_not_hammered() {
        start();
        for (int i = 0; i < 3; i++) {
            answer(401, "WWW-Authenticate: Digest realm=\"carrier.example\", nonce=\"n" + i + "\"");
        }
        assertThat(told).containsExactly("DOWN wrong credentials for realm carrier.example");
        advance(14);
        assertThat(requests()).isEqualTo(3);
    }

    @Test
    @Tag("RFC3261§10.2")
    void at_the_end_the_binding_is_taken_back() {
        start();
        answer(200, "Expires: 3600");
        registration.handle(new PeeringInput.Stop(), now, outbox);
        assertThat(header(sent.getLast(), "Expires")).isEqualTo("0");
        answer(200);
        assertThat(told).containsExactly("UP", "UNKNOWN");
        advance(10_000);
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void a_stop_while_it_registers_takes_back_what_was_bound() {
        start();
        registration.handle(new PeeringInput.Stop(), now, outbox);
        answer(200, "Expires: 3600");
        assertThat(header(sent.getLast(), "Expires")).isEqualTo("0");
        answer(200);
        assertThat(registration.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_peer_that_refuses_options_lives_and_one_that_is_silent_does_not() {
        ping.handle(new PeeringInput.Start(), now, outbox);
        answer(405);
        assertThat(told).containsExactly("UP");
        advance(30);
        advance(32);
        assertThat(told).containsExactly("UP", "DOWN 192.0.2.9:5060: no answer");
        advance(30);
        answer(200);
        assertThat(told.getLast()).isEqualTo("UP");
        advance(30);
        answer(503);
        assertThat(told.getLast()).isEqualTo("DOWN 503 Said");
        ping.handle(new PeeringInput.Stop(), now, outbox);
        assertThat(told.getLast()).isEqualTo("UNKNOWN");
        assertThat(ping.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }
}

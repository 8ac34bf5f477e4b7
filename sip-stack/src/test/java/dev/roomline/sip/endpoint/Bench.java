package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.SipParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The endpoint in virtual time, opposite a peer whose messages a test writes, and a ladder of what
 * passed. Arrows: {@code ->} to us, {@code <-} from us, {@code *} an event, {@code !} a command.
 */
final class Bench {
    static final InetSocketAddress LOCAL = new InetSocketAddress("192.0.2.1", 5060);
    static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.9", 5062);
    static final Flow UDP = new Flow(TransportKind.UDP, LOCAL, PEER, 0);
    static final Flow TCP = new Flow(TransportKind.TCP, LOCAL, PEER, 7);

    final SipEndpoint endpoint;
    final EffectQueue outbox = new EffectQueue();
    final List<String> ladder = new ArrayList<>();
    final List<SipEvent> events = new ArrayList<>();
    final List<SipEffect.Send> sent = new ArrayList<>();
    final List<SipEffect.Resolve> resolves = new ArrayList<>();
    Flow flow = UDP;

    /** What the application does within the same turn. */
    private Consumer<SipEvent> atOnce = event -> {};

    private final ArrayDeque<SipInput> inputs = new ArrayDeque<>();
    private boolean running;
    private long firstOwnCseq;
    private long nowNanos = 1_000_000_000_000L;
    private final long startNanos = nowNanos;

    Bench() {
        this(EndpointSettings.of("Roomline/0.1.0", Flow::local));
    }

    Bench(EndpointSettings settings) {
        endpoint = new SipEndpoint(settings, new Random(4));
    }

    long millis() {
        return (nowNanos - startNanos) / 1_000_000;
    }

    void receive(String message) {
        receive(message.getBytes(StandardCharsets.UTF_8));
    }

    void receive(byte[] message) {
        ladder.add(line("->", name(message)));
        handle(new SipInput.MessageReceived(flow, message));
    }

    void command(SipCommand command) {
        ladder.add(
                line(
                        "! ",
                        switch (command) {
                            case SipCommand.Respond respond -> "Respond " + respond.status();
                            case SipCommand.Bye bye -> "Bye";
                            case SipCommand.SendInDialog send -> "SendInDialog " + send.method();
                            case SipCommand.Identify identify -> "Identify";
                            case SipCommand.NamePeer name -> "NamePeer";
                            case SipCommand.KeepAlive alive -> "KeepAlive";
                            case ClientCommand client -> client.getClass().getSimpleName();
                        }));
        handle(new SipInput.Commanded(command));
    }

    void respond(RequestId request, int status, HeaderField... headers) {
        Body body =
                status == 200
                        ? new Body("application/sdp", "v=0\r\n".getBytes(StandardCharsets.US_ASCII))
                        : null;
        command(new SipCommand.Respond(request, status, null, List.of(headers), body));
    }

    /** One turn of the loop: an input, what the application says at once, what waited for that. */
    void handle(SipInput input) {
        inputs.add(input);
        if (running) {
            return;
        }
        running = true;
        for (SipInput next = inputs.poll(); next != null; next = inputs.poll()) {
            endpoint.handle(next, nowNanos, outbox);
            drain();
        }
        if (endpoint.nextDeadlineNanos() <= nowNanos + 1) {
            endpoint.handle(new SipInput.DeadlineReached(), nowNanos + 1, outbox);
            drain();
        }
        running = false;
    }

    void atOnce(Consumer<SipEvent> application) {
        atOnce = application;
    }

    /** The application answers each new INVITE within the same turn. */
    void answerAtOnce(int status, HeaderField... headers) {
        atOnce =
                event -> {
                    if (event instanceof SipEvent.InviteReceived invite) {
                        respond(invite.request(), status, headers);
                    }
                };
    }

    /** Nothing of the core lives any more, in any of its tables. */
    void assertNothingLeft() {
        assertThat(endpoint.tables().values()).as(endpoint.tables().toString()).containsOnly(0);
    }

    /** What passed is what the file under src/test/resources/ladders says. */
    void expect(String name) {
        assertThat(ladderText()).isEqualTo(golden(name));
    }

    private static String golden(String name) {
        try (var in = Bench.class.getResourceAsStream("/ladders/" + name + ".txt")) {
            if (in == null) {
                throw new AssertionError("no ladder " + name);
            }
            StringBuilder out = new StringBuilder();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .forEach(line -> out.append(line).append('\n'));
            return out.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets time pass, stopping at every deadline. */
    void advanceToMillis(long millis) {
        long until = startNanos + millis * 1_000_000;
        while (endpoint.nextDeadlineNanos() <= until) {
            nowNanos = Math.max(nowNanos, endpoint.nextDeadlineNanos());
            handle(new SipInput.DeadlineReached());
        }
        nowNanos = until;
    }

    private void drain() {
        for (SipEffect effect = outbox.poll(); effect != null; effect = outbox.poll()) {
            switch (effect) {
                case SipEffect.Send send -> {
                    sent.add(send);
                    ladder.add(line("<-", name(send.bytes())));
                }
                case SipEffect.Raise raise -> {
                    events.add(raise.event());
                    ladder.add(line("* ", name(raise.event())));
                    atOnce.accept(raise.event());
                }
                case SipEffect.Resolve resolve -> resolves.add(resolve);
                case SipEffect.MessageSeen seen -> {}
            }
        }
    }

    private static String name(SipEvent event) {
        return switch (event) {
            case SipEvent.DialogEnded ended -> "DialogEnded " + ended.cause();
            case SipEvent.MessageRefused refused -> "MessageRefused " + refused.reason();
            case SipEvent.ResponseReceived response -> "ResponseReceived " + response.status();
            case ClientEvent client -> Carrier.name(client).strip();
            case SipEvent other -> other.getClass().getSimpleName();
        };
    }

    /** Ours count from a random number: the first is us1. The peer's are small. */
    private String number(long cseq) {
        if (cseq < 1000) {
            return Long.toString(cseq);
        }
        firstOwnCseq = firstOwnCseq == 0 ? cseq : firstOwnCseq;
        return "us" + (cseq - firstOwnCseq + 1);
    }

    private String line(String arrow, String what) {
        return String.format(Locale.ROOT, "%6d  %s %s", millis(), arrow, what);
    }

    private String name(byte[] bytes) {
        return switch (SipParser.parse(bytes, false)) {
            case ParsedRequest request -> request.method() + " " + number(request.cseq());
            case ParsedResponse response ->
                    response.status() + " " + response.cseqMethod() + " " + number(response.cseq());
            default -> "malformed";
        };
    }

    @SuppressWarnings("unchecked")
    <E extends SipEvent> E last(Class<E> kind) {
        for (int i = events.size() - 1; i >= 0; i--) {
            if (kind.isInstance(events.get(i))) {
                return (E) events.get(i);
            }
        }
        throw new AssertionError("no " + kind.getSimpleName() + " in " + events);
    }

    String lastSent() {
        return new String(sent.getLast().bytes(), StandardCharsets.UTF_8);
    }

    /** The text of the latest message we sent that starts so. */
    String sent(String start) {
        for (int i = sent.size() - 1; i >= 0; i--) {
            String text = new String(sent.get(i).bytes(), StandardCharsets.UTF_8);
            if (text.startsWith(start)) {
                return text;
            }
        }
        throw new AssertionError("nothing sent starts with " + start + "\n" + ladderText());
    }

    String ladderText() {
        return String.join("\n", ladder) + "\n";
    }

    static String header(String message, String name) {
        for (String line : message.split("\r\n")) {
            if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                return line.substring(name.length() + 1).strip();
            }
        }
        throw new AssertionError("no " + name + " in\n" + message);
    }
}

package dev.roomline.sip.endpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.SipParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many calls over a seeded wire that loses, doubles and reorders: whatever it does, every call that
 * began ends, each end is told once, and nothing is left.
 */
class LossyWireTest {
    private static final int CALLS = 200;

    private final PriorityQueue<Arrival> wire = new PriorityQueue<>();
    private final EffectQueue outbox = new EffectQueue();
    private final Map<DialogId, Integer> ends = new HashMap<>();
    private final Set<DialogId> answered = new HashSet<>();
    private final Set<String> cancelled = new HashSet<>();
    private final Set<Integer> reached = new HashSet<>();
    private final Map<String, Caller> callers = new HashMap<>();
    private final SipEndpoint endpoint =
            new SipEndpoint(EndpointSettings.of("Roomline/0.1.0", Flow::local), new Random(9));
    private Random random = new Random(0);
    private double loss;
    private long nowMillis;
    private long order;
    private int acked;

    /** Something to happen: a message for us ({@code caller} null), or one for a caller. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Arrival(long atMillis, long order, byte[] bytes, boolean toUs)
            implements Comparable<Arrival> {
        @Override
        public int compareTo(Arrival other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** A caller that does what RFC 3261 asks of a UAC, with timers A, B, E and F coarsened. */
    private final class Caller {
        final Phone phone = new Phone();
        final int number;
        String tag = "";
        boolean finalSeen;
        boolean byeAnswered;
        final List<long[]> resends = new ArrayList<>();

        Caller(int number) {
            this.number = number;
            phone.callId = "call-" + number;
            phone.fromTag = "f" + number;
        }

        String invite() {
            return phone.invite(1, "i" + number);
        }

        void start(long atMillis) {
            for (long delay = 0, step = 500; delay < 32_000; delay += step, step *= 2) {
                plan(atMillis + delay, 0);
            }
            if (number % 4 == 0) {
                plan(atMillis + 1500, 2);
            }
            if (number % 4 == 1) {
                for (long delay = 5_000; delay < 37_000; delay += 2_000) {
                    plan(atMillis + delay, 1);
                }
            }
        }

        void plan(long atMillis, int what) {
            resends.add(new long[] {atMillis, what});
        }

        void tick() {
            for (long[] planned : List.copyOf(resends)) {
                if (planned[0] <= nowMillis) {
                    resends.remove(planned);
                    act((int) planned[1]);
                }
            }
        }

        private void act(int what) {
            switch (what) {
                case 0 -> {
                    if (!finalSeen) {
                        toUs(invite());
                    }
                }
                case 1 -> {
                    if (!tag.isEmpty() && !byeAnswered) {
                        toUs(phone.inDialog("BYE", 2, "b" + number, tag));
                    }
                }
                default -> {
                    if (!finalSeen) {
                        toUs(phone.cancel(1, "i" + number));
                    }
                }
            }
        }

        void receive(byte[] bytes) {
            switch (SipParser.parse(bytes, false)) {
                case ParsedResponse response -> response(response);
                case ParsedRequest bye ->
                        toUs(Phone.answer(new String(bytes, StandardCharsets.UTF_8), 200, ""));
                default -> throw new AssertionError("we sent a malformed message");
            }
        }

        private void response(ParsedResponse response) {
            if (response.cseqMethod().equals("BYE") && response.status() >= 200) {
                byeAnswered = true;
            }
            if (response.cseqMethod().equals("INVITE") && response.status() >= 200) {
                finalSeen = true;
                String to = response.to().tag();
                if (response.status() < 300) {
                    tag = to == null ? "" : to;
                    toUs(phone.inDialog("ACK", 1, "a" + number, tag));
                } else {
                    toUs(phone.inDialog("ACK", 1, "i" + number, to == null ? "" : to));
                }
            }
        }
    }

    private void put(byte[] bytes, boolean toUs) {
        int copies = random.nextDouble() < loss ? 0 : random.nextDouble() < 0.1 ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            wire.add(new Arrival(nowMillis + 5 + random.nextInt(200), order++, bytes, toUs));
        }
    }

    private void toUs(String message) {
        put(message.getBytes(StandardCharsets.UTF_8), true);
    }

    private void handle(SipInput input) {
        endpoint.handle(input, nowMillis * 1_000_000, outbox);
        List<SipCommand> commands = new ArrayList<>();
        for (SipEffect effect = outbox.poll(); effect != null; effect = outbox.poll()) {
            switch (effect) {
                case SipEffect.Send send -> put(send.bytes(), false);
                case SipEffect.Raise raise -> application(raise.event(), commands);
                case SipEffect.Resolve resolve -> throw new AssertionError("no names here");
                case SipEffect.MessageSeen seen -> {}
            }
        }
        commands.forEach(command -> handle(new SipInput.Commanded(command)));
    }

    private void application(SipEvent event, List<SipCommand> commands) {
        switch (event) {
            case SipEvent.InviteReceived invite -> {
                int number = Integer.parseInt(invite.invite().callId().substring(5));
                reached.add(number);
                if (number % 4 != 0) {
                    int status = number % 4 == 3 ? 486 : 200;
                    if (status == 200) {
                        answered.add(invite.dialog());
                    }
                    commands.add(
                            new SipCommand.Respond(
                                    invite.request(), status, null, List.of(), null));
                }
            }
            case SipEvent.InviteCancelled gone -> cancelled.add(gone.cancel().callId());
            case SipEvent.AckReceived ack -> {
                acked++;
                commands.add(new SipCommand.SendInDialog(ack.dialog(), 1, "INFO", List.of(), null));
                if (acked % 2 == 0) {
                    commands.add(new SipCommand.Bye(ack.dialog(), List.of()));
                }
            }
            case SipEvent.DialogEnded end -> ends.merge(end.dialog(), 1, Integer::sum);
            default -> {}
        }
    }

    @ParameterizedTest(name = "{0} % lost both ways")
    @ValueSource(ints = {0, 10, 30, 60})
    void every_call_ends_and_nothing_is_left(int percent) {
        loss = percent / 100.0;
        random = new Random(percent);
        for (int i = 0; i < CALLS; i++) {
            Caller caller = new Caller(i);
            callers.put(caller.phone.callId, caller);
            caller.start(i * 20L);
        }
        for (nowMillis = 0; nowMillis < 300_000; nowMillis += 10) {
            callers.values().forEach(Caller::tick);
            while (!wire.isEmpty() && wire.peek().atMillis() <= nowMillis) {
                Arrival arrival = wire.poll();
                if (arrival.toUs()) {
                    handle(new SipInput.MessageReceived(Bench.UDP, arrival.bytes()));
                } else {
                    Caller caller = callers.get(SipParser.callId(arrival.bytes()));
                    assertThat(caller).isNotNull();
                    requireNonNull(caller).receive(arrival.bytes());
                }
            }
            if (endpoint.nextDeadlineNanos() <= nowMillis * 1_000_000) {
                handle(new SipInput.DeadlineReached());
            }
            if (nowMillis == 100_000) {
                hangUpTheRest();
            }
        }
        assertThat(ends.keySet()).as("each answered call ended").containsAll(answered);
        assertThat(ends.values()).as("once").containsOnly(1);
        EndpointCounts counts = endpoint.counts();
        assertThat(counts.serverTransactions() - unanswered()).isZero();
        assertThat(counts.clientTransactions()).isZero();
        assertThat(counts.dialogs()).isEqualTo(unanswered());
        if (percent == 0) {
            assertThat(answered).hasSize(CALLS / 2);
            assertThat(cancelled).hasSize(CALLS / 4);
        }
    }

    /** INVITEs whose every CANCEL was lost and that this application never answers. */
    private int unanswered() {
        int left = 0;
        for (Caller caller : callers.values()) {
            boolean mute = caller.number % 4 == 0;
            if (mute
                    && !cancelled.contains(caller.phone.callId)
                    && reached.contains(caller.number)) {
                left++;
            }
        }
        return left;
    }

    private void hangUpTheRest() {
        for (DialogId dialog : answered) {
            handle(new SipInput.Commanded(new SipCommand.Bye(dialog, List.of())));
        }
    }
}

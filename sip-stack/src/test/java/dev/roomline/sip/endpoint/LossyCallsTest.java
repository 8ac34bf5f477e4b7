package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.HeaderField;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One endpoint calls another over a seeded wire that loses, doubles and reorders: each call has one
 * ending on either side, both agree on what is alive, and nothing is left in any table of either.
 */
class LossyCallsTest {
    private static final int CALLS = 60;

    private final Side caller = new Side("192.0.2.1", 1);
    private final Side callee = new Side("192.0.2.9", 2);
    private final Map<CallHandle, ClientEvent.Ending> endings = new HashMap<>();
    private final Set<DialogId> confirmedByCaller = new HashSet<>();
    private LossyWire wire = new LossyWire(0, 0);

    /** An endpoint with its application's books. */
    private final class Side {
        final InetSocketAddress address;
        final SipEndpoint endpoint;
        final EffectQueue outbox = new EffectQueue();
        final Map<DialogId, Integer> ends = new HashMap<>();

        Side(String host, long seed) {
            address = new InetSocketAddress(host, 5060);
            endpoint =
                    new SipEndpoint(
                            EndpointSettings.of("Roomline/0.1.0", flow -> address),
                            new Random(seed));
        }

        void handle(SipInput input) {
            endpoint.handle(input, wire.nowMillis() * 1_000_000, outbox);
            for (SipEffect effect = outbox.poll(); effect != null; effect = outbox.poll()) {
                switch (effect) {
                    case SipEffect.Send send -> {
                        Side other = this == caller ? callee : caller;
                        Flow flow = new Flow(TransportKind.UDP, other.address, address, 0);
                        wire.carry(
                                () ->
                                        other.handle(
                                                new SipInput.MessageReceived(flow, send.bytes())));
                    }
                    case SipEffect.Raise raise -> wire.in(0, () -> told(this, raise.event()));
                    case SipEffect.Resolve(long query, var uri) ->
                            wire.in(
                                    20,
                                    () ->
                                            handle(
                                                    new SipInput.Resolved(
                                                            query,
                                                            List.of(
                                                                    new Target(
                                                                            TransportKind.UDP,
                                                                            callee.address)))));
                    case SipEffect.MessageSeen seen -> {}
                }
            }
        }

        void command(SipCommand command) {
            handle(new SipInput.Commanded(command));
        }
    }

    private void told(Side side, SipEvent event) {
        switch (event) {
            case SipEvent.InviteReceived invite -> {
                long number = Long.parseLong(invite.invite().header("X-Number").orElseThrow());
                wire.in(300, () -> respond(side, invite.request(), 180));
                int status = number % 4 == 3 ? 486 : 200;
                wire.in(1500, () -> respond(side, invite.request(), status));
            }
            case SipEvent.DialogEnded end -> side.ends.merge(end.dialog(), 1, Integer::sum);
            case ClientEvent.Answered answered -> {
                end(answered);
                confirmedByCaller.add(answered.dialog());
                boolean callerHangsUp = answered.call().value() % 4 == 0;
                if (callerHangsUp) {
                    wire.in(
                            3000,
                            () -> caller.command(new SipCommand.Bye(answered.dialog(), List.of())));
                }
            }
            case ClientEvent.Ending ending -> end(ending);
            case SipEvent.AckReceived ack -> {
                if (side == callee) {
                    wire.in(9000, () -> side.command(new SipCommand.Bye(ack.dialog(), List.of())));
                }
            }
            case SipEvent other -> {}
        }
    }

    private void end(ClientEvent.Ending ending) {
        assertThat(endings.put(ending.call(), ending)).as("ended once").isNull();
    }

    private static void respond(Side side, RequestId request, int status) {
        side.command(
                new SipCommand.Respond(
                        request, status, null, List.of(), status == 200 ? Carrier.SDP : null));
    }

    private void place(long number) {
        CallHandle handle = new CallHandle(number);
        caller.command(
                new ClientCommand.Invite(
                        handle,
                        Envelope.to("sip:room@carrier.example", "<sip:us@carrier.example>"),
                        List.of(new HeaderField("X-Number", Long.toString(number))),
                        Carrier.SDP,
                        null));
        if (number % 4 == 2) {
            // around the time of the answer: before it, across it, after it
            wire.in(
                    1000 + number * 23,
                    () -> caller.command(new ClientCommand.Cancel(handle, List.of())));
        }
    }

    @ParameterizedTest(name = "{0} % lost, seed {1}")
    @CsvSource({"0,1", "30,1", "30,2", "30,3", "60,1"})
    @Tag("RFC3261§17.1.1.2")
    @Tag("RFC3261§17.1.2.2")
    @Tag("RFC3261§13.2.2.4")
    void every_call_has_one_ending_and_nothing_is_left(int percent, long seed) {
        wire = new LossyWire(seed, percent / 100.0);
        for (long number = 0; number < CALLS; number++) {
            long next = number;
            wire.in(number * 40, () -> place(next));
        }
        boolean more = true;
        while (more) {
            boolean callerFirst =
                    caller.endpoint.nextDeadlineNanos() <= callee.endpoint.nextDeadlineNanos();
            Side first = callerFirst ? caller : callee;
            more = wire.step(first.endpoint, () -> first.handle(new SipInput.DeadlineReached()));
        }
        assertThat(endings).hasSize(CALLS);
        assertThat(caller.ends.keySet()).isEqualTo(confirmedByCaller);
        assertThat(caller.ends.values()).containsOnly(1);
        assertThat(callee.ends.values()).containsOnly(1);
        assertThat(caller.endpoint.tables().values()).containsOnly(0);
        assertThat(callee.endpoint.tables().values()).containsOnly(0);
        if (percent == 0) {
            assertThat(endings.values())
                    .filteredOn(ending -> ending instanceof ClientEvent.Refused)
                    .hasSize(CALLS / 4);
            assertThat(confirmedByCaller).hasSizeGreaterThanOrEqualTo(CALLS / 2);
        }
        if (percent == 30) {
            // no call that both sides wanted is lost to a third of the packets
            assertThat(endings.values())
                    .filteredOn(ending -> ending.call().value() % 4 < 2)
                    .allMatch(ending -> ending instanceof ClientEvent.Answered);
        }
    }
}

package dev.roomline.sip.endpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.SipParser;
import dev.roomline.sip.message.SipRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
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
 * Many calls over a seeded wire that loses, doubles and reorders: whatever it does, every call that
 * began ends on both sides, each end is told once, and nothing is left in any table.
 */
class LossyWireTest {
    private static final int CALLS = 100;
    private static final Body SDP =
            new Body("application/sdp", "v=0\r\n".getBytes(StandardCharsets.US_ASCII));

    private final EffectQueue outbox = new EffectQueue();
    private final ArrayDeque<SipInput> inputs = new ArrayDeque<>();
    private final Map<DialogId, Integer> ends = new HashMap<>();
    private final Set<DialogId> answered = new HashSet<>();
    private final Map<DialogId, LossyCaller.Plan> plans = new HashMap<>();
    private final Map<String, LossyCaller> callers = new HashMap<>();
    private final SipEndpoint endpoint =
            new SipEndpoint(EndpointSettings.of("Roomline/0.1.0", Flow::local), new Random(9));
    private LossyWire wire = new LossyWire(0, 0);
    private boolean running;

    private void handle(SipInput input) {
        inputs.add(input);
        if (running) {
            return;
        }
        running = true;
        for (SipInput next = inputs.poll(); next != null; next = inputs.poll()) {
            endpoint.handle(next, wire.nowMillis() * 1_000_000, outbox);
            for (SipEffect effect = outbox.poll(); effect != null; effect = outbox.poll()) {
                switch (effect) {
                    case SipEffect.Send send ->
                            wire.carry(() -> caller(send.bytes()).receive(send.bytes()));
                    case SipEffect.Raise raise -> told(raise.event());
                    case SipEffect.Resolve resolve -> throw new AssertionError("no names here");
                    case SipEffect.MessageSeen seen -> {}
                }
            }
        }
        running = false;
    }

    private LossyCaller caller(byte[] message) {
        return requireNonNull(callers.get(SipParser.callId(message)));
    }

    private void command(SipCommand command) {
        handle(new SipInput.Commanded(command));
    }

    private void answer(RequestId request, int status) {
        boolean once = status == 407;
        command(
                new SipCommand.Respond(
                        request, status, null, List.of(), status == 200 ? SDP : null, once));
    }

    private void told(SipEvent event) {
        switch (event) {
            case SipEvent.InviteReceived invite -> invited(invite);
            case SipEvent.ReinviteReceived invite ->
                    wire.in(30, () -> answer(invite.request(), 200));
            case SipEvent.AckReceived ack -> acknowledged(ack.dialog());
            case SipEvent.DialogEnded end -> ends.merge(end.dialog(), 1, Integer::sum);
            case SipEvent.RequestReceived other -> answer(other.request(), 200);
            case SipEvent.ResponseReceived response -> {
                if (plans.get(response.dialog()) == LossyCaller.Plan.WE_REINVITE) {
                    wire.in(500, () -> command(new SipCommand.Bye(response.dialog(), List.of())));
                }
            }
            case SipEvent.InviteCancelled gone -> {}
            case ClientEvent client -> {}
            case SipEvent.MessageRefused refused -> {}
            case SipEvent.RefreshDue due -> {}
            case SipEvent.ProvisionalAcknowledged prack -> {}
            case SipEvent.SessionExpired expired -> {}
        }
    }

    private void invited(SipEvent.InviteReceived event) {
        SipRequest invite = event.invite();
        LossyCaller.Plan plan = requireNonNull(callers.get(invite.callId())).plan;
        String credentials = invite.header("X-Credentials").orElse("");
        switch (plan) {
            case CANCELS -> {
                wire.in(1000, () -> answer(event.request(), 180));
                // as an application's own time limit would
                wire.in(60_000, () -> answer(event.request(), 480));
            }
            case BUSY -> wire.in(20, () -> answer(event.request(), 486));
            case CHALLENGED -> {
                if (credentials.isEmpty()) {
                    answer(event.request(), 407);
                } else {
                    accept(event, plan);
                }
            }
            case CHALLENGED_LATE -> {
                if (credentials.equals("old")) {
                    wire.in(20, () -> answer(event.request(), 407));
                } else {
                    accept(event, plan);
                }
            }
            default -> accept(event, plan);
        }
    }

    private void accept(SipEvent.InviteReceived event, LossyCaller.Plan plan) {
        plans.put(event.dialog(), plan);
        answered.add(event.dialog());
        wire.in(20, () -> answer(event.request(), 200));
        // as max_call_duration or silence would, where each BYE of the caller was lost
        wire.in(250_000, () -> command(new SipCommand.Bye(event.dialog(), List.of())));
    }

    private void acknowledged(DialogId dialog) {
        switch (requireNonNull(plans.get(dialog))) {
            case WE_HANG_UP, BOTH_HANG_UP ->
                    wire.in(2000, () -> command(new SipCommand.Bye(dialog, List.of())));
            case WE_REINVITE ->
                    command(new SipCommand.SendInDialog(dialog, 1, "INVITE", List.of(), SDP));
            default -> command(new SipCommand.SendInDialog(dialog, 1, "INFO", List.of(), null));
        }
    }

    @ParameterizedTest(name = "{0} % lost both ways, seed {1}")
    @CsvSource({
        "0, 1", "5, 2", "30, 3", "30, 4", "30, 5", "30, 6", "30, 7", "30, 8", "60, 15", "60, 16"
    })
    @Tag("RFC3261§17.2.1")
    @Tag("RFC3261§17.2.2")
    @Tag("RFC3261§13.3.1.4")
    void every_call_ends_and_nothing_is_left(int percent, long seed) {
        wire = new LossyWire(seed, percent / 100.0);
        for (int i = 0; i < CALLS; i++) {
            LossyCaller caller =
                    new LossyCaller(
                            i,
                            wire,
                            text -> {
                                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                                wire.carry(
                                        () ->
                                                handle(
                                                        new SipInput.MessageReceived(
                                                                Bench.UDP, bytes)));
                            });
            callers.put(caller.phone.callId, caller);
            wire.in(20L * i, caller::start);
        }
        Runnable deadline = () -> handle(new SipInput.DeadlineReached());
        while (wire.step(endpoint, deadline)) {
            assertThat(wire.nowMillis()).as("it comes to an end").isLessThan(600_000);
        }
        Map<LossyCaller.Outcome, Integer> outcomes = new HashMap<>();
        callers.values().forEach(c -> outcomes.merge(c.outcome, 1, Integer::sum));
        assertThat(outcomes).as("each caller knows").doesNotContainKey(LossyCaller.Outcome.OPEN);
        if (percent <= 30) {
            assertThat(outcomes).doesNotContainKey(LossyCaller.Outcome.FORGOTTEN);
            // 0.51^7 is what 30 % both ways leaves of an INVITE and its six repetitions
            assertThat(outcomes.getOrDefault(LossyCaller.Outcome.UNHEARD, 0))
                    .as("nobody was lost but whom nothing reached")
                    .isLessThanOrEqualTo(percent < 30 ? 0 : CALLS / 15);
        }
        assertThat(endpoint.tables().values()).as("%s", endpoint.tables()).containsOnly(0);
        assertThat(ends.values()).as("each end is told once").containsOnly(1);
        Set<DialogId> ended = new HashSet<>(ends.keySet());
        assertThat(answered).as("only answered calls end so").containsAll(ended);
        if (percent == 0) {
            assertThat(ended).isEqualTo(answered).hasSize(CALLS * 8 / 10);
        }
    }
}

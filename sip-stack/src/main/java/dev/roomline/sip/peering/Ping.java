package dev.roomline.sip.peering;

import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.Envelope;
import dev.roomline.sip.endpoint.RequestHandle;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks a peer by OPTIONS whether it lives (RFC 3261 §11.1). Any answer but 503 says that it does: a
 * refusal of OPTIONS is an answer too. Owner: the signalling loop.
 */
public final class Ping implements Peering {
    private final Envelope envelope;
    private final long intervalNanos;
    private final LongSupplier handles;
    private final RandomGenerator random;
    private PeeringOutbox.State state = PeeringOutbox.State.UNKNOWN;
    private String reason = "";
    private @Nullable RequestHandle inFlight;
    private boolean wanted;
    private long deadlineNanos = Long.MAX_VALUE;

    /**
     * @param intervalNanos between an answer and the next question
     * @param handles gives a number that no other request has
     */
    public Ping(
            Envelope envelope, long intervalNanos, LongSupplier handles, RandomGenerator random) {
        this.envelope = envelope;
        this.intervalNanos = intervalNanos;
        this.handles = handles;
        this.random = random;
    }

    @Override
    public long nextDeadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void handle(PeeringInput input, long nowNanos, PeeringOutbox outbox) {
        switch (input) {
            case PeeringInput.Start start -> {
                wanted = true;
                if (inFlight == null && deadlineNanos == Long.MAX_VALUE) {
                    ask(outbox);
                }
            }
            case PeeringInput.Stop stop -> {
                wanted = false;
                deadlineNanos = Long.MAX_VALUE;
                become(PeeringOutbox.State.UNKNOWN, "", outbox);
            }
            case PeeringInput.Concluded concluded -> {
                if (concluded.event().request().equals(inFlight)) {
                    inFlight = null;
                    if (wanted) {
                        answered(concluded.event().outcome(), outbox);
                        deadlineNanos = nowNanos + intervalNanos;
                    }
                }
            }
            case PeeringInput.DeadlineReached reached -> {
                if (deadlineNanos != Long.MAX_VALUE && deadlineNanos - nowNanos <= 0) {
                    deadlineNanos = Long.MAX_VALUE;
                    ask(outbox);
                }
            }
        }
    }

    private void ask(PeeringOutbox outbox) {
        RequestHandle handle = new RequestHandle(handles.getAsLong());
        inFlight = handle;
        outbox.send(
                new ClientCommand.Send(
                        handle,
                        "OPTIONS",
                        envelope,
                        Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()),
                        Long.toHexString(random.nextLong()),
                        1,
                        List.of(),
                        null,
                        null));
    }

    private void answered(ClientEvent.Outcome outcome, PeeringOutbox outbox) {
        switch (outcome) {
            case ClientEvent.Outcome.Response answer -> {
                boolean unavailable = answer.response().status() == 503;
                become(
                        unavailable ? PeeringOutbox.State.DOWN : PeeringOutbox.State.UP,
                        unavailable ? Reasons.of(answer.response()) : "",
                        outbox);
            }
            case ClientEvent.Outcome.NotAuthorized asksWho ->
                    become(PeeringOutbox.State.UP, "", outbox);
            case ClientEvent.Outcome.Unreachable gone ->
                    become(PeeringOutbox.State.DOWN, Reasons.of(gone.tried()), outbox);
        }
    }

    private void become(PeeringOutbox.State next, String why, PeeringOutbox outbox) {
        if (next != state || !why.equals(reason)) {
            state = next;
            reason = why;
            outbox.changed(next, why);
        }
    }
}

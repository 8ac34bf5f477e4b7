package dev.roomline.sip.peering;

import dev.roomline.sip.auth.ClientIdentity;
import dev.roomline.sip.auth.DigestSession;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.Envelope;
import dev.roomline.sip.endpoint.RequestHandle;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipResponse;
import dev.roomline.sip.message.SipUri;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one address of record bound to us (RFC 3261 §10.2): refreshed before it expires, with the
 * interval that the registrar wants (423), challenged or not, tried again ever later after
 * failures, and taken back at the end. Owner: the signalling loop.
 *
 * <pre>
 *  Start ─▶ REGISTER ─┬─ 200 ──▶ UP, refresh a minute before its end (half-way if that is shorter)
 *                     ├─ 423 ──▶ once more with Min-Expires
 *                     └─ else ─▶ DOWN, again after 30 s, 60 s … 30 min, or Retry-After
 *  Stop ─▶ REGISTER with Expires: 0 ─▶ UNKNOWN
 * </pre>
 */
public final class Registration implements Peering {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long LEAD_SECONDS = 60;
    private static final long SHORTEST_SECONDS = 10;
    private static final long LONGEST_SECONDS = 86_400;
    private static final long FIRST_WAIT_SECONDS = 30;
    private static final long LONGEST_WAIT_SECONDS = 1800;

    private final Envelope envelope;
    private final @Nullable DigestSession session;
    private final LongSupplier handles;
    private final RandomGenerator random;
    private final String callId;
    private final String fromTag;
    private long cseq;
    private long expiresSeconds;
    private long waitSeconds = FIRST_WAIT_SECONDS;
    private boolean intervalAsked;
    private PeeringOutbox.State state = PeeringOutbox.State.UNKNOWN;
    private String reason = "";
    private @Nullable RequestHandle inFlight;
    private boolean wanted;
    private boolean takingBack;
    private boolean bound;
    private long deadlineNanos = Long.MAX_VALUE;

    /**
     * @param envelope Request-URI: the registrar's domain; From and To: the address of record
     * @param expiresSeconds what to ask for
     * @param handles gives a number that no other request has
     */
    public Registration(
            Envelope envelope,
            long expiresSeconds,
            @Nullable ClientIdentity identity,
            LongSupplier handles,
            RandomGenerator random) {
        this.envelope = envelope;
        this.expiresSeconds = expiresSeconds;
        this.session = identity == null ? null : new DigestSession(identity, random);
        this.handles = handles;
        this.random = random;
        this.callId = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        this.fromTag = Long.toHexString(random.nextLong());
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
                if (inFlight == null) {
                    register(expiresSeconds, outbox);
                }
            }
            case PeeringInput.Stop stop -> {
                wanted = false;
                deadlineNanos = Long.MAX_VALUE;
                if (inFlight == null) {
                    takeBack(outbox);
                }
            }
            case PeeringInput.Concluded concluded -> {
                if (concluded.event().request().equals(inFlight)) {
                    inFlight = null;
                    cseq = concluded.event().lastCseq();
                    concluded(concluded.event().outcome(), nowNanos, outbox);
                }
            }
            case PeeringInput.DeadlineReached reached -> {
                if (deadlineNanos != Long.MAX_VALUE && deadlineNanos - nowNanos <= 0) {
                    register(expiresSeconds, outbox);
                }
            }
        }
    }

    private void register(long seconds, PeeringOutbox outbox) {
        deadlineNanos = Long.MAX_VALUE;
        takingBack = seconds == 0;
        RequestHandle handle = new RequestHandle(handles.getAsLong());
        inFlight = handle;
        outbox.send(
                new ClientCommand.Send(
                        handle,
                        "REGISTER",
                        envelope,
                        callId,
                        fromTag,
                        ++cseq,
                        List.of(new HeaderField("Expires", Long.toString(seconds))),
                        null,
                        session));
    }

    private void takeBack(PeeringOutbox outbox) {
        if (bound) {
            register(0, outbox);
        } else {
            become(PeeringOutbox.State.UNKNOWN, "", outbox);
        }
    }

    private void concluded(ClientEvent.Outcome outcome, long nowNanos, PeeringOutbox outbox) {
        boolean ok =
                outcome instanceof ClientEvent.Outcome.Response answer
                        && answer.response().status() < 300;
        if (takingBack) {
            bound = false;
        } else if (ok) {
            bound = true;
        }
        if (!wanted) {
            takeBack(outbox);
        } else if (takingBack) {
            // started again meanwhile
            register(expiresSeconds, outbox);
        } else {
            settle(outcome, nowNanos, outbox);
        }
    }

    private void settle(ClientEvent.Outcome outcome, long nowNanos, PeeringOutbox outbox) {
        switch (outcome) {
            case ClientEvent.Outcome.Response answer -> {
                SipResponse response = answer.response();
                if (response.status() < 300) {
                    registered(answer, nowNanos, outbox);
                } else if (response.status() == 423 && takesInterval(response)) {
                    register(expiresSeconds, outbox);
                } else {
                    failed(
                            Reasons.of(response),
                            seconds(response.header("Retry-After").orElse("")),
                            nowNanos,
                            outbox);
                }
            }
            case ClientEvent.Outcome.NotAuthorized refused ->
                    failed(Reasons.of(refused), -1, nowNanos, outbox);
            case ClientEvent.Outcome.Unreachable gone ->
                    failed(Reasons.of(gone.tried()), -1, nowNanos, outbox);
        }
    }

    /** §10.2.8: once, and only for a longer interval. */
    private boolean takesInterval(SipResponse response) {
        long least = seconds(response.header("Min-Expires").orElse(""));
        if (intervalAsked || least <= expiresSeconds || least > LONGEST_SECONDS) {
            return false;
        }
        intervalAsked = true;
        expiresSeconds = least;
        return true;
    }

    private void registered(
            ClientEvent.Outcome.Response answer, long nowNanos, PeeringOutbox outbox) {
        long granted = Math.clamp(granted(answer), SHORTEST_SECONDS, LONGEST_SECONDS);
        long lead = Math.min(LEAD_SECONDS, granted / 2);
        deadlineNanos = nowNanos + (granted - lead) * SECOND_NANOS;
        waitSeconds = FIRST_WAIT_SECONDS;
        intervalAsked = false;
        become(PeeringOutbox.State.UP, "", outbox);
    }

    /**
     * §10.2.4: of the bindings told, ours; the shortest where a registrar rewrote it beyond
     * recognition; else what the answer or the request says of all.
     */
    private long granted(ClientEvent.Outcome.Response answer) {
        SipUri ours = ContactList.uri(answer.contact()).orElse(null);
        long shortest = Long.MAX_VALUE;
        for (ContactList.Entry entry : ContactList.of(answer.response())) {
            if (entry.expiresSeconds() >= 0) {
                shortest = Math.min(shortest, entry.expiresSeconds());
                if (ours != null && isSame(ours, entry.nameAddr().uri())) {
                    return entry.expiresSeconds();
                }
            }
        }
        if (shortest != Long.MAX_VALUE) {
            return shortest;
        }
        long told = seconds(answer.response().header("Expires").orElse(""));
        return told < 0 ? expiresSeconds : told;
    }

    private static boolean isSame(SipUri one, SipUri other) {
        return one.host().equals(other.host())
                && one.port() == other.port()
                && String.valueOf(one.user()).equals(String.valueOf(other.user()));
    }

    /** RFC 5626 §4.5: between half and all of a time that doubles. */
    private void failed(String why, long retryAfterSeconds, long nowNanos, PeeringOutbox outbox) {
        long spreadMillis = waitSeconds * 500 + random.nextLong(waitSeconds * 500 + 1);
        long askedMillis = Math.min(retryAfterSeconds, LONGEST_WAIT_SECONDS) * 1000;
        deadlineNanos = nowNanos + Math.max(spreadMillis, askedMillis) * 1_000_000;
        waitSeconds = Math.min(LONGEST_WAIT_SECONDS, 2 * waitSeconds);
        intervalAsked = false;
        become(PeeringOutbox.State.DOWN, why, outbox);
    }

    private static long seconds(String value) {
        int end = 0;
        while (end < value.length() && end < 9 && Character.digit(value.charAt(end), 10) >= 0) {
            end++;
        }
        return end == 0 ? -1 : Long.parseLong(value.substring(0, end));
    }

    private void become(PeeringOutbox.State next, String why, PeeringOutbox outbox) {
        if (next != state || !why.equals(reason)) {
            state = next;
            reason = why;
            outbox.changed(next, why);
        }
    }
}

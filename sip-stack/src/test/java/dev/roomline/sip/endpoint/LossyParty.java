package dev.roomline.sip.endpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.dialog.Glare;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.refer.Notice;
import dev.roomline.sip.refer.ReferSubscription;
import dev.roomline.sip.refer.Referral;
import dev.roomline.sip.refer.SipFrag;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One end of a wire that loses: an endpoint and an application, which does with each call what its
 * {@link LossyPlan} says. It remembers what it asked and what came back, so that whoever gives up
 * can be held to it: only where nothing came.
 */
final class LossyParty {
    private static final long CHANGE = 5;
    private static final long REFRESH = 6;
    private static final long REFER = 7;
    private static final long NOTIFY = 8;
    private static final long LIFE_MILLIS = 300_000;
    private static final Body SDP =
            new Body("application/sdp", "v=0\r\n".getBytes(StandardCharsets.UTF_8));

    final SipEndpoint endpoint;
    final InetSocketAddress address;
    final Map<CallHandle, ClientEvent.Ending> endings = new HashMap<>();
    final Map<DialogId, SipEvent.Cause> ends = new HashMap<>();
    final Map<DialogId, Referral> referrals = new HashMap<>();
    final List<String> unexplained = new ArrayList<>();
    int refreshes;
    int changesAgreed;
    int glares;
    int rangReliably;
    int gaveUp;
    final Map<String, Integer> whyGivenUp = new TreeMap<>();

    private final EffectQueue outbox = new EffectQueue();
    private final Random random;
    private final LossyWire wire;
    private final Map<DialogId, LossyPlan> plans = new HashMap<>();
    private final Map<DialogId, ReferSubscription> subscriptions = new HashMap<>();
    private final Map<DialogId, String> callIds = new HashMap<>();
    private final WireBooks books = new WireBooks();
    private final Set<DialogId> talking = new HashSet<>();
    private final Map<CallHandle, String> placed = new HashMap<>();
    private @Nullable LossyParty other;

    /**
     * @param served whether UPDATE is: else sessions are refreshed by INVITE
     */
    LossyParty(String host, long seed, LossyWire wire, List<String> served) {
        this.address = new InetSocketAddress(host, 5060);
        this.wire = wire;
        this.random = new Random(seed);
        this.endpoint =
                new SipEndpoint(
                        EndpointSettings.of("Roomline/0.1.0", flow -> address)
                                .serving(served)
                                .withSessionExpires(90),
                        new Random(seed));
    }

    void opposite(LossyParty party) {
        other = party;
    }

    void place(long number) {
        CallHandle handle = new CallHandle(number);
        command(
                new ClientCommand.Invite(
                        handle,
                        Envelope.to("sip:room@carrier.example", "<sip:us@carrier.example>"),
                        List.of(new HeaderField("X-Number", Long.toString(number))),
                        SDP,
                        null));
        if (LossyPlan.of(number) == LossyPlan.CANCELLED) {
            // around the time of the answer: before it, across it, after it
            wire.in(
                    200 + 37 * (number % 40),
                    () -> command(new ClientCommand.Cancel(handle, List.of())));
        }
    }

    void deadline() {
        handle(new SipInput.DeadlineReached());
    }

    private void command(SipCommand command) {
        handle(new SipInput.Commanded(command));
    }

    private void handle(SipInput input) {
        endpoint.handle(input, wire.nowMillis() * 1_000_000, outbox);
        for (SipEffect effect = outbox.poll(); effect != null; effect = outbox.poll()) {
            switch (effect) {
                case SipEffect.Send send -> send(send.bytes());
                case SipEffect.Raise raise -> wire.in(0, () -> told(raise.event()));
                case SipEffect.Resolve(long query, var uri) -> {
                    Target there = new Target(TransportKind.UDP, requireNonNull(other).address);
                    wire.in(20, () -> handle(new SipInput.Resolved(query, List.of(there))));
                }
                case SipEffect.MessageSeen seen -> {}
            }
        }
    }

    private void send(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        String callId = field(text, "Call-ID");
        String cseq = field(text, "CSeq");
        boolean request = !text.startsWith("SIP/2.0 ");
        if (request) {
            books.asks(callId, cseq);
        }
        LossyParty there = requireNonNull(other);
        wire.carry(
                () -> {
                    there.books.came(callId, cseq, request);
                    Flow flow = new Flow(TransportKind.UDP, there.address, address, 0);
                    there.handle(new SipInput.MessageReceived(flow, bytes));
                });
    }

    /** Of a message that the core has written. */
    private static String field(String text, String name) {
        int begin = text.indexOf("\r\n" + name + ": ") + name.length() + 4;
        return text.substring(begin, text.indexOf("\r\n", begin));
    }

    private void told(SipEvent event) {
        switch (event) {
            case SipEvent.InviteReceived invite -> invited(invite);
            case SipEvent.ReinviteReceived again ->
                    wire.in(30, () -> respond(again.request(), 200, SDP));
            case SipEvent.AckReceived ack -> {
                // those of later INVITEs, and of a caller that asks, change nothing
                if (!isPlacedHere(ack.dialog()) && talking.add(ack.dialog())) {
                    talkAsCallee(ack.dialog());
                }
            }
            case SipEvent.RequestReceived request -> requested(request);
            case SipEvent.ResponseReceived response -> responded(response);
            case SipEvent.RefreshDue due -> ask(due.dialog(), REFRESH, "INVITE");
            case SipEvent.SessionExpired expired -> {
                givesUp("expired", expired.dialog(), isCutOff(expired.dialog()));
                bye(expired.dialog());
            }
            case SipEvent.DialogEnded end -> ended(end);
            case ClientEvent.Placed place -> {
                placed.put(place.call(), place.callId());
                callIds.put(place.dialog(), place.callId());
                plans.put(place.dialog(), LossyPlan.of(place.call().value()));
            }
            case ClientEvent.Progressed progress -> rangReliably += progress.reliable() ? 1 : 0;
            case ClientEvent.Ending ending -> ending(ending);
            case SipEvent.InviteCancelled gone -> {}
            case SipEvent.ProvisionalAcknowledged prack -> {}
            case SipEvent.MessageRefused refused -> {}
            case ClientEvent client -> {}
        }
    }

    // ---- as the one who is called

    private void invited(SipEvent.InviteReceived event) {
        LossyPlan plan =
                LossyPlan.of(Long.parseLong(event.invite().header("X-Number").orElseThrow()));
        plans.put(event.dialog(), plan);
        callIds.put(event.dialog(), event.invite().callId());
        wire.in(100, () -> respond(event.request(), 183, SDP));
        wire.in(
                900,
                () ->
                        respond(
                                event.request(),
                                plan == LossyPlan.REFUSED ? 486 : 200,
                                plan == LossyPlan.REFUSED ? null : SDP));
    }

    private void talkAsCallee(DialogId dialog) {
        // as a limit of time would, where each BYE of the caller was lost
        wire.in(LIFE_MILLIS + 100_000, () -> bye(dialog));
        switch (requireNonNull(plans.get(dialog))) {
            case CALLEE_HANGS_UP, BOTH_HANG_UP -> wire.in(3000, () -> bye(dialog));
            case BOTH_REINVITE -> wire.in(1000, () -> ask(dialog, CHANGE, "INVITE"));
            case BOTH_UPDATE -> wire.in(1000, () -> ask(dialog, CHANGE, "UPDATE"));
            case CALLER_HANGS_UP, CANCELLED, REFUSED, REFRESHED, REFERRED -> {}
        }
    }

    private void requested(SipEvent.RequestReceived request) {
        DialogId dialog = requireNonNull(request.dialog());
        switch (request.message().method()) {
            case "REFER" -> {
                respond(request.request(), 202, null);
                subscriptions.put(dialog, new ReferSubscription(null, nowNanos(), telling(dialog)));
                wire.in(2000, () -> tell(dialog, 180));
                wire.in(4000, () -> tell(dialog, 200));
            }
            case "NOTIFY" -> notified(dialog, request);
            default -> {
                // a refresh
                refreshes++;
                respond(request.request(), 200, null);
            }
        }
    }

    private void tell(DialogId dialog, int status) {
        requireNonNull(subscriptions.get(dialog))
                .handle(
                        new ReferSubscription.Input.Progressed(SipFrag.of(status)),
                        nowNanos(),
                        telling(dialog));
    }

    private ReferSubscription.Outbox telling(DialogId dialog) {
        return (headers, body) ->
                command(new SipCommand.SendInDialog(dialog, NOTIFY, "NOTIFY", headers, body));
    }

    // ---- as the caller

    private void ending(ClientEvent.Ending ending) {
        assertThat(endings.put(ending.call(), ending)).as("ended once").isNull();
        String callId = requireNonNull(placed.get(ending.call()));
        switch (ending) {
            case ClientEvent.Answered answered -> talkAsCaller(answered.dialog());
            case ClientEvent.Unreachable unreachable -> {
                gaveUp++;
                if (books.hasAnswerTo(callId, "INVITE")) {
                    unexplained.add("unreachable, though it rang: " + callId);
                }
            }
            case ClientEvent.Refused refused -> {
                int status = refused.response().status();
                boolean planned = LossyPlan.of(ending.call().value()) == LossyPlan.REFUSED;
                // 504: no PRACK reached the callee
                if (!(status == 486 && planned) && status != 504) {
                    unexplained.add("refused " + status + ": " + callId);
                }
                gaveUp += status == 504 ? 1 : 0;
            }
            case ClientEvent.Cancelled cancelled -> {}
            case ClientEvent.Redirected redirected -> unexplained.add("redirected: " + callId);
            case ClientEvent.NotAuthorized refused -> unexplained.add("challenged: " + callId);
        }
    }

    private void talkAsCaller(DialogId dialog) {
        LossyPlan plan = requireNonNull(plans.get(dialog));
        switch (plan) {
            case CALLER_HANGS_UP, BOTH_HANG_UP -> wire.in(3000, () -> bye(dialog));
            case REFERRED -> {
                wire.in(1000, () -> refer(dialog));
                wire.in(LIFE_MILLIS, () -> bye(dialog));
            }
            case BOTH_REINVITE, BOTH_UPDATE -> {
                String method = plan == LossyPlan.BOTH_REINVITE ? "INVITE" : "UPDATE";
                wire.in(1000, () -> ask(dialog, CHANGE, method));
                wire.in(LIFE_MILLIS, () -> bye(dialog));
            }
            case CALLEE_HANGS_UP, CANCELLED, REFUSED, REFRESHED ->
                    wire.in(LIFE_MILLIS, () -> bye(dialog));
        }
    }

    private void refer(DialogId dialog) {
        referrals.put(dialog, new Referral());
        HeaderField to = new HeaderField("Refer-To", "<sip:desk@example.com>");
        command(new SipCommand.SendInDialog(dialog, REFER, "REFER", List.of(to), null));
    }

    private void notified(DialogId dialog, SipEvent.RequestReceived request) {
        Referral referral = requireNonNull(referrals.get(dialog));
        Notice notice = ((Notice.Reading.Good) Notice.read(request.message())).notice();
        referral.handle(
                new Referral.Input.Notified(notice),
                nowNanos(),
                outboxOf(dialog, status -> respond(request.request(), status, null)));
    }

    private interface Reply {
        void with(int status);
    }

    private Referral.Outbox outboxOf(DialogId dialog, Reply reply) {
        return new Referral.Outbox() {
            @Override
            public void reply(int status) {
                reply.with(status);
            }

            @Override
            public void became(Referral.Phase phase, Referral.Cause why, @Nullable SipFrag said) {
                if (phase == Referral.Phase.TRANSFERRED) {
                    wire.in(100, () -> bye(dialog));
                }
            }
        };
    }

    // ---- either

    private void ask(DialogId dialog, long tag, String method) {
        command(new SipCommand.SendInDialog(dialog, tag, method, List.of(), SDP));
    }

    private void responded(SipEvent.ResponseReceived response) {
        DialogId dialog = response.dialog();
        int status = response.status();
        if (response.tag() == NOTIFY) {
            requireNonNull(subscriptions.get(dialog))
                    .handle(
                            new ReferSubscription.Input.Answered(status),
                            nowNanos(),
                            telling(dialog));
        } else if (response.tag() == REFER) {
            requireNonNull(referrals.get(dialog))
                    .handle(
                            new Referral.Input.Answered(status, response.reasonPhrase()),
                            nowNanos(),
                            outboxOf(dialog, unasked -> {}));
        } else if (response.tag() == REFRESH) {
            refreshes += status == 200 ? 1 : 0;
        } else if (status == 200) {
            changesAgreed++;
        } else if (status == 491 || status == 500) {
            glares++;
            String method = plans.get(dialog) == LossyPlan.BOTH_UPDATE ? "UPDATE" : "INVITE";
            long wait = status == 500 ? 5000 : Glare.waitMillis(isPlacedHere(dialog), random);
            wire.in(wait, () -> ask(dialog, CHANGE, method));
        }
    }

    private boolean isPlacedHere(DialogId dialog) {
        return placed.containsValue(callIds.get(dialog));
    }

    private void ended(SipEvent.DialogEnded end) {
        assertThat(ends.put(end.dialog(), end.cause())).as("ended once").isNull();
        String callId = requireNonNull(callIds.get(end.dialog()));
        Referral referral = referrals.get(end.dialog());
        if (referral != null) {
            referral.handle(
                    new Referral.Input.HungUp(), nowNanos(), outboxOf(end.dialog(), unasked -> {}));
        }
        DialogId dialog = end.dialog();
        switch (end.cause()) {
            case BYE_RECEIVED, BYE_SENT -> {}
            case PEER_LOST ->
                    // 481 where the other's BYE was the one that was lost
                    givesUp(
                            "PEER_LOST",
                            dialog,
                            books.isUnanswered(callId)
                                    || requireNonNull(other).books.hasAsked(callId, "BYE"));
            case ACK_TIMEOUT -> givesUp("ACK_TIMEOUT", dialog, books.isUnacknowledged(callId));
            case PRACK_TIMEOUT ->
                    givesUp("PRACK_TIMEOUT", dialog, !books.hasHeard(callId, "PRACK"));
            case TRANSPORT_LOST -> givesUp("TRANSPORT_LOST", dialog, false);
        }
    }

    private void givesUp(String how, DialogId dialog, boolean explained) {
        gaveUp++;
        String what = how + " " + plans.get(dialog);
        whyGivenUp.merge(what, 1, Integer::sum);
        if (!explained) {
            unexplained.add(what);
        }
    }

    private boolean isCutOff(DialogId dialog) {
        String callId = requireNonNull(callIds.get(dialog));
        return books.isUnanswered(callId) || books.misses(callId, requireNonNull(other).books);
    }

    private void bye(DialogId dialog) {
        command(new SipCommand.Bye(dialog, List.of()));
    }

    private void respond(RequestId request, int status, @Nullable Body body) {
        command(new SipCommand.Respond(request, status, null, List.of(), body));
    }

    private long nowNanos() {
        return wire.nowMillis() * 1_000_000;
    }
}

package dev.roomline.sip.endpoint;

import dev.roomline.sip.dialog.Dialog;
import dev.roomline.sip.dialog.InDialogRequest;
import dev.roomline.sip.message.Address;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.MessageWriter;
import dev.roomline.sip.message.ParsedResponse;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How what we ask inside dialogs leaves: to which address, over which transport, with which
 * headers; to whom next (RFC 3263 §4.3); and the ACKs of its answers. Owner: the signalling loop.
 */
final class Dispatch {
    /** Above the resolver's own limit: only an answer that was lost takes longer. */
    private static final long RESOLUTION_PATIENCE_NANOS = 8_000_000_000L;

    private final Core core;
    private final Sessions sessions;
    private final UserAgentClient client;

    Dispatch(Core core, Sessions sessions, UserAgentClient client) {
        this.core = core;
        this.sessions = sessions;
        this.client = client;
    }

    /** Finds out where it goes, and sends it there. */
    void launch(OutboundRequest request, long nowNanos) {
        LiveDialog live = request.live;
        boolean routed = live.dialog.hasRouteSet();
        switch (NextHop.ofRequest(request.plan.nextHop(), routed, live.flow, live.peerName)) {
            case NextHop.Known known -> {
                request.hopsLeft.add(known.hop());
                tryNextHop(request, nowNanos);
            }
            case NextHop.Unknown unknown -> {
                long query = core.nextId();
                core.resolving.put(query, request);
                request.resolution =
                        core.timers.schedule(
                                nowNanos + RESOLUTION_PATIENCE_NANOS,
                                now -> unresolved(query, now));
                core.resolve(query, unknown.uri());
            }
        }
    }

    /** Whoever should have answered does not: as if there were no target. */
    private void unresolved(long query, long nowNanos) {
        resolved(new SipInput.Resolved(query, List.of()), nowNanos);
    }

    /** {@link SipInput.Resolved}. */
    void resolved(SipInput.Resolved answer, long nowNanos) {
        OutboundRequest request = core.resolving.remove(answer.query());
        if (request == null) {
            return;
        }
        if (request.resolution != null) {
            request.resolution.cancel();
        }
        if (request.over) {
            return;
        }
        request.resolved = true;
        for (Target target : core.targetHealth.ordered(answer.targets(), nowNanos)) {
            Flow flow = request.live.flow;
            boolean reuse =
                    target.transport() == flow.transport()
                            && flow.transport().reliable()
                            && target.address().equals(flow.remote());
            request.hopsLeft.add(
                    NextHop.toward(target, flow, reuse, request.plan.nextHop().host()));
        }
        if (answer.targets().isEmpty() && !request.live.dialog.hasRouteSet()) {
            // a Contact that names nothing we can look up: a phone that knows no better address
            request.hopsLeft.add(NextHop.back(request.live.flow));
        }
        tryNextHop(request, nowNanos);
    }

    void tryNextHop(OutboundRequest request, long nowNanos) {
        request.stopSilence();
        Hop hop = request.hopsLeft.poll();
        if (hop == null) {
            client.unanswered(request, 503, "Service Unavailable", nowNanos);
            return;
        }
        InDialogRequest plan = request.plan;
        List<HeaderField> headers = new ArrayList<>(request.headers.size() + 4);
        if (Methods.wantsContact(plan.method())) {
            Core.addMissing(
                    headers,
                    request.headers,
                    core.contact(flowOf(request, hop), null, plan.requestUri(), plan.routes()));
            Core.addMissing(headers, request.headers, core.allow());
        }
        if (request.refreshes()) {
            HeaderField supported = core.supportedInDialog();
            if (supported != null) {
                Core.addMissing(headers, request.headers, supported);
            }
            headers.addAll(sessions.refreshing(request.live));
        }
        Core.addMissing(headers, request.headers, core.userAgent());
        headers.addAll(request.headers);
        DialogCredentials credentials = request.live.credentials;
        if (credentials != null) {
            headers.addAll(credentials.ahead(plan.method(), plan.requestUri(), hop));
        }
        begin(request, hop, headers, nowNanos);
    }

    private void begin(OutboundRequest request, Hop hop, List<HeaderField> headers, long nowNanos) {
        InetSocketAddress sentBy = core.settings.localAddress().toldTo(flowOf(request, hop));
        InDialogAttempt attempt =
                new InDialogAttempt(core, client, request, hop, core.newBranch(), sentBy);
        if (request.current == null) {
            request.begunNanos = nowNanos;
        }
        request.current = attempt;
        if (!request.hopsLeft.isEmpty()) {
            request.silence =
                    core.timers.schedule(
                            nowNanos + OutsideRequest.SILENCE_NANOS, now -> silent(attempt, now));
        }
        String via = Core.via(hop.transport(), sentBy, attempt.branch);
        attempt.start(encode(request.plan, via, headers, request.body), nowNanos);
    }

    /** There are others: what it answers after all still counts. */
    private void silent(InDialogAttempt attempt, long nowNanos) {
        OutboundRequest request = attempt.request;
        if (!isWanted(request)) {
            return;
        }
        attempt.stopRepeating();
        failed(attempt, nowNanos);
        tryNextHop(request, nowNanos);
    }

    /** RFC 3263 §4.3: nothing came of this road; the next one, or that is the outcome. */
    void lost(InDialogAttempt attempt, int status, String phrase, long nowNanos) {
        OutboundRequest request = attempt.request;
        if (request.over) {
            return;
        }
        failed(attempt, nowNanos);
        if (!goesOn(request, nowNanos) && request.living.isEmpty()) {
            client.unanswered(request, status, phrase, nowNanos);
        }
    }

    /**
     * RFC 3263 §4.3: 503 is no answer while there are other targets.
     *
     * @return whether another is asked, or works on it already
     */
    boolean unavailable(InDialogAttempt attempt, ParsedResponse response, long nowNanos) {
        OutboundRequest request = attempt.request;
        if (!request.resolved || request.over) {
            return false;
        }
        long seconds = RetryAfter.seconds(response, OutsideRequest.USUAL_RETRY_AFTER_SECONDS);
        core.targetHealth.unavailable(attempt.target(), seconds * 1_000_000_000L, nowNanos);
        return request.isHeld() || goesOn(request, nowNanos);
    }

    private boolean goesOn(OutboundRequest request, long nowNanos) {
        boolean goesOn = !request.hopsLeft.isEmpty() && !request.isHeld() && isWanted(request);
        if (goesOn) {
            tryNextHop(request, nowNanos);
        }
        return goesOn;
    }

    /** After a BYE nothing is asked anew but for that BYE. */
    private static boolean isWanted(OutboundRequest request) {
        LiveDialog live = request.live;
        boolean ended = live.byeSent || live.dialog.state() == Dialog.State.ENDED;
        return !ended || request.bye();
    }

    private void failed(InDialogAttempt attempt, long nowNanos) {
        if (attempt.request.resolved) {
            core.targetHealth.failed(attempt.target(), nowNanos);
        }
    }

    /** It speaks: nobody else is asked while it does, and what is asked next goes to it first. */
    void heard(InDialogAttempt attempt, int status) {
        OutboundRequest request = attempt.request;
        request.stopSilence();
        if (status >= 200) {
            request.living.remove(attempt);
        }
        if (request.resolved && status != 503) {
            core.targetHealth.answered(attempt.target());
        }
    }

    private static byte[] encode(
            InDialogRequest plan, String via, List<HeaderField> headers, @Nullable Body body) {
        return MessageWriter.request(
                plan.method(),
                plan.requestUri(),
                via,
                plan.routes(),
                plan.from(),
                plan.to(),
                plan.callId(),
                plan.cseq(),
                headers,
                body);
    }

    private String via(InDialogAttempt attempt, String branch) {
        Flow flow = flowOf(attempt.request, attempt.hop);
        InetSocketAddress told = core.settings.localAddress().toldTo(flow);
        return Core.via(flow.transport(), told, branch);
    }

    private static Flow flowOf(OutboundRequest request, Hop hop) {
        InetSocketAddress local = hop.local();
        return new Flow(
                hop.transport(),
                local == null ? request.live.flow.local() : local,
                hop.remote(),
                hop.connection());
    }

    /** §13.2.2.4: for each 2xx, its repetitions included; the road is the INVITE's. */
    void acknowledgeSuccess(InDialogAttempt attempt, ParsedResponse response) {
        byte[] ack = attempt.ack;
        if (ack == null) {
            LiveDialog live = attempt.request.live;
            Address contact = response.contactAddress();
            if (contact != null) {
                live.dialog.refreshTarget(contact);
            }
            InDialogRequest plan = live.dialog.ackOf(attempt.cseq());
            String via = via(attempt, core.newBranch());
            ack = encode(plan, via, List.of(core.userAgent()), null);
            attempt.ack = ack;
        }
        attempt.sendAside(ack);
    }

    /** §17.1.1.3: same branch, Request-URI and Route as the INVITE; To as answered. */
    void acknowledgeFailure(InDialogAttempt attempt, ParsedResponse response) {
        InDialogRequest plan = attempt.request.plan;
        InDialogRequest ack =
                new InDialogRequest(
                        "ACK",
                        plan.requestUri(),
                        plan.routes(),
                        plan.nextHop(),
                        plan.from(),
                        response.toText(),
                        plan.callId(),
                        plan.cseq());
        String via = via(attempt, attempt.branch);
        attempt.sendAside(encode(ack, via, List.of(core.userAgent()), null));
    }
}

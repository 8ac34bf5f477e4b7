package dev.roomline.sip.endpoint;

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
 * headers; and the ACKs of its answers. Owner: the signalling loop.
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
        for (Target target : answer.targets()) {
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
        Hop hop = request.hopsLeft.poll();
        if (hop == null) {
            client.unanswered(request, 503, "Service Unavailable", nowNanos);
            return;
        }
        request.branch = core.newBranch();
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
        String via = via(request, hop, request.branch);
        request.begin(hop, encode(plan, via, headers, request.body), nowNanos);
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

    private String via(OutboundRequest request, Hop hop, String branch) {
        InetSocketAddress told = core.settings.localAddress().toldTo(flowOf(request, hop));
        request.sentBy = told;
        return Core.via(hop.transport(), told, branch);
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
    void acknowledgeSuccess(OutboundRequest request, ParsedResponse response) {
        byte[] ack = request.ack;
        if (ack == null) {
            Address contact = response.contactAddress();
            if (contact != null) {
                request.live.dialog.refreshTarget(contact);
            }
            InDialogRequest plan = request.live.dialog.ackOf(request.plan.cseq());
            String via = via(request, request.hop, core.newBranch());
            ack = encode(plan, via, List.of(core.userAgent()), null);
            request.ack = ack;
        }
        request.sendAside(ack);
    }

    /** §17.1.1.3: same branch, Request-URI and Route as the INVITE; To as answered. */
    void acknowledgeFailure(OutboundRequest request, ParsedResponse response) {
        InDialogRequest plan = request.plan;
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
        String via = via(request, request.hop, request.branch);
        request.sendAside(encode(ack, via, List.of(core.userAgent()), null));
    }
}

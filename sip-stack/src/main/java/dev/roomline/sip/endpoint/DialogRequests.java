package dev.roomline.sip.endpoint;

import dev.roomline.sip.dialog.Dialog;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What peers ask inside a dialog: BYE, re-INVITE, UPDATE, PRACK and the rest (RFC 3261 §12.2.2,
 * §14, §15; RFC 3262; RFC 3311). Owner: the signalling loop.
 */
final class DialogRequests {
    private final Core core;
    private final UserAgentServer server;

    DialogRequests(Core core, UserAgentServer server) {
        this.core = core;
        this.server = server;
    }

    /** A request with a To tag that is no repetition (§12.2.2). */
    void received(ParsedRequest request, Flow flow, @Nullable LiveDialog live, long nowNanos) {
        boolean bye = request.method().equals("BYE");
        if (live == null || (!bye && (live.byeSent || live.dialog.state() == Dialog.State.ENDED))) {
            server.noDialog(request, flow);
            return;
        }
        InboundRequest inbound = new InboundRequest(core, server, request, flow, live, null);
        if (!live.dialog.takeRemoteCseq(request.cseq())) {
            server.finish(inbound, 500, "CSeq Out Of Order", List.of(), null, nowNanos);
            return;
        }
        core.heardFrom(live, flow);
        switch (request.method()) {
            case "BYE" -> bye(inbound, live, nowNanos);
            case "INVITE" -> reinvite(inbound, live, nowNanos);
            case "UPDATE" -> update(inbound, live, nowNanos);
            case "PRACK" -> prack(inbound, live, nowNanos);
            default -> {
                live.unanswered.add(inbound);
                server.await(inbound, nowNanos);
                core.raise(new SipEvent.RequestReceived(inbound.id, live.id, request, flow));
            }
        }
    }

    private void bye(InboundRequest bye, LiveDialog live, long nowNanos) {
        ParsedRequest request = bye.request();
        server.finish(bye, 200, null, List.of(), null, nowNanos);
        InboundRequest pending = live.peerInvite;
        boolean early = !live.confirmed();
        // §15.1.2: whatever is pending is answered 487
        server.endPending(live, nowNanos);
        if (early && pending != null) {
            core.raise(new SipEvent.InviteCancelled(pending.id, live.id, request));
            live.endTold = true;
        }
        server.tellEnd(live, SipEvent.Cause.BYE_RECEIVED, request);
        core.forget(live);
    }

    private void reinvite(InboundRequest inbound, LiveDialog live, long nowNanos) {
        if (crosses(inbound, OfferAnswer.ofReinvite(live), nowNanos)) {
            return;
        }
        live.peerInvite = inbound;
        core.awaiting.put(inbound.id, inbound);
        server.tryingUnlessAnswered(inbound, nowNanos);
        core.raise(
                new SipEvent.ReinviteReceived(
                        inbound.id, live.id, inbound.request(), inbound.flow));
    }

    /** RFC 3311 §5.2: with an offer it is as a re-INVITE, without one it changes no session. */
    private void update(InboundRequest inbound, LiveDialog live, long nowNanos) {
        ParsedRequest request = inbound.request();
        boolean offer = request.body() != null;
        if (crosses(inbound, OfferAnswer.ofUpdate(live, offer), nowNanos)) {
            return;
        }
        live.takesUpdate = true;
        live.peerUpdate = inbound;
        live.unanswered.add(inbound);
        server.await(inbound, nowNanos);
        core.raise(
                offer
                        ? new SipEvent.ReinviteReceived(inbound.id, live.id, request, inbound.flow)
                        : new SipEvent.RequestReceived(inbound.id, live.id, request, inbound.flow));
    }

    /** RFC 3262 §3: it acknowledges by RAck what waits for it, or nothing. */
    private void prack(InboundRequest inbound, LiveDialog live, long nowNanos) {
        InboundRequest invite = live.peerInvite;
        ReliableProvisionals reliable = invite == null ? null : invite.reliable;
        ReliableProvisionals.Brings brings =
                reliable == null ? null : reliable.acknowledged(inbound.request());
        if (invite == null || reliable == null || brings == null) {
            server.finish(inbound, lateAnswer(inbound, live), null, List.of(), null, nowNanos);
            return;
        }
        Body body = inbound.request().body();
        // an offer here would have to be answered in this very 200: who waits for ours has none
        int status = brings == ReliableProvisionals.Brings.OFFER ? 488 : 200;
        server.finish(inbound, status, null, List.of(), null, nowNanos);
        if (brings == ReliableProvisionals.Brings.ANSWER) {
            core.raise(new SipEvent.ProvisionalAcknowledged(live.id, body));
        }
        SipCommand.Respond held = invite.held;
        if (held == null) {
            reliable.next(nowNanos);
        } else {
            server.finalToInvite(invite, live, held, nowNanos);
        }
    }

    /**
     * §3: a final response does not wait for the PRACK of a provisional one without a description,
     * and the PRACK is served all the same.
     */
    private static int lateAnswer(InboundRequest inbound, LiveDialog live) {
        if (!ReliableProvisionals.acknowledges(inbound.request(), live.overtaken)) {
            return 481;
        }
        live.overtaken = null;
        return inbound.request().body() == null ? 200 : 488;
    }

    /** Answers what comes while something else is under way. */
    private boolean crosses(InboundRequest inbound, OfferAnswer.Verdict verdict, long nowNanos) {
        switch (verdict) {
            case SERVE -> {
                return false;
            }
            case GLARE -> server.finish(inbound, 491, null, List.of(), null, nowNanos);
            case TOO_EARLY -> {
                String seconds = Integer.toString(core.random.nextInt(11));
                server.finish(
                        inbound,
                        500,
                        "Another Request Is Being Answered",
                        List.of(new HeaderField("Retry-After", seconds)),
                        null,
                        nowNanos);
            }
        }
        return true;
    }
}

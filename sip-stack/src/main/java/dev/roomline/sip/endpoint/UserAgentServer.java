package dev.roomline.sip.endpoint;

import dev.roomline.sip.dialog.Dialog;
import dev.roomline.sip.message.Address;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.refer.Replaces;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What peers ask outside dialogs, and what the application answers, there and inside dialogs
 * ({@link DialogRequests}). Owner: the signalling loop.
 */
final class UserAgentServer {
    private final Core core;
    private final Sessions sessions;
    private final Acknowledgements acks;

    UserAgentServer(Core core, UserAgentClient client) {
        this.core = core;
        this.sessions = client.sessions();
        this.acks = new Acknowledgements(core, client, this);
    }

    Acknowledgements acks() {
        return acks;
    }

    /** A request outside any dialog that {@link RequestIntake} admitted. */
    void outsideDialog(ParsedRequest request, Flow flow, DialogId reserved, long nowNanos) {
        if (request.method().equals("INVITE")) {
            newCall(request, flow, reserved, nowNanos);
            return;
        }
        if (Methods.isInDialogOnly(request.method())) {
            noDialog(request, flow);
            return;
        }
        InboundRequest inbound = new InboundRequest(core, this, request, flow, null, core.newTag());
        await(inbound, nowNanos);
        core.raise(new SipEvent.RequestReceived(inbound.id, null, request, flow));
    }

    private void newCall(ParsedRequest invite, Flow flow, DialogId reserved, long nowNanos) {
        Address contact = invite.contactAddress();
        if (contact == null) {
            core.answerStateless(flow, invite.head(), 400, "Bad Contact: * in an INVITE");
            core.refused(flow, "INVITE", SipEvent.Refusal.MALFORMED, "Contact: *");
            return;
        }
        List<String> named = invite.headers("Replaces");
        Replaces replaces = named.size() == 1 ? Replaces.read(named.getFirst()).orElse(null) : null;
        if (!named.isEmpty() && replaces == null) {
            // RFC 3891 §3: more than one, or none that can be read
            core.answerStateless(flow, invite.head(), 400, "Bad Replaces");
            core.refused(flow, "INVITE", SipEvent.Refusal.MALFORMED, "Replaces");
            return;
        }
        // before its own dialog is there: nobody replaces himself
        SipEvent.Replaced replaced = replaces == null ? null : replaced(replaces);
        // §12.2.1.1: an initial CSeq below 2**31; small enough to never get there
        long firstCseq = core.random.nextInt(1 << 20);
        Dialog dialog = Dialog.ofInvite(invite, contact, core.newTag(), firstCseq);
        LiveDialog live = new LiveDialog(reserved, dialog, flow);
        core.remember(live);
        InboundRequest inbound =
                new InboundRequest(core, this, invite, flow, live, dialog.localTag());
        live.peerInvite = inbound;
        core.awaiting.put(inbound.id, inbound);
        tryingUnlessAnswered(inbound, nowNanos);
        core.raise(new SipEvent.InviteReceived(inbound.id, live.id, invite, flow, replaced));
    }

    private SipEvent.Replaced replaced(Replaces named) {
        LiveDialog live = core.find(named.callId(), named.toTag(), named.fromTag());
        return live == null || live.byeSent
                ? new SipEvent.Replaced(null, false, named.earlyOnly())
                : new SipEvent.Replaced(live.id, live.confirmed(), named.earlyOnly());
    }

    /**
     * §17.2.1: a 100 is not needed before an answer that is at hand. So it leaves when the
     * application, which is told first, has not answered within the same turn of the loop; whoever
     * is challenged gets one message for one.
     */
    void tryingUnlessAnswered(InboundRequest invite, long nowNanos) {
        invite.timer = core.timers.schedule(nowNanos + 1, now -> trying(invite, now));
    }

    /** §8.2.6.1: 100 has no tag, and copies Timestamp. */
    private void trying(InboundRequest invite, long nowNanos) {
        List<HeaderField> more =
                invite.request()
                        .header("Timestamp")
                        .map(value -> List.of(new HeaderField("Timestamp", value)))
                        .orElse(List.of());
        byte[] bytes = core.response(invite, 100, null, null, false, more, null);
        invite.provisionalSent = true;
        invite.transaction.respond(100, bytes, nowNanos);
    }

    /** A peer that hears nothing for 64·T1 has given up (RFC 4320 §4.2): so do we. */
    void await(InboundRequest inbound, long nowNanos) {
        core.awaiting.put(inbound.id, inbound);
        inbound.timer =
                core.timers.schedule(
                        nowNanos + core.settings.timers().patienceNanos(),
                        now -> {
                            if (!inbound.isAnswered()) {
                                LiveDialog live = inbound.dialog;
                                if (live != null) {
                                    live.noLongerOwed(inbound);
                                }
                                inbound.transaction.abandon(now);
                            }
                        });
    }

    void noDialog(ParsedRequest request, Flow flow) {
        core.answerStateless(flow, request.head(), 481, null);
        core.refused(flow, request.method(), SipEvent.Refusal.NO_DIALOG, "no such dialog");
    }

    /** RFC 3262 §3: a caller that acknowledges nothing for 64·T1 is refused. */
    void neverAcknowledged(InboundRequest invite, long nowNanos) {
        LiveDialog live = invite.dialog;
        if (live == null || invite.isAnswered()) {
            return;
        }
        live.peerInvite = null;
        finish(invite, 504, "No PRACK", List.of(), null, nowNanos);
        endPending(live, nowNanos);
        tellEnd(live, SipEvent.Cause.PRACK_TIMEOUT, null);
        core.forget(live);
    }

    /** §9.2. The CANCEL's own answer carries the tag that the INVITE's answers carry. */
    void cancel(ParsedRequest cancel, Flow flow, long nowNanos) {
        InboundRequest invite = core.serverTransactions.cancelled(cancel);
        if (invite == null) {
            core.answerStateless(flow, cancel.head(), 481, null);
            core.refused(flow, "CANCEL", SipEvent.Refusal.NO_TRANSACTION, "no INVITE to cancel");
            return;
        }
        InboundRequest own =
                new InboundRequest(core, this, cancel, flow, invite.dialog, invite.tag);
        finish(own, 200, null, List.of(), null, nowNanos);
        if (invite.isAnswered()) {
            return;
        }
        LiveDialog live = invite.dialog;
        finish(invite, 487, null, List.of(), null, nowNanos);
        if (live != null) {
            live.peerInvite = null;
            core.raise(new SipEvent.InviteCancelled(invite.id, live.id, cancel));
            if (!live.confirmed()) {
                endPending(live, nowNanos);
                core.forget(live);
            }
        }
    }

    /** The application answers. */
    void respond(SipCommand.Respond answer, long nowNanos) {
        InboundRequest inbound = core.awaiting.get(answer.request());
        int status = answer.status();
        if (inbound == null || inbound.isAnswered() || status <= 100 || status > 699) {
            core.commandsIgnored++;
            return;
        }
        if (status < 200) {
            if (inbound.invite && !isTakenReliably(inbound, answer, nowNanos)) {
                provisional(inbound, answer, List.of(), nowNanos);
            }
            // to others no provisional is sent: RFC 4320 §4.1
            return;
        }
        if (inbound.request().toTag() == null
                && !inbound.provisionalSent
                && costsNoState(inbound, answer)) {
            answerOnce(inbound, answer, nowNanos);
            return;
        }
        LiveDialog live = inbound.dialog;
        if (live != null) {
            live.noLongerOwed(inbound);
        }
        if (inbound.invite && live != null) {
            finalToInvite(inbound, live, answer, nowNanos);
        } else {
            boolean options = inbound.request().method().equals("OPTIONS") && status < 300;
            boolean update = inbound.request().method().equals("UPDATE") && status < 300;
            List<HeaderField> headers =
                    core.with(answer.headers(), options || update || status == 405);
            if (status < 300 && live != null) {
                refreshTarget(inbound, live);
            }
            String method = inbound.request().method();
            if (update && live != null && live.confirmed()) {
                headers.addAll(sessions.accepting(live, inbound.request(), nowNanos));
            }
            boolean names = status < 300 && Methods.wantsContact(method);
            if (options || names) {
                Core.addMissing(
                        headers, answer.headers(), core.contact(inbound.flow, inbound.request()));
            }
            finish(inbound, status, answer.reasonPhrase(), headers, answer.body(), nowNanos);
        }
    }

    private boolean isTakenReliably(
            InboundRequest inbound, SipCommand.Respond answer, long nowNanos) {
        ReliableProvisionals reliable = inbound.reliable;
        if (reliable == null) {
            reliable = ReliableProvisionals.of(core, this, inbound);
            inbound.reliable = reliable;
        }
        return reliable != null && reliable.takes(answer, nowNanos);
    }

    /**
     * Challenges, what the application calls so, and OPTIONS, which anybody may send. Not after a
     * provisional (§8.2.7): who has one sends his INVITE no more, and a lost answer would leave him
     * waiting for ever.
     */
    private static boolean costsNoState(InboundRequest inbound, SipCommand.Respond answer) {
        return answer.status() == 401
                || answer.status() == 407
                || (answer.once() && answer.status() >= 300)
                || (inbound.request().method().equals("OPTIONS") && inbound.dialog == null);
    }

    /**
     * §26.3.2.4: one answer and no state, so that whoever has not proven anything costs nothing and
     * nobody else is flooded in his name. If it is lost the request comes again and is answered
     * again.
     */
    private void answerOnce(InboundRequest inbound, SipCommand.Respond answer, long nowNanos) {
        boolean options = inbound.request().method().equals("OPTIONS") && answer.status() < 300;
        List<HeaderField> headers = core.with(answer.headers(), options || answer.status() == 405);
        if (options) {
            Core.addMissing(
                    headers, answer.headers(), core.contact(inbound.flow, inbound.request()));
        }
        LiveDialog live = inbound.dialog;
        if (live != null) {
            live.peerInvite = null;
            endPending(live, nowNanos);
            core.forget(live);
        }
        inbound.answered();
        if (inbound.invite) {
            core.lately.answered(
                    inbound.request().branch(),
                    inbound.flow.remote().getAddress(),
                    LatelyAnswered.Answer.DECIDED,
                    nowNanos);
        }
        byte[] bytes =
                core.response(
                        inbound,
                        answer.status(),
                        answer.reasonPhrase(),
                        core.statelessTag(inbound.request().head()),
                        false,
                        headers,
                        answer.body());
        inbound.transmit(bytes);
        inbound.transaction.abandon(nowNanos);
    }

    /** Sends it once; its bytes, for who sends them again. */
    byte[] provisional(
            InboundRequest inbound,
            SipCommand.Respond answer,
            List<HeaderField> more,
            long nowNanos) {
        List<HeaderField> headers = core.with(answer.headers(), false);
        headers.addAll(more);
        Core.addMissing(headers, answer.headers(), core.contact(inbound.flow, inbound.request()));
        byte[] bytes =
                core.response(
                        inbound,
                        answer.status(),
                        answer.reasonPhrase(),
                        inbound.tag,
                        true,
                        headers,
                        answer.body());
        inbound.stopTimer();
        inbound.provisionalSent = true;
        inbound.transaction.respond(answer.status(), bytes, nowNanos);
        return bytes;
    }

    void finalToInvite(
            InboundRequest inbound, LiveDialog live, SipCommand.Respond answer, long nowNanos) {
        ReliableProvisionals reliable = inbound.reliable;
        if (answer.status() < 300 && reliable != null && reliable.holds2xx()) {
            inbound.held = answer;
            return;
        }
        live.peerInvite = null;
        if (answer.status() >= 300) {
            List<HeaderField> headers = core.with(answer.headers(), answer.status() == 405);
            finish(
                    inbound,
                    answer.status(),
                    answer.reasonPhrase(),
                    headers,
                    answer.body(),
                    nowNanos);
            if (!live.confirmed()) {
                endPending(live, nowNanos);
                core.forget(live);
            }
            return;
        }
        List<HeaderField> headers = core.with(answer.headers(), true);
        Core.addMissing(headers, answer.headers(), core.contact(inbound.flow, inbound.request()));
        headers.addAll(sessions.accepting(live, inbound.request(), nowNanos));
        byte[] bytes =
                core.response(
                        inbound,
                        answer.status(),
                        answer.reasonPhrase(),
                        inbound.tag,
                        true,
                        headers,
                        answer.body());
        live.overtaken = reliable == null ? null : reliable.outstanding();
        inbound.answered();
        refreshTarget(inbound, live);
        live.dialog.confirm();
        live.stopWaitingForAck();
        live.offerUnanswered = inbound.request().body() == null && answer.body() != null;
        acks.keep(inbound, live, answer.status(), bytes, nowNanos);
        inbound.slim();
    }

    /** Where requests go is what an accepted target refresh said last, and where it came from. */
    private void refreshTarget(InboundRequest inbound, LiveDialog live) {
        String method = inbound.request().method();
        if (!method.equals("INVITE") && !method.equals("UPDATE")) {
            return;
        }
        if (inbound.cseq() < live.targetCseq) {
            // an INVITE that was answered after a later UPDATE: what that said is newer
            return;
        }
        live.targetCseq = inbound.cseq();
        core.move(live, inbound.flow);
        Address contact = inbound.request().contactAddress();
        if (contact != null) {
            live.dialog.refreshTarget(contact);
        }
    }

    /** Answers 487 to all that is pending and stops what repeats. */
    void endPending(LiveDialog live, long nowNanos) {
        live.stopWaitingForAck();
        live.stopSession();
        live.dialog.end();
        InboundRequest invite = live.peerInvite;
        live.peerInvite = null;
        if (invite != null && !invite.isAnswered()) {
            finish(invite, 487, null, List.of(), null, nowNanos);
        }
        for (InboundRequest other : new ArrayList<>(live.unanswered)) {
            finish(other, 487, null, List.of(), null, nowNanos);
        }
        live.unanswered.clear();
    }

    void tellEnd(LiveDialog live, SipEvent.Cause cause, @Nullable ParsedRequest bye) {
        if (!live.endTold) {
            live.endTold = true;
            core.raise(new SipEvent.DialogEnded(live.id, cause, bye));
        }
    }

    void finish(
            InboundRequest inbound,
            int status,
            @Nullable String phrase,
            List<HeaderField> headers,
            @Nullable Body body,
            long nowNanos) {
        inbound.answered();
        List<HeaderField> all = headers.isEmpty() ? core.with(headers, false) : headers;
        byte[] bytes = core.response(inbound, status, phrase, inbound.tag, false, all, body);
        inbound.transaction.respond(status, bytes, nowNanos);
        inbound.slim();
    }
}

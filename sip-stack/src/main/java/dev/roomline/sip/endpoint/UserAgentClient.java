package dev.roomline.sip.endpoint;

import dev.roomline.sip.auth.DigestSession;
import dev.roomline.sip.dialog.Dialog;
import dev.roomline.sip.dialog.InDialogRequest;
import dev.roomline.sip.message.Address;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What we ask inside dialogs: BYE, re-INVITE with its ACK, INFO and the like. Owner: the signalling
 * loop.
 */
final class UserAgentClient {
    /** As timer C (§16.6): after a 100 no timer of the transaction ends an INVITE. */
    private static final long REINVITE_PATIENCE_NANOS = 180_000_000_000L;

    private final Core core;
    private final Sessions sessions;
    private final Dispatch dispatch;
    private @Nullable UserAgentServer server;

    UserAgentClient(Core core) {
        this.core = core;
        this.sessions = new Sessions(core, this);
        this.dispatch = new Dispatch(core, sessions, this);
    }

    Sessions sessions() {
        return sessions;
    }

    /** How its requests leave. */
    Dispatch dispatch() {
        return dispatch;
    }

    /** The two know each other: a BYE here ends what is pending there. */
    void know(UserAgentServer server) {
        this.server = server;
    }

    /** {@link SipCommand.Bye}: at once, or after the ACK (§15: not before it). */
    void byeWanted(SipCommand.Bye bye, long nowNanos) {
        LiveDialog live = core.dialogs.get(bye.dialog());
        if (live == null || !live.confirmed() || live.byeSent) {
            core.commandsIgnored++;
        } else if (live.unacknowledged != null) {
            live.byeWanted = bye.headers();
        } else {
            LiveDialog.OwedAck owed = live.owedAck;
            if (owed != null) {
                owed.acknowledge(nowNanos);
            }
            bye(live, bye.headers(), nowNanos);
        }
    }

    /** Sends BYE; the dialog is over, but for the BYE's answer. */
    void bye(LiveDialog live, List<HeaderField> headers, long nowNanos) {
        if (live.byeSent) {
            return;
        }
        live.byeSent = true;
        InDialogRequest plan = live.dialog.next("BYE");
        if (server != null) {
            server.endPending(live, nowNanos);
        }
        dispatch.launch(new OutboundRequest(live, plan, null, headers, null), nowNanos);
    }

    /** {@link SipCommand.SendInDialog}. */
    void send(SipCommand.SendInDialog send, long nowNanos) {
        LiveDialog live = core.dialogs.get(send.dialog());
        boolean reserved =
                send.method().equals("BYE")
                        || send.method().equals("ACK")
                        || send.method().equals("CANCEL");
        if (live == null || !live.confirmed() || live.byeSent || reserved) {
            core.commandsIgnored++;
            return;
        }
        List<HeaderField> headers = send.headers();
        DialogId toReplace = send.toReplace();
        if (toReplace != null) {
            LiveDialog other = core.dialogs.get(toReplace);
            if (other == null || !other.confirmed() || other.byeSent) {
                core.raise(
                        new SipEvent.ResponseReceived(
                                live.id, send.tag(), 404, "No Such Dialog", null));
                return;
            }
            headers = new ArrayList<>(headers);
            headers.add(new HeaderField("Refer-To", AttendedTarget.of(other.dialog)));
        }
        if (!OfferAnswer.maySend(live, send.method(), send.body() != null)) {
            core.raise(
                    new SipEvent.ResponseReceived(
                            live.id, send.tag(), 491, "Request Pending", null));
            return;
        }
        InDialogRequest plan = live.dialog.next(send.method());
        OutboundRequest request = new OutboundRequest(live, plan, send.tag(), headers, send.body());
        occupy(live, request, nowNanos);
        dispatch.launch(request, nowNanos);
    }

    /** {@link SipCommand.Identify}. */
    void identify(SipCommand.Identify identify) {
        LiveDialog live = core.dialogs.get(identify.dialog());
        if (live == null) {
            core.commandsIgnored++;
        } else {
            DigestSession session = new DigestSession(identify.identity(), core.random);
            live.credentials = DialogCredentials.ofCaller(session, live.source);
        }
    }

    /** {@link SipCommand.NamePeer}. */
    void namePeer(SipCommand.NamePeer name) {
        LiveDialog live = core.dialogs.get(name.dialog());
        if (live == null) {
            core.commandsIgnored++;
        } else {
            live.peerName = name.host();
        }
    }

    /** Refreshes the session and nothing else (RFC 4028 §7.4). */
    void update(LiveDialog live, long nowNanos) {
        InDialogRequest plan = live.dialog.next("UPDATE");
        OutboundRequest request = new OutboundRequest(live, plan, null, List.of(), null);
        occupy(live, request, nowNanos);
        dispatch.launch(request, nowNanos);
    }

    /** A response that matched (§17.1.3). */
    void answered(InDialogAttempt attempt, ParsedResponse response, Flow from, long nowNanos) {
        OutboundRequest request = attempt.request;
        int status = response.status();
        dispatch.heard(attempt, status);
        if (status < 200) {
            return;
        }
        if (request.invite() && status < 300) {
            dispatch.acknowledgeSuccess(attempt, response);
        }
        if ((status == 401 || status == 407) && isAnswerable(attempt, response, from)) {
            sendAgain(attempt, nowNanos);
        } else if (status == 422
                && mayGoAgain(request)
                && request.refreshes()
                && sessions.mayAskForMore(request.live, response)) {
            sendAgain(attempt, nowNanos);
        } else if (status != 503 || !dispatch.unavailable(attempt, response, nowNanos)) {
            conclude(request, response, status, response.reasonPhrase(), nowNanos);
        }
    }

    /** §22.2: with credentials, where the dialog has some for whoever asks. */
    private static boolean isAnswerable(
            InDialogAttempt attempt, ParsedResponse response, Flow from) {
        OutboundRequest request = attempt.request;
        DialogCredentials credentials = request.live.credentials;
        return credentials != null
                && mayGoAgain(request)
                && credentials.answers(response, attempt.hop, from, request.tries);
    }

    private static boolean mayGoAgain(OutboundRequest request) {
        boolean ended = request.live.dialog.state() == Dialog.State.ENDED && !request.bye();
        return !request.over && !ended;
    }

    /** The same with the next CSeq, by the same road. */
    private void sendAgain(InDialogAttempt attempt, long nowNanos) {
        OutboundRequest request = attempt.request;
        request.finish();
        OutboundRequest again = request.again(attempt.hop);
        occupy(request.live, again, nowNanos);
        dispatch.tryNextHop(again, nowNanos);
    }

    /** Until its final answer no other of its kind may leave. */
    private void occupy(LiveDialog live, OutboundRequest request, long nowNanos) {
        if (request.plan.method().equals("UPDATE")) {
            live.ownUpdate = request;
        }
        if (!request.invite()) {
            return;
        }
        live.ownInvite = request;
        request.patience =
                core.timers.schedule(
                        nowNanos + REINVITE_PATIENCE_NANOS, now -> neverAnswered(request, now));
    }

    /** It stands in Proceeding, which no timer of the transaction ends (RFC 6026 §7.2). */
    private void neverAnswered(OutboundRequest request, long nowNanos) {
        request.abandon(nowNanos);
        unanswered(request, 408, "Request Timeout", nowNanos);
    }

    /** No response at all. */
    void unanswered(OutboundRequest request, int status, String phrase, long nowNanos) {
        conclude(request, null, status, phrase, nowNanos);
    }

    private void conclude(
            OutboundRequest request,
            @Nullable ParsedResponse response,
            int status,
            String phrase,
            long nowNanos) {
        if (request.over) {
            return;
        }
        request.finish();
        OutboundRequest.Conclusion conclusion = request.conclusion;
        if (conclusion != null) {
            conclusion.concluded(status, nowNanos);
            return;
        }
        LiveDialog live = request.live;
        if (live.ownInvite == request) {
            live.ownInvite = null;
        }
        if (live.ownUpdate == request) {
            live.ownUpdate = null;
        }
        if (request.refreshes()) {
            refreshed(request, response, status, nowNanos);
        }
        boolean overAlready = live.byeSent || live.dialog.state() == Dialog.State.ENDED;
        Long tag = request.applicationTag;
        if (tag != null) {
            Body body = response == null ? null : response.body();
            core.raise(new SipEvent.ResponseReceived(live.id, tag, status, phrase, body));
        }
        if (request.bye()) {
            end(live, SipEvent.Cause.BYE_SENT);
        } else if (request.plan.method().equals("NOTIFY")) {
            // RFC 5057 §5.2: it is the subscription that is over, and no call
            return;
        } else if (status == 481 && !overAlready) {
            // §12.2.1.2: the peer knows no such dialog
            if (server != null) {
                server.endPending(live, nowNanos);
            }
            end(live, SipEvent.Cause.PEER_LOST);
        } else if (status == 408 && !overAlready && !request.plan.method().equals("REFER")) {
            // §12.2.1.2, §14.1: it may be alive behind a lost path, so it is told
            if (server != null) {
                server.tellEnd(live, SipEvent.Cause.PEER_LOST, null);
            }
            bye(live, List.of(Reason.TIMEOUT), nowNanos);
        }
    }

    /** RFC 4028: each 2xx to an INVITE or UPDATE is a refresh; RFC 3311 §5.1: and a new target. */
    private void refreshed(
            OutboundRequest request, @Nullable ParsedResponse response, int status, long nowNanos) {
        LiveDialog live = request.live;
        if (response == null || status >= 300) {
            sessions.failed(live, request, status, response, nowNanos);
            return;
        }
        Address contact = response.contactAddress();
        if (contact != null && !request.invite()) {
            live.dialog.refreshTarget(contact);
        }
        sessions.accepted(live, response, request.begunNanos, nowNanos);
    }

    private void end(LiveDialog live, SipEvent.Cause cause) {
        if (server != null) {
            server.tellEnd(live, cause, null);
        }
        live.dialog.end();
        core.forget(live);
    }
}

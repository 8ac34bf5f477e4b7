package dev.roomline.sip.endpoint;

import dev.roomline.sip.auth.DigestSession;
import dev.roomline.sip.dialog.Dialog;
import dev.roomline.sip.dialog.InDialogRequest;
import dev.roomline.sip.dialog.SessionHeaders;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call that we place, from its INVITE to its one ending (RFC 3261 §13.2): who rings, who answers
 * first, who too late, and the CANCEL that may cross all of it. Owner: the signalling loop.
 *
 * <pre>
 *             ┌─ 1xx ──▶ Progressed, PRACK where it is reliable
 *  INVITE ────┼─ 2xx ──▶ the first: ACK, Answered.  Another, or after Cancel: ACK, BYE
 *             ├─ 3xx–6xx, nothing ──▶ its ending
 *  Cancel ────┴─ CANCEL at the first 1xx; 64·T1 later the INVITE is given up
 * </pre>
 */
final class OutboundCall implements OutsideRequest.Owner {
    /** A 2xx of more forks than this stays without ACK; a PRACK too. */
    private static final int MOST_CALLEES = 32;

    final CallHandle handle;

    private final Core core;
    private final UserAgentClient client;
    private final OutboundCalls calls;
    private final DialogId dialogId;
    private final String localTag;
    private final boolean offered;
    private final List<HeaderField> headers;
    private final @Nullable DigestSession session;
    private final OutsideRequest request;
    private final Map<String, Callee> callees = new HashMap<>(2);
    private final Cancelling cancelling;
    private @Nullable Callee unacknowledged;
    private @Nullable Attempt answeredBy;
    private long leastSeconds = SessionHeaders.LEAST_SECONDS;
    private boolean cancelled;
    private boolean ended;

    OutboundCall(
            Core core,
            UserAgentClient client,
            OutboundCalls calls,
            ClientCommand.Invite invite,
            String callId) {
        this.core = core;
        this.client = client;
        this.calls = calls;
        this.handle = invite.call();
        this.dialogId = new DialogId(core.nextId());
        this.localTag = core.newTag();
        this.offered = invite.offer() != null;
        this.session =
                invite.identity() == null
                        ? null
                        : new DigestSession(invite.identity(), core.random);
        this.cancelling = new Cancelling(core, this);
        this.headers = invite.headers();
        Envelope envelope = invite.envelope();
        Attempt.Content content =
                new Attempt.Content(
                        "INVITE",
                        envelope.requestUri(),
                        envelope.routes(),
                        envelope.from() + ";tag=" + localTag,
                        envelope.to(),
                        callId,
                        1 + core.random.nextInt(1 << 20),
                        envelope.contactUser(),
                        withSession(SessionHeaders.LEAST_SECONDS),
                        invite.offer());
        this.request = new OutsideRequest(core, this, content, envelope, session, dialogId);
    }

    void start(String callId, long nowNanos) {
        core.raise(new ClientEvent.Placed(handle, dialogId, callId));
        request.start(nowNanos);
    }

    /** {@link ClientCommand.Cancel}. */
    void cancel(List<HeaderField> headers, long nowNanos) {
        if (ended || cancelled) {
            core.commandsIgnored++;
            return;
        }
        cancelled = true;
        cancelling.want(headers);
        request.noMore();
        Attempt current = request.current();
        if (current == null) {
            request.end(nowNanos);
            end(new ClientEvent.Cancelled(handle, ClientEvent.CancelEnd.NEVER_SENT));
        } else if (current.proceeding) {
            cancelling.send(current, nowNanos);
        }
    }

    /** Nothing final came in time after a CANCEL (§9.1). */
    void cancelUnconfirmed(Attempt attempt, long nowNanos) {
        boolean wasCurrent = attempt == request.current();
        attempt.abandon(nowNanos);
        if (wasCurrent && !ended) {
            request.end(nowNanos);
            end(new ClientEvent.Cancelled(handle, ClientEvent.CancelEnd.UNCONFIRMED));
        }
    }

    @Override
    public void provisional(Attempt attempt, ParsedResponse response, long nowNanos) {
        if (cancelled) {
            cancelling.send(attempt, nowNanos);
        }
        if (response.status() == 100) {
            return;
        }
        String tag = tagOf(response);
        long rseq = tag.isEmpty() ? -1 : Callee.rseqOf(response);
        boolean answerWanted = false;
        if (rseq >= 0) {
            Callee callee = earlyCallee(attempt, response, tag);
            if (callee == null || !callee.takes(rseq)) {
                return;
            }
            if (offered && response.body() != null) {
                callee.live.offerUnanswered = false;
            }
            String rack = rseq + " " + attempt.cseq() + " INVITE";
            answerWanted = !offered && !callee.offered && response.body() != null && !cancelled;
            if (answerWanted) {
                callee.offered = true;
                callee.rackWaiting = rack;
                callee.live.answerOwed = true;
            } else {
                prack(callee, rack, null, nowNanos);
            }
        }
        if (!cancelled) {
            core.raise(
                    new ClientEvent.Progressed(
                            handle,
                            response.status(),
                            tag,
                            response,
                            attempt.flow,
                            rseq >= 0,
                            answerWanted));
        }
    }

    private @Nullable Callee earlyCallee(Attempt attempt, ParsedResponse response, String tag) {
        Callee known = callees.get(tag);
        if (known != null || callees.size() >= MOST_CALLEES) {
            return known;
        }
        Callee callee =
                new Callee(
                        live(
                                attempt,
                                Callee.dialogOf(attempt, response, localTag, attempt.cseq())));
        callee.live.offerUnanswered = offered;
        callees.put(tag, callee);
        core.early.put(localTag, this);
        return callee;
    }

    /** The early dialog with that peer, if there is one (RFC 3311 §5: an UPDATE may come in it). */
    @Nullable LiveDialog early(@Nullable String remoteTag) {
        Callee callee = remoteTag == null ? null : callees.get(remoteTag);
        boolean early = callee != null && callee.live.dialog.state() == Dialog.State.EARLY;
        return callee != null && early && !ended ? callee.live : null;
    }

    private LiveDialog live(Attempt attempt, Dialog dialog) {
        LiveDialog live = new LiveDialog(dialogId, dialog, attempt.flow);
        live.peerName = attempt.peerName();
        live.credentials = DialogCredentials.ofCallee(session, attempt.target);
        return live;
    }

    private void prack(Callee callee, String rack, @Nullable Body answer, long nowNanos) {
        InDialogRequest plan = callee.live.dialog.next("PRACK");
        OutboundRequest prack =
                new OutboundRequest(
                        callee.live, plan, null, List.of(new HeaderField("RAck", rack)), answer);
        // a PRACK that fails says nothing about the call: its 2xx or its refusal does
        prack.conclusion = (status, now) -> {};
        client.dispatch().launch(prack, nowNanos);
    }

    /** {@link ClientCommand.Prack}. */
    void prackWanted(String tag, @Nullable Body answer, long nowNanos) {
        Callee callee = callees.get(tag);
        String rack = callee == null ? null : callee.rackWaiting;
        if (callee == null || rack == null) {
            core.commandsIgnored++;
            return;
        }
        callee.rackWaiting = null;
        callee.live.answerOwed = false;
        prack(callee, rack, answer, nowNanos);
    }

    @Override
    public void concluded(Attempt attempt, ParsedResponse response, long nowNanos) {
        int status = response.status();
        if (status < 300 && !cancelled) {
            answered(attempt, response, nowNanos);
        } else if (status < 300) {
            hangUp(attempt, response, nowNanos);
            end(new ClientEvent.Cancelled(handle, ClientEvent.CancelEnd.ANSWERED_MEANWHILE));
        } else if (cancelled) {
            end(new ClientEvent.Cancelled(handle, ClientEvent.CancelEnd.CONFIRMED));
        } else if (status < 400) {
            end(new ClientEvent.Redirected(handle, response, ContactList.of(response)));
        } else {
            end(new ClientEvent.Refused(handle, response, request.tried));
        }
    }

    private List<HeaderField> withSession(long least) {
        List<HeaderField> all = new ArrayList<>(headers);
        all.addAll(client.sessions().inviting(least));
        return all;
    }

    /** RFC 4028 §7.3: a 422 says how long the session must be at least. */
    @Override
    public Attempt.@Nullable Content mended(Attempt.Content refused, ParsedResponse response) {
        long least = response.status() == 422 ? SessionHeaders.of(response).minSeconds() : 0;
        long asked = Math.max(leastSeconds, core.settings.sessionExpiresSeconds());
        if (least <= asked || least > Sessions.MOST_SECONDS) {
            return null;
        }
        leastSeconds = least;
        return refused.withHeaders(withSession(least));
    }

    private void answered(Attempt attempt, ParsedResponse response, long nowNanos) {
        String tag = tagOf(response);
        Callee callee = confirmed(attempt, response, tag);
        LiveDialog live = callee.live;
        core.remember(live);
        client.sessions().answered(live, response, leastSeconds, nowNanos);
        boolean answerWanted = !offered && !callee.offered && response.body() != null;
        answeredBy = attempt;
        unacknowledged = callee;
        live.owedAck = now -> acknowledge(null, now);
        live.answerOwed = answerWanted;
        if (!answerWanted) {
            acknowledge(null, nowNanos);
        }
        end(
                new ClientEvent.Answered(
                        handle,
                        dialogId,
                        tag,
                        response,
                        attempt.flow,
                        answerWanted,
                        request.tried));
    }

    /** {@link ClientCommand.Acknowledge}. */
    void acknowledge(@Nullable Body answer, long nowNanos) {
        Callee callee = unacknowledged;
        Attempt attempt = answeredBy;
        if (callee == null || attempt == null) {
            core.commandsIgnored++;
            return;
        }
        unacknowledged = null;
        callee.live.owedAck = null;
        callee.live.answerOwed = false;
        ack(callee, attempt, answer, nowNanos);
    }

    private void ack(Callee callee, Attempt attempt, @Nullable Body answer, long nowNanos) {
        SuccessAck ack =
                new SuccessAck(core, callee.live, attempt.cseq(), attempt.credentials, answer);
        callee.ack = ack;
        ack.start(nowNanos);
    }

    /** §13.2.2.4: the dialog as the 2xx has it. */
    private Callee confirmed(Attempt attempt, ParsedResponse response, String tag) {
        Dialog dialog = Callee.dialogOf(attempt, response, localTag, attempt.cseq());
        Callee early = callees.get(tag);
        if (early != null) {
            early.live.confirm(dialog, attempt.flow);
            return early;
        }
        dialog.confirm();
        Callee callee = new Callee(live(attempt, dialog));
        callees.put(tag, callee);
        return callee;
    }

    /** A 2xx that nobody wants: acknowledged, then ended. */
    private void hangUp(Attempt attempt, ParsedResponse response, long nowNanos) {
        Callee callee = confirmed(attempt, response, tagOf(response));
        callee.live.endTold = true;
        ack(callee, attempt, null, nowNanos);
        client.bye(callee.live, List.of(cancelled ? Reason.CANCELLED : Reason.ELSEWHERE), nowNanos);
    }

    @Override
    public void superseded(Attempt attempt, long nowNanos) {
        if (attempt.proceeding) {
            cancelling.send(attempt, nowNanos);
        }
    }

    @Override
    public void straggler(Attempt attempt, ParsedResponse response, long nowNanos) {
        int status = response.status();
        if (status < 200) {
            // a target that was given up rings after all
            if (attempt.givenUp) {
                cancelling.send(attempt, nowNanos);
            }
            return;
        }
        if (status >= 300) {
            return;
        }
        String tag = tagOf(response);
        Callee callee = callees.get(tag);
        if (callee != null && (callee.ack != null || callee == unacknowledged)) {
            if (callee.ack != null) {
                callee.ack.again();
            }
        } else if (callee != null || callees.size() < MOST_CALLEES) {
            hangUp(attempt, response, nowNanos);
            if (!cancelled) {
                core.raise(new ClientEvent.ForkEnded(handle, tag));
            }
        }
    }

    @Override
    public void notAuthorized(
            ParsedResponse response,
            ClientEvent.ChallengeFailure why,
            String realm,
            long nowNanos) {
        end(
                cancelled
                        ? new ClientEvent.Cancelled(handle, ClientEvent.CancelEnd.CONFIRMED)
                        : new ClientEvent.NotAuthorized(handle, response, why, realm));
    }

    @Override
    public void unreachable(long nowNanos) {
        end(
                cancelled
                        ? new ClientEvent.Cancelled(handle, ClientEvent.CancelEnd.UNCONFIRMED)
                        : new ClientEvent.Unreachable(handle, request.tried));
    }

    private void end(ClientEvent.Ending ending) {
        if (!ended) {
            ended = true;
            core.early.remove(localTag);
            core.raise(ending);
        }
    }

    @Override
    public void gone(long nowNanos) {
        Callee owed = unacknowledged;
        if (owed != null) {
            // the application never gave its answer: the callee has given up by now
            client.byeWanted(new SipCommand.Bye(dialogId, List.of()), nowNanos);
        }
        cancelling.stop();
        calls.forget(this);
    }

    private static String tagOf(ParsedResponse response) {
        String tag = response.to().tag();
        return tag == null ? "" : tag;
    }
}

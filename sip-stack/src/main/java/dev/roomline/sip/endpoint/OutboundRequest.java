package dev.roomline.sip.endpoint;

import dev.roomline.sip.auth.DigestSession;
import dev.roomline.sip.dialog.InDialogRequest;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.Via;
import dev.roomline.sip.transaction.Machine;
import dev.roomline.sip.transaction.TimerQueue;
import dev.roomline.sip.transaction.Transaction;
import dev.roomline.sip.transaction.TransactionUser;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of ours inside a dialog: over one target after the other (RFC 3263 §4.3), one client
 * transaction each. Owner: the signalling loop.
 */
final class OutboundRequest implements TransactionUser<ParsedResponse>, Core.Ticket, ClientRequest {
    final LiveDialog live;
    final InDialogRequest plan;

    /** Null for a BYE of the core's own. */
    final @Nullable Long applicationTag;

    final List<HeaderField> headers;
    final @Nullable Body body;
    final ArrayDeque<Hop> hopsLeft = new ArrayDeque<>(2);

    /** Ends a re-INVITE that never gets a final answer; null for others. */
    TimerQueue.@Nullable Timer patience;

    /** Ends the wait for the addresses of a name; null for what needs none. */
    TimerQueue.@Nullable Timer resolution;

    /** Who is told the outcome, and does what follows from it; null: the application. */
    @Nullable Conclusion conclusion;

    /** How often challenges of each realm were answered in it. */
    final DigestSession.Tries tries;

    /** Whether a final outcome has been told; what comes later is absorbed. */
    boolean over;

    /** The ACK of a 2xx, for its repetitions. */
    byte @Nullable [] ack;

    /** When its latest try left. */
    long begunNanos;

    Hop hop;
    String branch = "";
    @Nullable InetSocketAddress sentBy;
    @Nullable Transaction<ParsedResponse> transaction;

    /** The road of the latest answer. */
    private Flow heard;

    private final Core core;
    private final UserAgentClient client;
    private long ticket;

    /** Told once. */
    interface Conclusion {
        void concluded(int status, long nowNanos);
    }

    OutboundRequest(
            Core core,
            UserAgentClient client,
            LiveDialog live,
            InDialogRequest plan,
            @Nullable Long applicationTag,
            List<HeaderField> headers,
            @Nullable Body body) {
        this(core, client, live, plan, applicationTag, headers, body, new DigestSession.Tries());
    }

    private OutboundRequest(
            Core core,
            UserAgentClient client,
            LiveDialog live,
            InDialogRequest plan,
            @Nullable Long applicationTag,
            List<HeaderField> headers,
            @Nullable Body body,
            DigestSession.Tries tries) {
        this.core = core;
        this.client = client;
        this.live = live;
        this.plan = plan;
        this.applicationTag = applicationTag;
        this.headers = headers;
        this.body = body;
        this.tries = tries;
        this.hop = NextHop.back(live.flow);
        this.heard = live.flow;
    }

    /** The same once more, with the next CSeq, after a challenge (§22.2). */
    OutboundRequest again() {
        OutboundRequest next =
                new OutboundRequest(
                        core,
                        client,
                        live,
                        live.dialog.next(plan.method()),
                        applicationTag,
                        headers,
                        body,
                        tries);
        next.conclusion = conclusion;
        return next;
    }

    @Override
    public boolean isSentBy(Via via) {
        return sentBy != null
                && via.port() == sentBy.getPort()
                && sentBy.getAddress().equals(Addresses.literal(via.host()));
    }

    @Override
    public String method() {
        return plan.method();
    }

    @Override
    public long cseq() {
        return plan.cseq();
    }

    @Override
    public String callId() {
        return plan.callId();
    }

    @Override
    public DialogId dialogId() {
        return live.id;
    }

    @Override
    public void answered(ParsedResponse response, Flow flow, long nowNanos) {
        heard = flow;
        if (transaction != null) {
            transaction.response(response.status(), response, nowNanos);
        }
    }

    boolean invite() {
        return plan.method().equals("INVITE");
    }

    /** It may change where requests go, and begins the session anew (RFC 3311, RFC 4028). */
    boolean refreshes() {
        return invite() || plan.method().equals("UPDATE");
    }

    boolean bye() {
        return plan.method().equals("BYE");
    }

    /** Starts a transaction over this hop. */
    void begin(Hop over, byte[] bytes, long nowNanos) {
        hop = over;
        begunNanos = nowNanos;
        ticket = core.nextId();
        core.tickets.put(ticket, this);
        core.clientTransactions.put(branch, this);
        transaction =
                new Transaction<>(
                        invite() ? Machine.INVITE_CLIENT : Machine.NON_INVITE_CLIENT,
                        over.transport().reliable(),
                        core.timers,
                        core.settings.timers(),
                        this);
        transaction.start(bytes, nowNanos);
    }

    /** Sends beside the transaction: the ACK of a 2xx. */
    void sendAside(byte[] bytes) {
        core.send(0, hop, bytes, plan.callId(), live.id);
    }

    @Override
    public void transmitAgain(byte[] message) {
        core.sentAgain++;
        transmit(message);
    }

    @Override
    public void transmit(byte[] message) {
        core.send(ticket, hop, message, plan.callId(), live.id);
    }

    @Override
    public void received(ParsedResponse response, long nowNanos) {
        client.answered(this, response, heard, nowNanos);
    }

    @Override
    public void acknowledge(ParsedResponse response) {
        client.dispatch().acknowledgeFailure(this, response);
    }

    @Override
    public void timedOut(long nowNanos) {
        client.unanswered(this, 408, "Request Timeout", nowNanos);
    }

    @Override
    public void transportFailed(SipInput.TransportFailed why, long nowNanos) {
        if (transaction != null) {
            transaction.transportFailed(nowNanos);
        }
    }

    @Override
    public void unsendable(long nowNanos) {
        client.dispatch().tryNextHop(this, nowNanos);
    }

    @Override
    public void terminated(long nowNanos) {
        core.tickets.remove(ticket);
        core.clientTransactions.remove(branch, this);
    }
}

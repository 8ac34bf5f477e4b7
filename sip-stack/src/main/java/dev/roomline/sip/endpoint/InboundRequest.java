package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.transaction.Machine;
import dev.roomline.sip.transaction.TimerQueue;
import dev.roomline.sip.transaction.Transaction;
import dev.roomline.sip.transaction.TransactionUser;
import org.jspecify.annotations.Nullable;

/**
 * A peer's request with its server transaction, from its first copy to the transaction's end.
 * Owner: the signalling loop.
 */
final class InboundRequest implements TransactionUser<ParsedRequest>, Core.Ticket {
    final RequestId id;
    final Flow flow;
    final boolean invite;
    final Transaction<ParsedRequest> transaction;

    /** The dialog that it is in or makes; null outside one, and after its last answer. */
    @Nullable LiveDialog dialog;

    /** Under what {@link ServerTransactions} finds it. */
    final ServerTransactions.Names names;

    /** Null when the request's To has one. */
    final @Nullable String tag;

    /** An INVITE's 100; else it lets go what the application never answers. */
    TimerQueue.@Nullable Timer timer;

    /** Its sender has heard of us and does not repeat it any more (§17.1.1.2). */
    boolean provisionalSent;

    /** Of an INVITE that makes a dialog: its provisional answers that await a PRACK. */
    @Nullable ReliableProvisionals reliable;

    /** A 2xx that waits for such a PRACK. */
    SipCommand.@Nullable Respond held;

    /** Null when its final answer has left: it lingers for half a minute, and is slim then. */
    private @Nullable ParsedRequest request;

    private String via;
    private final String callId;
    private final long cseq;
    private boolean answered;

    private final Core core;
    private final Hop hop;
    private final long ticket;
    private final @Nullable DialogId traceDialog;
    private final UserAgentServer server;

    InboundRequest(
            Core core,
            UserAgentServer server,
            ParsedRequest request,
            Flow flow,
            @Nullable LiveDialog dialog,
            @Nullable String tag) {
        this.core = core;
        this.server = server;
        this.id = new RequestId(core.nextId());
        this.request = request;
        this.callId = request.callId();
        this.cseq = request.cseq();
        this.names = ServerTransactions.names(request);
        this.flow = flow;
        this.dialog = dialog;
        this.traceDialog = dialog == null ? null : dialog.id;
        this.tag = tag;
        this.invite = request.method().equals("INVITE");
        this.via = core.stampedVia(request.head(), flow);
        this.hop = NextHop.ofAnswer(flow, request.topVia().port(), request.topVia().rport());
        this.ticket = core.nextId();
        this.transaction =
                new Transaction<>(
                        invite ? Machine.INVITE_SERVER : Machine.NON_INVITE_SERVER,
                        flow.transport().reliable(),
                        core.timers,
                        core.settings.timers(),
                        this);
        core.serverTransactions.add(this);
        core.tickets.put(ticket, this);
    }

    /** To be asked for only until the final answer has left. */
    ParsedRequest request() {
        ParsedRequest held = request;
        if (held == null) {
            throw new IllegalStateException("it has been answered");
        }
        return held;
    }

    /** The top Via of its answers. */
    String via() {
        return via;
    }

    long cseq() {
        return cseq;
    }

    /** Nothing of the request is needed any more: its answer has left, and is kept as bytes. */
    void slim() {
        request = null;
        via = "";
        if (!invite) {
            dialog = null;
        }
    }

    /** Has its final answer. */
    boolean isAnswered() {
        return answered;
    }

    /** The final answer is about to leave. */
    void answered() {
        answered = true;
        core.awaiting.remove(id);
        held = null;
        if (reliable != null) {
            reliable.stop();
        }
        stopTimer();
    }

    void stopTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }

    @Nullable DialogId dialogId() {
        return traceDialog;
    }

    @Override
    public void transmitAgain(byte[] message) {
        core.sentAgain++;
        transmit(message);
    }

    @Override
    public void transmit(byte[] message) {
        core.send(ticket, hop, message, callId, traceDialog);
    }

    @Override
    public void received(ParsedRequest ack, long nowNanos) {
        // a client that reuses the INVITE's branch for the ACK of a 2xx
        server.acks().came(ack, flow, nowNanos);
    }

    @Override
    public void acknowledge(ParsedRequest response) {
        throw new IllegalStateException("a server transaction acknowledges nothing");
    }

    @Override
    public void timedOut(long nowNanos) {
        // no ACK for a 300–699: nobody is left to be told (RFC 6026 §7.1)
    }

    /** The transport could not send an answer. */
    @Override
    public void transportFailed(SipInput.TransportFailed why, long nowNanos) {
        transaction.transportFailed(nowNanos);
    }

    @Override
    public void unsendable(long nowNanos) {
        server.acks().answerLost(this, nowNanos);
    }

    @Override
    public void terminated(long nowNanos) {
        core.serverTransactions.remove(this);
        core.tickets.remove(ticket);
        core.awaiting.remove(id);
        stopTimer();
    }
}

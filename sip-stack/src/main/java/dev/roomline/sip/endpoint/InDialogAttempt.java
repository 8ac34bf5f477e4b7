package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.Via;
import dev.roomline.sip.transaction.Machine;
import dev.roomline.sip.transaction.Transaction;
import dev.roomline.sip.transaction.TransactionUser;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An {@link OutboundRequest} on one road: a client transaction with a branch of its own. Owner: the
 * signalling loop.
 */
final class InDialogAttempt implements TransactionUser<ParsedResponse>, Core.Ticket, ClientRequest {
    final OutboundRequest request;
    final Hop hop;
    final String branch;

    /** A provisional response came. */
    boolean proceeding;

    /** The ACK of a 2xx, for its repetitions. */
    byte @Nullable [] ack;

    private final Core core;
    private final UserAgentClient client;
    private final InetSocketAddress sentBy;
    private final Transaction<ParsedResponse> transaction;
    private final long ticket;

    /** The road of the latest answer. */
    private Flow heard;

    /**
     * @param sentBy what its Via says
     */
    InDialogAttempt(
            Core core,
            UserAgentClient client,
            OutboundRequest request,
            Hop hop,
            String branch,
            InetSocketAddress sentBy) {
        this.core = core;
        this.client = client;
        this.request = request;
        this.hop = hop;
        this.branch = branch;
        this.sentBy = sentBy;
        this.ticket = core.nextId();
        this.heard = request.live.flow;
        this.transaction =
                new Transaction<>(
                        request.invite() ? Machine.INVITE_CLIENT : Machine.NON_INVITE_CLIENT,
                        hop.transport().reliable(),
                        core.timers,
                        core.settings.timers(),
                        this);
    }

    void start(byte[] bytes, long nowNanos) {
        request.living.add(this);
        core.tickets.put(ticket, this);
        core.clientTransactions.put(branch, this);
        transaction.start(bytes, nowNanos);
    }

    /** Where it goes. */
    Target target() {
        return new Target(hop.transport(), hop.remote());
    }

    /** Sends no more by itself; an answer that still comes is taken. */
    void stopRepeating() {
        transaction.stopRepeating();
    }

    /** Ends it, heard or not. */
    void abandon(long nowNanos) {
        transaction.abandon(nowNanos);
    }

    /** Sends beside the transaction: the ACK of a 2xx. */
    void sendAside(byte[] bytes) {
        core.send(0, hop, bytes, callId(), dialogId());
    }

    @Override
    public boolean isSentBy(Via via) {
        return via.port() == sentBy.getPort()
                && sentBy.getAddress().equals(Addresses.literal(via.host()));
    }

    @Override
    public String method() {
        return request.plan.method();
    }

    @Override
    public long cseq() {
        return request.plan.cseq();
    }

    @Override
    public String callId() {
        return request.plan.callId();
    }

    @Override
    public DialogId dialogId() {
        return request.live.id;
    }

    @Override
    public void answered(ParsedResponse response, Flow flow, long nowNanos) {
        heard = flow;
        transaction.response(response.status(), response, nowNanos);
    }

    @Override
    public void transmitAgain(byte[] message) {
        core.sentAgain++;
        transmit(message);
    }

    @Override
    public void transmit(byte[] message) {
        core.send(ticket, hop, message, callId(), dialogId());
    }

    @Override
    public void received(ParsedResponse response, long nowNanos) {
        proceeding = true;
        client.answered(this, response, heard, nowNanos);
    }

    @Override
    public void acknowledge(ParsedResponse response) {
        client.dispatch().acknowledgeFailure(this, response);
    }

    @Override
    public void timedOut(long nowNanos) {
        client.dispatch().lost(this, 408, "Request Timeout", nowNanos);
    }

    @Override
    public void transportFailed(SipInput.TransportFailed why, long nowNanos) {
        transaction.transportFailed(nowNanos);
    }

    @Override
    public void unsendable(long nowNanos) {
        client.dispatch().lost(this, 503, "Service Unavailable", nowNanos);
    }

    @Override
    public void terminated(long nowNanos) {
        request.living.remove(this);
        core.tickets.remove(ticket);
        core.clientTransactions.remove(branch, this);
    }
}

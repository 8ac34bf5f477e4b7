package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.Address;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.MessageWriter;
import dev.roomline.sip.message.NameAddr;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.SipUri;
import dev.roomline.sip.message.Via;
import dev.roomline.sip.transaction.Machine;
import dev.roomline.sip.transaction.Transaction;
import dev.roomline.sip.transaction.TransactionUser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request outside any dialog on one road: a client transaction and what it was made of. Owner:
 * the signalling loop.
 */
final class Attempt implements TransactionUser<ParsedResponse>, Core.Ticket, ClientRequest {
    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");

    /** Who is told what comes of it. */
    interface Owner {
        void received(Attempt attempt, ParsedResponse response, long nowNanos);

        /** Nobody answered, or it could not be sent; after {@link #gone}. */
        void lost(Attempt attempt, Tried.Why why, long nowNanos);

        /** The transaction has ended. */
        default void gone(Attempt attempt, long nowNanos) {}
    }

    /**
     * What of a request is the same on every road.
     *
     * @param from with our tag
     */
    record Content(
            String method,
            String requestUri,
            List<String> routes,
            String from,
            String to,
            String callId,
            long cseq,
            @Nullable String contactUser,
            List<HeaderField> headers,
            @Nullable Body body) {
        /** What a callee who names no Contact is called by. */
        Address requestAddress() {
            SipUri uri =
                    ContactList.uri(requestUri).orElse(new SipUri("sip", null, "", -1, Map.of()));
            return new Address(new NameAddr(null, uri, null), requestUri);
        }

        Content withHeaders(List<HeaderField> others) {
            return new Content(
                    method, requestUri, routes, from, to, callId, cseq, contactUser, others, body);
        }

        Content withCseq(long other) {
            return new Content(
                    method,
                    requestUri,
                    routes,
                    from,
                    to,
                    callId,
                    other,
                    contactUser,
                    headers,
                    body);
        }
    }

    final Content content;
    final Target target;

    /** Credentials that it carries: the ACK of a 2xx repeats them (§22.1). */
    final List<HeaderField> credentials;

    /** The road of the latest answer. */
    Flow flow;

    /** A provisional response came. */
    boolean proceeding;

    /** A final response came. */
    boolean concluded;

    /** Others are tried instead; a late answer is a straggler. */
    boolean givenUp;

    private final Core core;
    private final Owner owner;
    private final @Nullable DialogId dialog;
    private final Hop hop;
    private final Flow sentOver;
    private final InetSocketAddress sentBy;
    private final String branch;
    private final String via;
    private final Transaction<ParsedResponse> transaction;
    private byte @Nullable [] encoded;
    private long ticket;
    private SipInput.@Nullable TransportFailed failure;

    Attempt(
            Core core,
            Owner owner,
            Content content,
            List<HeaderField> credentials,
            Target target,
            @Nullable DialogId dialog,
            Hop hop) {
        this(core, owner, content, credentials, target, dialog, hop, core.newBranch());
    }

    private Attempt(
            Core core,
            Owner owner,
            Content content,
            List<HeaderField> credentials,
            Target target,
            @Nullable DialogId dialog,
            Hop hop,
            String branch) {
        this.core = core;
        this.owner = owner;
        this.content = content;
        this.credentials = credentials;
        this.target = target;
        this.dialog = dialog;
        this.hop = hop;
        this.branch = branch;
        InetSocketAddress from = hop.local() == null ? new InetSocketAddress(ANY, 0) : hop.local();
        this.flow = new Flow(target.transport(), from, target.address(), hop.connection());
        this.sentOver = flow;
        this.sentBy = core.settings.localAddress().toldTo(flow);
        this.via = Core.via(target.transport(), sentBy, branch);
        this.transaction =
                new Transaction<>(
                        invite() ? Machine.INVITE_CLIENT : Machine.NON_INVITE_CLIENT,
                        target.transport().reliable(),
                        core.timers,
                        core.settings.timers(),
                        this);
    }

    /** §9.1: the same names, branch and road, another method. */
    Attempt cancelling(Owner owner, List<HeaderField> headers) {
        Content cancel =
                new Content(
                        "CANCEL",
                        content.requestUri(),
                        content.routes(),
                        content.from(),
                        content.to(),
                        content.callId(),
                        content.cseq(),
                        null,
                        headers,
                        null);
        Hop same =
                new Hop(hop.transport(), hop.local(), hop.remote(), flow.connection(), hop.name());
        return new Attempt(core, owner, cancel, List.of(), target, dialog, same, branch);
    }

    boolean invite() {
        return content.method().equals("INVITE");
    }

    /** How long the request is. */
    int octets() {
        byte[] whole = encoded == null ? request() : encoded;
        encoded = whole;
        return whole.length;
    }

    void start(long nowNanos) {
        ticket = core.nextId();
        core.tickets.put(ticket, this);
        core.clientTransactions.put(ClientRequest.key(branch, method()), this);
        byte[] whole = encoded == null ? request() : encoded;
        encoded = null;
        transaction.start(whole, nowNanos);
    }

    private byte[] request() {
        List<HeaderField> headers = new ArrayList<>(content.headers().size() + 6);
        if (invite() || method().equals("REGISTER")) {
            Core.addMissing(headers, content.headers(), contact(flow));
        }
        if (invite()) {
            Core.addMissing(headers, content.headers(), core.allow());
            Core.addMissing(headers, content.headers(), core.supportedByClient());
        }
        Core.addMissing(headers, content.headers(), core.userAgent());
        headers.addAll(content.headers());
        headers.addAll(credentials);
        return encode(method(), content.to(), headers, content.body());
    }

    private HeaderField contact(Flow over) {
        return core.contact(over, content.contactUser(), content.requestUri(), content.routes());
    }

    /** The URI of the Contact that the core gives a REGISTER; empty for others. */
    String contactUri() {
        if (!method().equals("REGISTER")) {
            return "";
        }
        String contact = contact(sentOver).value();
        return contact.substring(1, contact.length() - 1);
    }

    private byte[] encode(
            String method, String to, List<HeaderField> headers, @Nullable Body body) {
        return MessageWriter.request(
                method,
                content.requestUri(),
                via,
                content.routes(),
                content.from(),
                to,
                content.callId(),
                content.cseq(),
                headers,
                body);
    }

    /** Sends no more by itself; what still comes is a straggler. */
    void giveUp() {
        givenUp = true;
        transaction.stopRepeating();
    }

    /** Ends it, heard or not. */
    void abandon(long nowNanos) {
        transaction.abandon(nowNanos);
    }

    /** What is known of a failure to send; empty if nothing is. */
    String failureDetail() {
        return failure == null ? "" : failure.detail();
    }

    /** Whose certificate its road's TLS was checked for; empty: nobody's. */
    String peerName() {
        return hop.name();
    }

    boolean isFrom(Flow heard) {
        return heard.remote().getAddress().equals(target.address().getAddress());
    }

    @Override
    public boolean isSentBy(Via via) {
        return via.port() == sentBy.getPort()
                && sentBy.getAddress().equals(Addresses.literal(via.host()));
    }

    @Override
    public String method() {
        return content.method();
    }

    @Override
    public long cseq() {
        return content.cseq();
    }

    @Override
    public String callId() {
        return content.callId();
    }

    @Override
    public @Nullable DialogId dialogId() {
        return dialog;
    }

    @Override
    public void answered(ParsedResponse response, Flow heard, long nowNanos) {
        flow = heard;
        transaction.response(response.status(), response, nowNanos);
    }

    @Override
    public void transmit(byte[] message) {
        core.send(ticket, hop, message, content.callId(), dialog);
    }

    @Override
    public void received(ParsedResponse response, long nowNanos) {
        proceeding = true;
        concluded |= response.status() >= 200;
        owner.received(this, response, nowNanos);
    }

    /** §17.1.1.3: same branch, Request-URI and Route as the INVITE; To as answered. */
    @Override
    public void acknowledge(ParsedResponse response) {
        byte[] ack = encode("ACK", response.toText(), List.of(core.userAgent()), null);
        core.send(ticket, hop, ack, content.callId(), dialog);
    }

    @Override
    public void timedOut(long nowNanos) {
        owner.lost(this, Tried.Why.NO_ANSWER, nowNanos);
    }

    @Override
    public void transportFailed(SipInput.TransportFailed why, long nowNanos) {
        failure = why;
        transaction.transportFailed(nowNanos);
    }

    @Override
    public void unsendable(long nowNanos) {
        owner.lost(this, failure == null ? Tried.Why.NOT_SENT : failure.why(), nowNanos);
    }

    @Override
    public void terminated(long nowNanos) {
        core.tickets.remove(ticket);
        core.clientTransactions.remove(ClientRequest.key(branch, method()), this);
        owner.gone(this, nowNanos);
    }
}

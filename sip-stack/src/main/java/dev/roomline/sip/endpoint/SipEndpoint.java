package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.Malformed;
import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.RequestHead;
import dev.roomline.sip.message.SipParser;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The SIP user agent core: messages in, transactions, dialogs, events to the application, messages
 * out. Sans-IO: {@code handle} an input, then carry out what stands in the outbox; when {@code
 * nextDeadlineNanos} has come, {@code handle} a {@link SipInput.DeadlineReached}. Owner: the
 * signalling loop. No input from a peer makes it throw.
 *
 * <pre>
 *  bytes ─ SipParser ─┬─ malformed ──────────────── 400, 505, 513
 *                     ├─ response ── client transaction ─┬─ UserAgentClient ── event
 *                     │                                  └─ OutboundCall ───── event
 *                     └─ request ─┬─ repeats a transaction: its answer again
 *                                 ├─ ACK, CANCEL ──┐
 *                                 └─ RequestIntake ┴─ UserAgentServer, DialogRequests ── event
 *                                    │ 405 501 416 482 420 503
 * </pre>
 */
public final class SipEndpoint {
    private final Core core;
    private final RequestIntake intake;
    private final Shedding shedding;
    private final UserAgentClient client;
    private final UserAgentServer server;
    private final DialogRequests dialogRequests;
    private final OutboundCalls outbound;

    /**
     * @param random for tags and branches: must not be guessable, a SecureRandom outside tests (RFC
     *     3261 §19.3)
     */
    public SipEndpoint(EndpointSettings settings, RandomGenerator random) {
        this.core = new Core(settings, random);
        this.intake = new RequestIntake(core);
        this.shedding = new Shedding(core);
        this.client = new UserAgentClient(core);
        this.server = new UserAgentServer(core, client);
        client.know(server);
        this.dialogRequests = new DialogRequests(core, server);
        this.outbound = new OutboundCalls(core, client);
    }

    /**
     * @param nowNanos a monotonic clock; never before the one of the call before
     */
    public void handle(SipInput input, long nowNanos, Outbox outbox) {
        core.use(outbox);
        if (!(input instanceof SipInput.Commanded)) {
            // a command comes before what is due: it may be the answer that makes a 100 needless
            core.timers.expire(nowNanos);
        }
        switch (input) {
            case SipInput.MessageReceived message -> received(message, nowNanos);
            case SipInput.MessageOverdue message -> {
                if (!shedding.takesOverdue(message.bytes(), message.flow(), nowNanos)) {
                    received(
                            new SipInput.MessageReceived(message.flow(), message.bytes()),
                            nowNanos);
                }
            }
            case SipInput.FramingFailed failure -> framingFailed(failure);
            case SipInput.HandshakeFailed(Flow flow, String why) ->
                    core.refused(flow, "", SipEvent.Refusal.TLS_FAILED, why);
            case SipInput.TransportFailed failure -> {
                Core.Ticket ticket = core.tickets.get(failure.ticket());
                if (ticket != null) {
                    ticket.transportFailed(failure, nowNanos);
                }
            }
            case SipInput.Resolved answer -> {
                if (!core.resolutions.resolved(answer, nowNanos)) {
                    client.dispatch().resolved(answer, nowNanos);
                }
            }
            case SipInput.Commanded commanded -> command(commanded.command(), nowNanos);
            case SipInput.DeadlineReached reached -> {}
        }
        // timers of no length (J and K on streams) are over at once
        core.timers.expire(nowNanos);
    }

    /** When it wants {@link SipInput.DeadlineReached}; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineNanos() {
        return core.timers.nextDeadlineNanos();
    }

    /** For gauges and counters. */
    public EndpointCounts counts() {
        return new EndpointCounts(
                core.serverTransactions.size(),
                core.clientTransactions.size(),
                core.dialogs.size(),
                core.requestsRepeated,
                core.acksAbsorbed,
                core.commandsIgnored);
    }

    /** Messages that were sent again because nothing came for them, since the start. */
    public long sentAgain() {
        return core.sentAgain;
    }

    /**
     * Lets only a share of what is new in: the rest of INVITEs, and every OPTIONS (which asks
     * whether calls are taken), is answered 503 with Retry-After at once and without keeping state,
     * before anybody is authenticated. Dialogs that live are served as always.
     *
     * @param ofKnown of those that come with {@link SipInput.Standing#KNOWN}, 0 to 1; 1 lets all in
     * @param ofStrangers of the others, 0 to 1
     */
    public void admit(double ofKnown, double ofStrangers) {
        core.admitted.set(ofKnown, ofStrangers);
    }

    /** Whether a living dialog depends on this stream: closing it might make a peer unreachable. */
    public boolean needs(long connection) {
        return core.needs(connection);
    }

    /** The size of every table, for tests that want nothing left. */
    Map<String, Integer> tables() {
        return core.tables();
    }

    /** What a name leads to, in the order in which it is tried now: what ails comes last. */
    public List<Target> ordered(List<Target> targets, long nowNanos) {
        return core.targetHealth.ordered(targets, nowNanos);
    }

    /** The living transaction of that request, for tests. */
    @Nullable InboundRequest lingering(ParsedRequest request) {
        return core.serverTransactions.matching(request);
    }

    private void command(SipCommand command, long nowNanos) {
        switch (command) {
            case SipCommand.Respond respond -> server.respond(respond, nowNanos);
            case SipCommand.Bye bye -> client.byeWanted(bye, nowNanos);
            case SipCommand.SendInDialog send -> client.send(send, nowNanos);
            case SipCommand.Identify identify -> client.identify(identify);
            case SipCommand.NamePeer name -> client.namePeer(name);
            case SipCommand.KeepAlive(Flow flow) -> core.keepAlive(flow);
            case ClientCommand wanted -> outbound.command(wanted, nowNanos);
        }
    }

    private void received(SipInput.MessageReceived message, long nowNanos) {
        byte[] bytes = message.bytes();
        Flow flow = message.flow();
        if (isBlank(bytes) || shedding.takes(message, nowNanos)) {
            return;
        }
        switch (SipParser.parse(bytes, flow.transport().isStream())) {
            case ParsedRequest request -> request(request, flow, message.standing(), nowNanos);
            case ParsedResponse response -> response(response, flow, nowNanos);
            case Malformed malformed -> malformed(malformed, flow, bytes);
        }
    }

    /** Keep-alive: CRLFs (RFC 5626 §3.5.1), or the single NUL or blank that some phones send. */
    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != '\r' && b != '\n' && b != ' ' && b != 0) {
                return false;
            }
        }
        return true;
    }

    private void malformed(Malformed malformed, Flow flow, byte[] bytes) {
        core.cameIn(flow, bytes, SipParser.callId(bytes), null);
        RequestHead head = malformed.answerable();
        if (head != null) {
            core.answerStateless(flow, head, malformed.status(), malformed.phrase());
        }
        SipEvent.Refusal reason =
                switch (malformed.reason()) {
                    case TOO_LARGE -> SipEvent.Refusal.TOO_LARGE;
                    case WRONG_VERSION -> SipEvent.Refusal.UNSUPPORTED_VERSION;
                    case ILLEGAL_BYTE,
                            BAD_START_LINE,
                            MISSING_HEADER,
                            REPEATED_HEADER,
                            BAD_HEADER,
                            METHOD_MISMATCH,
                            BAD_LENGTH,
                            OLD_PROTOCOL ->
                            SipEvent.Refusal.MALFORMED;
                };
        core.refused(flow, head == null ? "" : head.method(), reason, malformed.phrase());
    }

    private void framingFailed(SipInput.FramingFailed failure) {
        Flow flow = failure.flow();
        core.cameIn(flow, failure.head(), SipParser.callId(failure.head()), null);
        RequestHead head = SipParser.head(failure.head());
        if (head != null) {
            core.answerStateless(flow, head, failure.tooLarge() ? 513 : 400, failure.fault());
        }
        core.refused(
                flow,
                head == null ? "" : head.method(),
                failure.tooLarge() ? SipEvent.Refusal.TOO_LARGE : SipEvent.Refusal.MALFORMED,
                failure.fault());
    }

    private void response(ParsedResponse response, Flow flow, long nowNanos) {
        String branch = response.topVia().branch();
        ClientRequest request =
                branch == null
                        ? null
                        : core.clientTransactions.get(
                                ClientRequest.key(branch, response.cseqMethod()));
        boolean ours = request != null && request.isAnsweredBy(response);
        core.cameIn(
                flow,
                response.wire(),
                response.callId(),
                ours && request != null ? request.dialogId() : null);
        if (ours && request != null) {
            request.answered(response, flow, nowNanos);
        } else {
            // §18.1.2: dropped without a word
            core.refused(
                    flow,
                    response.cseqMethod(),
                    SipEvent.Refusal.STRAY_RESPONSE,
                    Integer.toString(response.status()));
        }
    }

    private void request(
            ParsedRequest request, Flow flow, SipInput.Standing standing, long nowNanos) {
        InboundRequest known = core.serverTransactions.matching(request);
        LiveDialog found = core.find(request.callId(), request.toTag(), request.fromTag());
        LiveDialog live =
                found != null
                        ? found
                        : core.findEarly(request.method(), request.toTag(), request.fromTag());
        DialogId reserved = live == null ? newDialogId(request, known) : live.id;
        core.cameIn(flow, request.wire(), request.callId(), reserved);
        String method = request.method();
        if (method.equals("ACK")) {
            if (known != null) {
                known.transaction.ack(request, nowNanos);
            } else {
                server.acks().came(request, flow, nowNanos);
            }
        } else if (known != null) {
            core.requestsRepeated++;
            known.transaction.requestAgain(nowNanos);
        } else if (method.equals("CANCEL")) {
            server.cancel(request, flow, nowNanos);
        } else if (intake.admits(request, flow, standing, live != null, nowNanos)) {
            if (request.toTag() != null) {
                dialogRequests.received(request, flow, live, nowNanos);
            } else if (reserved != null) {
                server.outsideDialog(request, flow, reserved, nowNanos);
            } else {
                server.outsideDialog(request, flow, new DialogId(core.nextId()), nowNanos);
            }
        }
    }

    /** The dialog for the trace: that of the transaction, or the one that an INVITE will make. */
    private @Nullable DialogId newDialogId(ParsedRequest request, @Nullable InboundRequest known) {
        if (known != null) {
            return known.dialogId();
        }
        if (request.method().equals("CANCEL")) {
            InboundRequest invite = core.serverTransactions.cancelled(request);
            return invite == null ? null : invite.dialogId();
        }
        boolean newCall = request.method().equals("INVITE") && request.toTag() == null;
        return newCall ? new DialogId(core.nextId()) : null;
    }
}

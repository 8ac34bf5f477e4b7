package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEvent.Cancelled;
import dev.roomline.bridge.call.CallEvent.DialogOver;
import dev.roomline.bridge.call.CallEvent.HangUp;
import dev.roomline.bridge.call.CallEvent.Reinvited;
import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.bridge.trace.Ladders;
import dev.roomline.bridge.trace.RefusalRing;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEffect;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.SipRequest;
import dev.roomline.sip.transport.SipApplication;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where SIP's events find their call: the application of the SIP core. Here an INVITE enters the
 * product. Owner: the signalling loop; {@link #live} may be asked from any thread.
 */
public final class Switchboard implements SipApplication {
    private final LocalRooms rooms;
    private final CallRecords records;
    private final Signal signal;
    private final CallLimits limits;
    private final Ids ids;
    private final Counters counters;
    private final RefusalRing refusals;
    private final Ladders ladders;
    private final OtherRequests others;
    private final CallTable calls = new CallTable();
    private final PlacedCalls placed = new PlacedCalls();
    private final Bookkeeping books;
    private final PostedCalls live;
    private SipPort sip = _ -> {};
    private @Nullable RegisterDesk registrar;
    private TransferPlan transfers = TransferPlan.NONE;
    private Consumer<ClientEvent.Concluded> errands = _ -> {};
    private Doorkeeper door =
            (_, _, _, _) -> CompletableFuture.failedStage(new IllegalStateException("no door yet"));

    public Switchboard(
            LocalRooms rooms,
            CallRecords records,
            Signal signal,
            CallLimits limits,
            Ids ids,
            Counters counters,
            RefusalRing refusals,
            BooleanSupplier draining) {
        this.rooms = rooms;
        this.records = records;
        this.signal = signal;
        this.limits = limits;
        this.ids = ids;
        this.counters = counters;
        this.refusals = refusals;
        this.ladders = new Ladders(signal);
        this.others = new OtherRequests(port(), draining);
        this.books =
                new Bookkeeping(
                        calls,
                        placed,
                        this::ownRoomLeft,
                        signal,
                        limits.trace(),
                        counters,
                        refusals,
                        ladders);
        this.live = new PostedCalls(calls, this::place, books, signal, limits.trace(), ids);
    }

    /** The core that it serves, and who decides about callers; given once, before any call. */
    public void connect(SipPort core, Doorkeeper keeper) {
        this.sip = core;
        this.door = keeper;
    }

    /** Who reads the API's events, from now on; given once, before any call. */
    public void tell(Consumer<Happening> reader) {
        books.tell(reader);
    }

    /** Who answers REGISTER; given once, before any comes. */
    public void connect(RegisterDesk registrar) {
        this.registrar = registrar;
    }

    @Override
    public boolean needs(long connection) {
        return registrar != null && registrar.needs(connection);
    }

    @Override
    public void streamEnded(long connection) {
        if (registrar != null) {
            registrar.streamEnded(connection);
        }
    }

    /** Where calls may be sent to; given once, before any is. */
    public void connect(TransferPlan plan) {
        this.transfers = plan;
    }

    /** By which ways calls are placed; given once, before any is. */
    public void connect(DialPlan plan, Roads roads, Consumer<ClientEvent.Concluded> concluded) {
        placed.connect(plan, roads);
        this.errands = concluded;
    }

    /** Calls as other threads see them. */
    public LiveCalls live() {
        return live;
    }

    /** Calls past the door that are not over. Any thread. */
    public int liveCount() {
        return calls.liveCount();
    }

    /** Calls whose last row is on its way into the store. Any thread. */
    public int unsettledCount() {
        return calls.unsettledCount();
    }

    /** How many calls there are, by what they wait for; on the loop. */
    public Census census() {
        return calls.census(signal.now());
    }

    /** Calls past the door over this trunk; on the loop. */
    public long callsOfTrunk(String trunk) {
        return calls.callsOfTrunk(trunk);
    }

    @Override
    public void seen(SipEffect.MessageSeen message) {
        ladders.seen(message);
    }

    @Override
    public void raised(SipEvent event) {
        switch (event) {
            case SipEvent.InviteReceived(
                            RequestId request,
                            DialogId dialog,
                            SipRequest invite,
                            Flow flow,
                            SipEvent.Replaced replaces) ->
                    invited(request, dialog, invite, flow, replaces);
            case SipEvent.InviteCancelled(RequestId request, DialogId dialog, SipRequest cancel) ->
                    cancelled(request, dialog, cancel);
            case SipEvent.AckReceived(DialogId dialog, Body body) ->
                    with(
                            dialog,
                            call -> {
                                if (call instanceof InboundCall inbound) {
                                    inbound.acked(description(body));
                                } else {
                                    call.on(new CallEvent.Acked(description(body)));
                                }
                            });
            case SipEvent.ReinviteReceived(
                            RequestId request,
                            DialogId dialog,
                            SipRequest invite,
                            Flow flow) ->
                    reinvited(request, dialog, invite, flow.remote());
            case SipEvent.RequestReceived(
                            RequestId request,
                            DialogId dialog,
                            SipRequest message,
                            Flow flow) ->
                    requested(request, dialog, message, flow);
            case SipEvent.ResponseReceived response ->
                    with(response.dialog(), call -> call.responded(response));
            case ClientEvent.Concluded concluded -> errands.accept(concluded);
            case ClientEvent client -> placed(client);
            case SipEvent.DialogEnded(DialogId dialog, SipEvent.Cause cause, SipRequest bye) ->
                    with(dialog, call -> call.on(new DialogOver(PeerEnd.of(call, cause, bye))));
            // no provisional response of ours carries an offer
            case SipEvent.ProvisionalAcknowledged _ -> {}
            case SipEvent.RefreshDue(DialogId dialog) -> with(dialog, Call::refresh);
            case SipEvent.SessionExpired(DialogId dialog) ->
                    with(
                            dialog,
                            call -> call.on(new HangUp(CallEnd.of(EndReason.SESSION_EXPIRED))));
            case SipEvent.MessageRefused(
                            Flow flow,
                            String method,
                            SipEvent.Refusal reason,
                            String detail) -> {
                counters.sipRequest(method);
                counters.messageRefused(reason);
                note(flow, method, reason.name().toLowerCase(Locale.ROOT), detail);
            }
        }
    }

    private void invited(
            RequestId request,
            DialogId dialog,
            SipRequest invite,
            Flow flow,
            SipEvent.@Nullable Replaced replaces) {
        counters.sipRequest("INVITE");
        if (calls.screeningCount() >= limits.maxScreening()) {
            CallEnd busy = CallEnd.unavailable(EndReason.OVERLOADED, "Too many callers at once.");
            sip.command(
                    new SipCommand.Respond(
                            request, busy.refusalStatus(), null, busy.headers(), null, true));
            counters.sipRefusal(busy.reason());
            note(flow, "INVITE", busy.reason().label(), busy.text());
            return;
        }
        InboundCall call =
                new InboundCall(
                        ids.next("call_"),
                        request,
                        dialog,
                        invite,
                        flow,
                        replaces == null
                                ? null
                                : new Replacing(replaces, calls.of(replaces.dialog())),
                        ladders.open(invite.callId()),
                        ports());
        calls.add(call);
        books.guarded(call, call::start);
    }

    /** A call of our own: it may be placed as soon as this returns. */
    private PlacedCall place(String id, CallOrder order, Consumer<PlacedCall> first) {
        PlacedCall call = new PlacedCall(id, order, new CallTrace(signal.now()), ports(), placed);
        calls.add(call);
        books.guarded(call, () -> first.accept(call));
        return call;
    }

    private void placed(ClientEvent event) {
        placed.raised(event, (call, step) -> books.guarded(call, step));
        if (event instanceof ClientEvent.Placed(var handle, DialogId dialog, String callId)) {
            placed.find(handle)
                    .ifPresent(
                            call -> {
                                calls.dialog(dialog, call);
                                ladders.join(callId, call.trace);
                            });
        }
    }

    private void ownRoomLeft(String room) {
        signal.whenDone(door.leftOwnRoom(room), (_, _) -> rooms.end(room));
    }

    private CallPorts ports() {
        return new CallPorts(port(), door, rooms, records, signal, limits, transfers, live, books);
    }

    private SipPort port() {
        return command -> sip.command(command);
    }

    private void cancelled(RequestId request, DialogId dialog, SipRequest cancel) {
        Call call = calls.of(request);
        CallEnd end = PeerEnd.cancelled(cancel);
        if (call != null) {
            books.guarded(call, () -> call.on(new Cancelled(end)));
        } else {
            // a re-INVITE's: the dialog lives on
            with(dialog, other -> other.on(new Cancelled(end)));
        }
    }

    /** An ACK cannot be refused: what is no description is none. */
    private static byte @Nullable [] description(@Nullable Body body) {
        return SessionBody.of(body) instanceof SessionBody.Description(byte[] sdp) ? sdp : null;
    }

    private void reinvited(
            RequestId request, DialogId dialog, SipRequest invite, InetSocketAddress source) {
        counters.sipRequest(invite.method());
        String tag = Objects.requireNonNullElse(invite.from().tag(), "");
        switch (SessionBody.of(invite)) {
            case SessionBody.None _ ->
                    with(dialog, call -> call.reinvited(new Reinvited(request, null, source, tag)));
            case SessionBody.Description(byte[] sdp) ->
                    with(dialog, call -> call.reinvited(new Reinvited(request, sdp, source, tag)));
            case SessionBody.Unserved(String type) -> {
                CallEnd why = CallEnd.unservedBody(type);
                sip.command(new SipCommand.Respond(request, 415, null, why.headers(), null));
            }
        }
    }

    private void requested(
            RequestId request, @Nullable DialogId dialog, SipRequest message, Flow flow) {
        counters.sipRequest(message.method());
        if (dialog != null) {
            with(dialog, call -> others.insideDialog(request, call, message));
        } else if (message.method().equals("REGISTER") && registrar != null) {
            registrar.register(request, message, flow);
        } else if (!others.outsideDialog(request, message)) {
            note(flow, message.method(), "method_not_allowed", "not served here");
        }
    }

    private void with(@Nullable DialogId dialog, Consumer<Call> step) {
        Call call = calls.of(dialog);
        if (call != null) {
            books.guarded(call, () -> step.accept(call));
        }
    }

    private void note(Flow flow, String method, String reason, String detail) {
        refusals.add(flow, method, reason, detail, signal.now());
    }

    /** Ends every call, with the reason that the server stops. Returns how many were cut. */
    public int hangUpAll() {
        List<Call> cut =
                calls.living().stream().filter(call -> call.state() != State.HANGING_UP).toList();
        for (Call call : cut) {
            books.guarded(call, () -> call.on(new HangUp(CallEnd.of(EndReason.SERVER_STOPPED))));
        }
        return (int) cut.stream().filter(Call::isAdmitted).count();
    }
}

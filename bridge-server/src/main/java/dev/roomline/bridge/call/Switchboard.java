package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEvent.Cancelled;
import dev.roomline.bridge.call.CallEvent.DialogOver;
import dev.roomline.bridge.call.CallEvent.HangUp;
import dev.roomline.bridge.call.CallEvent.Reinvited;
import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.bridge.trace.Ladders;
import dev.roomline.bridge.trace.RefusalRing;
import dev.roomline.bridge.trace.TraceSnapshot;
import dev.roomline.media.loop.MediaRoom.BlackBox;
import dev.roomline.media.loop.MediaRoom.LegReport;
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
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where SIP's events find their call: the application of the SIP core. Here an INVITE enters the
 * product. Owner: the signalling loop; {@link LiveCalls} may be asked from any thread.
 */
public final class Switchboard implements SipApplication, LiveCalls {
    /** JSON for a reader is no loop's work. */
    private static final Executor OFF_THE_LOOPS = Thread::startVirtualThread;

    private static final Duration SLOW = Duration.ofMillis(500);

    private final LocalRooms rooms;
    private final CallRecords records;
    private final Signal signal;
    private final CallLimits limits;
    private final Ids ids;
    private final Counters counters;
    private final RefusalRing refusals;
    private final Ladders ladders;
    private final OtherRequests others;
    private final Map<String, Call> calls = new LinkedHashMap<>();
    private final Map<String, Call> settling = new LinkedHashMap<>();
    private final Map<String, Call> traced = new LinkedHashMap<>();
    private final Map<DialogId, Call> byDialog = new HashMap<>();
    private final Map<RequestId, Call> byRequest = new HashMap<>();
    private final AtomicInteger liveCount = new AtomicInteger();
    private final AtomicInteger unsettled = new AtomicInteger();
    private Consumer<Happening> news = _ -> {};
    private SipPort sip = _ -> {};
    private @Nullable RegisterDesk registrar;
    private PlacedCalls placed =
            new PlacedCalls(
                    order ->
                            new DialPlan.Plan.Refused(
                                    CallEnd.unavailable(
                                            EndReason.OVERLOADED, "The server is starting."),
                                    List.of()),
                    (_, found) -> found.accept(Optional.empty()));
    private Consumer<ClientEvent.Concluded> errands = _ -> {};
    private Doorkeeper door =
            (_, _, _) -> CompletableFuture.failedStage(new IllegalStateException("no door yet"));

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
    }

    /** The core that it serves, and who decides about callers; given once, before any call. */
    public void connect(SipPort core, Doorkeeper keeper) {
        this.sip = core;
        this.door = keeper;
    }

    /** Who reads the API's events, from now on; given once, before any call. */
    public void tell(Consumer<Happening> reader) {
        this.news = reader;
    }

    private void tell(EventType type, Call call) {
        CallRow row = CallRows.row(call, CallRows.state(call), call.answeredAt(), "{}");
        news.accept(new Happening.OfCall(type, row, call.rangAt()));
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

    /** By which ways calls are placed; given once, before any is. */
    public void connect(DialPlan plan, Roads roads, Consumer<ClientEvent.Concluded> concluded) {
        this.placed = new PlacedCalls(plan, roads);
        this.errands = concluded;
    }

    /** Calls past the door that are not over. Any thread. */
    public int liveCount() {
        return liveCount.get();
    }

    /** Calls whose last row is on its way into the store. Any thread. */
    public int unsettledCount() {
        return unsettled.get();
    }

    /** How many calls there are, by what they wait for; on the loop. */
    public Census census() {
        int[] counts = new int[4];
        int slow = 0;
        Instant slowBefore = signal.now().minus(SLOW);
        for (Call call : calls.values()) {
            int kind =
                    switch (call.state()) {
                        case SCREENING -> 0;
                        case SEATING, STORING, RECORDING, QUEUED, OFFERING, DIALING -> 1;
                        case CONFIRMING,
                                OFFERED,
                                ANSWERING,
                                CONNECTING,
                                TALKING,
                                REOFFERING,
                                REOFFERED,
                                PROPOSING,
                                PROPOSED,
                                REANSWERING ->
                                2;
                        case HANGING_UP, ENDED -> 3;
                    };
            counts[kind]++;
            // whoever we call may take the time to answer that people take
            boolean ours = kind < 2 && call instanceof InboundCall;
            slow += ours && call.startedAt.isBefore(slowBefore) ? 1 : 0;
        }
        return new Census(counts[0], counts[1], counts[2], counts[3], slow);
    }

    private void settled(Call call) {
        if (settling.remove(call.id) != null) {
            unsettled.decrementAndGet();
        }
    }

    /** Calls past the door over this trunk. */
    public long callsOfTrunk(String trunk) {
        return calls.values().stream()
                .filter(Call::isAdmitted)
                .filter(call -> call.caller() != null && trunk.equals(call.caller().trunk()))
                .count();
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
                            Flow flow) ->
                    invited(request, dialog, invite, flow);
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
                    with(dialog, call -> call.on(new DialogOver(dialogEnd(call, cause, bye))));
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

    private void invited(RequestId request, DialogId dialog, SipRequest invite, Flow flow) {
        counters.sipRequest("INVITE");
        if (calls.size() - liveCount.get() >= limits.maxScreening()) {
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
                        ladders.open(invite.callId()),
                        ports());
        calls.put(call.id, call);
        byDialog.put(dialog, call);
        byRequest.put(request, call);
        new Watch().guarded(call, call::start);
    }

    /** A call of our own: it may be placed as soon as this returns. */
    private PlacedCall place(String id, CallOrder order) {
        PlacedCall call = new PlacedCall(id, order, new CallTrace(signal.now()), ports(), placed);
        calls.put(call.id, call);
        new Watch().guarded(call, call::start);
        return call;
    }

    private void placed(ClientEvent event) {
        placed.raised(event, (call, step) -> new Watch().guarded(call, step));
        if (event instanceof ClientEvent.Placed(var handle, DialogId dialog, String callId)) {
            placed.find(handle)
                    .ifPresent(
                            call -> {
                                byDialog.put(dialog, call);
                                ladders.join(callId, call.trace);
                            });
        }
    }

    private CallPorts ports() {
        return new CallPorts(port(), door, rooms, records, signal, limits, new Watch());
    }

    private SipPort port() {
        return command -> sip.command(command);
    }

    private void cancelled(RequestId request, DialogId dialog, SipRequest cancel) {
        Call call = byRequest.get(request);
        CallEnd end = CallEnd.of(EndReason.CANCELLED, cancelText(cancel));
        if (call != null) {
            new Watch().guarded(call, () -> call.on(new Cancelled(end)));
        } else {
            // a re-INVITE's: the dialog lives on
            with(dialog, other -> other.on(new Cancelled(end)));
        }
    }

    /** An ACK cannot be refused: what is no description is none. */
    private static byte @Nullable [] description(@Nullable Body body) {
        return SessionBody.of(body) instanceof SessionBody.Description(byte[] sdp) ? sdp : null;
    }

    private static String cancelText(SipRequest cancel) {
        String said = reasonText(cancel);
        return said.isEmpty()
                ? EndReason.CANCELLED.sentence()
                : EndReason.CANCELLED.sentence() + " (" + said + ")";
    }

    private void reinvited(
            RequestId request, DialogId dialog, SipRequest invite, InetSocketAddress source) {
        counters.sipRequest("INVITE");
        switch (SessionBody.of(invite)) {
            case SessionBody.None _ ->
                    with(dialog, call -> call.on(new Reinvited(request, null, source)));
            case SessionBody.Description(byte[] sdp) ->
                    with(dialog, call -> call.on(new Reinvited(request, sdp, source)));
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

    private static CallEnd dialogEnd(Call call, SipEvent.Cause cause, @Nullable SipRequest bye) {
        return switch (cause) {
            case BYE_RECEIVED -> {
                EndReason who =
                        switch (call) {
                            case InboundCall _ -> EndReason.HANGUP_CALLER;
                            case PlacedCall _ -> EndReason.HANGUP_CALLEE;
                        };
                String said = bye == null ? "" : reasonText(bye);
                String text = who.sentence();
                yield CallEnd.of(who, said.isEmpty() ? text : text + " (" + said + ")");
            }
            case BYE_SENT -> CallEnd.of(EndReason.HANGUP_API);
            case ACK_TIMEOUT ->
                    CallEnd.of(EndReason.TRANSPORT_LOST, "No ACK came for our 200 within 32 s.");
            case PEER_LOST ->
                    CallEnd.of(
                            EndReason.TRANSPORT_LOST, "The peer no longer answers in this call.");
            case TRANSPORT_LOST -> CallEnd.of(EndReason.TRANSPORT_LOST);
        };
    }

    /** The peer's own words (RFC 3326), bounded and on one line. */
    private static String reasonText(SipRequest request) {
        String reason = request.header("Reason").orElse("").strip();
        return reason.length() <= 120 ? reason : reason.substring(0, 120);
    }

    private void with(@Nullable DialogId dialog, Consumer<Call> step) {
        Call call = byDialog.get(dialog);
        if (call != null) {
            new Watch().guarded(call, () -> step.accept(call));
        }
    }

    private void note(Flow flow, String method, String reason, String detail) {
        refusals.add(
                RefusalRing.source(flow.remote().getAddress()),
                flow.transport().name().toLowerCase(Locale.ROOT),
                method,
                reason,
                detail,
                signal.now());
    }

    /** Ends every call, with the reason that the server stops. Returns how many were cut. */
    public int hangUpAll() {
        List<Call> cut =
                calls.values().stream().filter(call -> call.state() != State.HANGING_UP).toList();
        for (Call call : cut) {
            new Watch()
                    .guarded(call, () -> call.on(new HangUp(CallEnd.of(EndReason.SERVER_STOPPED))));
        }
        return (int) cut.stream().filter(Call::isAdmitted).count();
    }

    @Override
    public CompletionStage<List<CallRow>> list() {
        return signal.ask(
                () -> {
                    Map<String, Call> known = new LinkedHashMap<>(settling);
                    calls.values().stream()
                            .filter(Call::isAdmitted)
                            .forEach(call -> known.put(call.id, call));
                    List<LiveRow> rows = known.values().stream().map(this::live).toList();
                    return CompletableFuture.allOf(
                                    rows.stream()
                                            .map(LiveRow::report)
                                            .toArray(CompletableFuture<?>[]::new))
                            .thenApplyAsync(
                                    _ -> rows.stream().map(LiveRow::now).toList(), OFF_THE_LOOPS);
                });
    }

    @Override
    public CompletionStage<Optional<CallRow>> get(String callId) {
        return signal.ask(
                () -> {
                    Call live = calls.get(callId);
                    Call call = live != null && live.isAdmitted() ? live : settling.get(callId);
                    return call == null
                            ? CompletableFuture.completedStage(Optional.empty())
                            : live(call).row().thenApply(Optional::of);
                });
    }

    @Override
    public CompletionStage<Boolean> hangUp(String callId) {
        return signal.ask(
                () -> {
                    Call call = calls.get(callId);
                    if (call == null || !call.isAdmitted()) {
                        return CompletableFuture.completedStage(false);
                    }
                    new Watch().guarded(call, () -> call.on(new HangUp(call.hungUpByApi())));
                    return CompletableFuture.completedStage(true);
                });
    }

    @Override
    public CompletionStage<Pressing> press(
            String callId, String digits, int toneMillis, int gapMillis) {
        return signal.ask(
                () -> {
                    Call call = calls.get(callId);
                    if (call == null || !call.isAdmitted()) {
                        return CompletableFuture.completedStage(Pressing.NO_SUCH_CALL);
                    }
                    return call.press(digits, toneMillis, gapMillis);
                });
    }

    @Override
    public Placing place(CallOrder order) {
        String id = ids.next("call_");
        CompletionStage<PlacedCall.Milestones> begun =
                signal.ask(() -> CompletableFuture.completedStage(place(id, order).milestones()));
        return new Placing(
                id,
                begun.thenCompose(milestones -> milestones.recorded),
                begun.thenCompose(milestones -> milestones.sent),
                begun.thenCompose(milestones -> milestones.ringing),
                begun.thenCompose(milestones -> milestones.answered));
    }

    @Override
    public CompletionStage<Optional<Traced>> trace(String callId) {
        return signal.ask(
                () -> {
                    Call live = calls.get(callId);
                    Call call = live != null && live.isAdmitted() ? live : traced.get(callId);
                    return call == null
                            ? CompletableFuture.completedStage(Optional.empty())
                            : traced(call).thenApply(Optional::of);
                });
    }

    private CompletableFuture<Traced> traced(Call call) {
        TraceSnapshot trace = call.trace.snapshot();
        CallMedia media = call.seated();
        CompletableFuture<Optional<BlackBox>> box =
                media == null
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : media.blackBox().toCompletableFuture();
        return live(call).row().thenCombine(box, (row, kept) -> new Traced(row, trace.with(kept)));
    }

    /** The row as it would be stored now, once the media loop has told what it measured. */
    private LiveRow live(Call call) {
        CallMedia media = call.seated();
        return new LiveRow(
                CallRows.row(call, CallRows.state(call), call.answeredAt(), "{}"),
                call.rangAt(),
                CallDetail.decisions(call.trace, limits.trace()),
                media == null
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : media.report().toCompletableFuture());
    }

    /**
     * What is known of a living call, taken on the signalling loop; made into text elsewhere, where
     * no loop waits for it.
     */
    private record LiveRow(
            CallRow bare,
            @Nullable Instant rangAt,
            List<TraceSnapshot.Decision> decisions,
            CompletableFuture<Optional<LegReport>> report) {
        CompletableFuture<CallRow> row() {
            return report.thenApplyAsync(_ -> now(), OFF_THE_LOOPS);
        }

        /** When the report is there. */
        CallRow now() {
            return CallRows.withDetail(bare, CallDetail.json(report.join(), rangAt, decisions));
        }
    }

    /** What a call's milestones mean to the rest of the product. */
    private final class Watch implements CallWatch {
        @Override
        public void admitted(Call call) {
            liveCount.incrementAndGet();
            counters.callStarted(call.direction());
            CallLog.admitted(call);
            tell(
                    switch (call) {
                        case InboundCall _ -> EventType.CALL_RINGING;
                        case PlacedCall _ -> EventType.CALL_DIALING;
                    },
                    call);
        }

        @Override
        public void ringing(PlacedCall call) {
            tell(EventType.CALL_RINGING, call);
        }

        @Override
        public void passedOn(PlacedCall call, CallEnd failed) {
            counters.passedOn(failed.reason());
        }

        @Override
        public void answered(Call call) {
            Duration taken = Duration.between(call.startedAt, signal.now());
            counters.callAnswered(call.direction(), taken.toNanos() / 1e9);
            CallLog.answered(call, taken);
            tell(EventType.CALL_ANSWERED, call);
        }

        @Override
        public void asked(Call call, String outcome) {
            counters.callerAsked(outcome);
            CallLog.asked(call, outcome);
        }

        @Override
        public void ended(Call call, CallEnd end) {
            counters.callEnded(call.direction(), end.reason(), end.culprit());
            CallLog.ended(call, end, signal.now());
            boolean refused = CallRows.state(call).equals("refused");
            tell(refused ? EventType.CALL_REFUSED : EventType.CALL_ENDED, call);
            measure(call);
            // until the store has its last row, who asks is answered from here
            settling.put(call.id, call);
            unsettled.incrementAndGet();
            String ownRoom = call.ownRoom();
            if (ownRoom != null) {
                signal.whenDone(door.leftOwnRoom(ownRoom), (_, _) -> rooms.end(ownRoom));
            }
            traced.put(call.id, call);
            new LastRecord(
                            call,
                            signal,
                            limits.trace(),
                            () -> settled(call),
                            () -> traced.remove(call.id))
                    .store();
        }

        private void measure(Call call) {
            CallMedia media = call.seated();
            if (media != null && call.answeredAt() != null) {
                signal.whenDone(
                        media.report(),
                        (report, _) -> {
                            if (report != null) {
                                report.map(CallSound::of).ifPresent(counters::callQuality);
                            }
                        });
            }
        }

        @Override
        public void credentialsFailed(InboundCall call, String failure) {
            counters.sipRefusal(EndReason.UNAUTHENTICATED);
            note(call.flow, "INVITE", EndReason.UNAUTHENTICATED.label(), failure);
        }

        @Override
        public void nearTrunk(InboundCall call, String lacking) {
            note(call.flow, "INVITE", "trunk_mismatch", lacking);
        }

        @Override
        public void turnedAway(InboundCall call, CallEnd end) {
            counters.sipRefusal(end.reason());
            note(call.flow, "INVITE", end.reason().label(), end.text());
            CallLog.turnedAway(call, end);
        }

        @Override
        public void over(Call call) {
            if (calls.remove(call.id) != null) {
                call.dialogs().forEach(byDialog::remove);
                switch (call) {
                    case InboundCall inbound -> byRequest.remove(inbound.request);
                    case PlacedCall ours -> placed.forget(ours);
                }
                for (String name : call.sipCallIds()) {
                    if (call.end() == null) {
                        ladders.await(name, call.trace);
                    } else {
                        ladders.close(name, call.trace);
                    }
                }
                if (call.isAdmitted()) {
                    liveCount.decrementAndGet();
                }
            }
        }

        @Override
        public void guarded(Call call, Runnable step) {
            try (CallLog.Names _ = CallLog.names(call)) {
                step.run();
            } catch (RuntimeException bug) {
                fault(call, bug);
                call.fault(bug);
            }
        }

        @Override
        public void fault(Call call, RuntimeException bug) {
            counters.fault("call");
            CallLog.fault(call, bug);
        }
    }
}

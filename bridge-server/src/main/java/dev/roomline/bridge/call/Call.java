package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEvent.Acked;
import dev.roomline.bridge.call.CallEvent.AnswerRefused;
import dev.roomline.bridge.call.CallEvent.AnswerTaken;
import dev.roomline.bridge.call.CallEvent.Challenged;
import dev.roomline.bridge.call.CallEvent.Ending;
import dev.roomline.bridge.call.CallEvent.MediaReady;
import dev.roomline.bridge.call.CallEvent.Refused;
import dev.roomline.bridge.call.CallEvent.StoreFailed;
import dev.roomline.bridge.call.CallEvent.Stored;
import dev.roomline.bridge.call.CallMachine.Effect;
import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.room.PhoneLine;
import dev.roomline.bridge.room.PhoneSeat.Seating;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.signal.Signal.Later;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.bridge.trace.TraceSnapshot;
import dev.roomline.media.loop.MediaListener.Loss;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One inbound call: carries out what {@link CallMachine} says, and holds what it owns. Owner: the
 * signalling loop.
 */
final class Call implements PhoneLine {
    /** Timer F of a BYE (RFC 3261 §17.1.2.2) and some. */
    private static final Duration LONGEST_BYE = Duration.ofSeconds(40);

    private static final String SDP = "application/sdp";

    final String id;
    final RequestId request;
    final DialogId dialog;
    final SipRequest invite;
    final Flow flow;
    final CallTrace trace;
    final Instant startedAt;

    private final CallPorts ports;
    private final Signal signal;
    private final Deque<CallEvent> waiting = new ArrayDeque<>();
    private final List<Later> timers = new ArrayList<>();
    private final Renegotiation renegotiation;
    private State state = State.SCREENING;
    private boolean stepping;
    private boolean broken;
    private boolean slow;
    private @Nullable Later stay;
    private @Nullable Caller caller;
    private @Nullable Admission admission;
    private @Nullable CallMedia media;
    private @Nullable CallEnd end;
    private int refusedWith;
    private @Nullable Instant answeredAt;
    private @Nullable Instant endedAt;
    private CompletionStage<Void> lastRecord = CompletableFuture.completedStage(null);

    Call(
            String id,
            RequestId request,
            DialogId dialog,
            SipRequest invite,
            Flow flow,
            CallTrace trace,
            CallPorts ports) {
        this.id = id;
        this.request = request;
        this.dialog = dialog;
        this.invite = invite;
        this.flow = flow;
        this.trace = trace;
        this.ports = ports;
        this.signal = ports.signal();
        this.startedAt = signal.now();
        this.renegotiation = new Renegotiation(dialog, ports.sip(), signal, trace, this::onGuarded);
    }

    /** The INVITE came: to the door. */
    void start() {
        later(ports.limits().ringAfter(), new CallEvent.Slow());
        later(
                ports.limits().setup(),
                new CallEvent.SetupExpired(
                        CallEnd.unavailable(
                                EndReason.OVERLOADED, "Setting the call up took too long.")));
        // within the turn that decides it: a challenge goes out alone, without a 100, and whoever
        // is let in is counted before the next is looked at
        var _ =
                ports.door()
                        .screen(invite, flow, trace)
                        .whenComplete(
                                (screening, failure) ->
                                        ports.watch()
                                                .guarded(this, () -> screened(screening, failure)));
    }

    private void screened(@Nullable Screening screening, @Nullable Throwable failure) {
        switch (screening) {
            case null -> {
                decided("store", "The store does not answer: " + failure);
                on(new CallEvent.TurnedAway(CallEnd.storeAway()));
            }
            case Screening.Challenged(
                            int status,
                            List<HeaderField> headers,
                            String wrong,
                            String near) -> {
                if (!wrong.isEmpty()) {
                    ports.watch().credentialsFailed(this, wrong);
                } else if (!near.isEmpty()) {
                    ports.watch().nearTrunk(this, near);
                }
                on(new Challenged(status, headers));
            }
            case Screening.TurnedAway(CallEnd why) -> on(new CallEvent.TurnedAway(why));
            case Screening.Refused(CallEnd why, Caller who) -> {
                caller = who;
                on(new Refused(why));
            }
            case Screening.Admitted(Admission terms) when state != State.SCREENING -> {
                // it went away meanwhile
                if (terms.ownRoom()) {
                    ports.door().leftOwnRoom(terms.room().id());
                }
            }
            case Screening.Admitted(Admission terms) -> {
                caller = terms.caller();
                admission = terms;
                on(new CallEvent.Admitted());
            }
        }
    }

    /** Something happened. What happens meanwhile waits its turn. */
    void on(CallEvent event) {
        waiting.add(event);
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            CallEvent next = waiting.poll();
            while (next != null) {
                guarded(next);
                next = waiting.poll();
            }
        } finally {
            stepping = false;
        }
    }

    /** A bug ends this call and no other: hung up, or if that fails too, forgotten. */
    private void guarded(CallEvent event) {
        try {
            step(event);
        } catch (RuntimeException bug) {
            ports.watch().fault(this, bug);
            waiting.clear();
            if (broken) {
                state = State.ENDED;
                ports.watch().over(this);
            } else {
                broken = true;
                fault(bug);
            }
        }
    }

    private void step(CallEvent event) {
        CallMachine.Step step = CallMachine.step(state, event);
        boolean over = step.next() == State.ENDED || step.next() == State.HANGING_UP;
        // a re-INVITE may be cancelled, and the call go on
        if (event instanceof Ending ending && end == null && over && !step.effects().isEmpty()) {
            end = ending.end();
            endedAt = signal.now();
            trace.decided(endedAt, "end", ending.end().sentence());
            if (event instanceof CallEvent.Cancelled) {
                // by the core, with the CANCEL (RFC 3261 §9.2)
                refusedWith = ending.end().refusalStatus();
            }
        }
        slow |= event instanceof CallEvent.Slow;
        State before = state;
        state = step.next();
        for (Effect effect : step.effects()) {
            perform(effect, event);
        }
        if (state == State.ENDED || state == State.HANGING_UP) {
            timers.forEach(Later::cancel);
            timers.clear();
        }
        if (state != before) {
            limitStay();
            if (state == State.TALKING) {
                renegotiation.offerIfDue();
            }
        }
        if (state == State.ENDED) {
            ports.watch().over(this);
        }
    }

    /** States that wait for another loop, or for a peer, are not waited in for ever. */
    private void limitStay() {
        if (stay != null) {
            stay.cancel();
            stay = null;
        }
        CallEvent overdue =
                switch (state) {
                    case ANSWERING, REOFFERING, REANSWERING, PROPOSING ->
                            new CallEvent.HangUp(CallEnd.fault("The media loop did not answer."));
                    case HANGING_UP -> new CallEvent.DialogOver(ended());
                    case SCREENING,
                            SEATING,
                            STORING,
                            CONFIRMING,
                            OFFERED,
                            TALKING,
                            REOFFERED,
                            PROPOSED,
                            ENDED ->
                            null;
                };
        if (overdue != null) {
            Duration longest = state == State.HANGING_UP ? LONGEST_BYE : ports.limits().setup();
            stay = signal.after(longest, () -> ports.watch().guarded(this, () -> on(overdue)));
        }
    }

    private void perform(Effect effect, CallEvent event) {
        switch (effect) {
            case CHALLENGE -> {
                if (event instanceof Challenged(int status, List<HeaderField> headers)) {
                    respond(request, status, null, headers, null);
                }
            }
            case TAKE_SEAT -> takeSeat();
            case RING -> respond(request, 180, null, List.of(), null);
            case STORE -> store();
            case ANSWER -> answer();
            case JOIN -> media().joined();
            case RELEASE_MEDIA -> media().release();
            case TAKE_ANSWER -> takeAnswer(event);
            case REOFFER -> renegotiation.begin(event, media());
            case ANSWER_REINVITE -> renegotiation.answer(event, media());
            case ABANDON -> renegotiation.abandon(event, media());
            case PREPARE_OFFER -> renegotiation.prepare(media());
            case PROPOSE -> renegotiation.propose(event, media());
            case REFUSE_REINVITE -> renegotiation.refuse(event, state);
            case REFUSE -> refuse();
            case BYE -> ports.sip().command(new SipCommand.Bye(dialog, ended().headers()));
            case LEAVE -> {
                if (media != null) {
                    boolean kept = LastRecord.keepsMessages(this, ports.limits().trace());
                    media.leave(ended().reason().label(), kept);
                }
            }
            case RECORD -> ports.watch().ended(this, ended());
            case NOTE_REFUSAL -> ports.watch().turnedAway(this, ended());
        }
    }

    private void takeSeat() {
        Admission terms = admitted();
        ports.watch().admitted(this);
        Seating seating =
                ports.rooms()
                        .seatPhone(
                                terms.room(),
                                terms.role(),
                                terms.caller().name(),
                                terms.caller().userId(),
                                terms.caller().attributes(),
                                id,
                                this);
        switch (seating) {
            case Seating.Full _ -> on(new Refused(CallEnd.of(EndReason.ROOM_FULL)));
            case Seating.Seated(var seat) -> {
                media = new CallMedia(seat, signal, trace);
                if (slow) {
                    on(new CallEvent.Slow());
                }
                if (SessionBody.of(invite) instanceof SessionBody.Unserved(String type)) {
                    on(new Refused(CallEnd.unservedBody(type)));
                    return;
                }
                PhoneRequest wanted =
                        new PhoneRequest(
                                offer(),
                                flow.remote(),
                                flow.local(),
                                terms.mediaAllow(),
                                terms.codecs());
                media.open(wanted, () -> on(new MediaReady()), why -> on(new Refused(why)));
            }
        }
    }

    /** The INVITE's offer; null if we are to make one. */
    private byte @Nullable [] offer() {
        return SessionBody.of(invite) instanceof SessionBody.Description(byte[] sdp) ? sdp : null;
    }

    /** What is not recorded is not answered: a crash must not lose a call that was. */
    private void store() {
        boolean weOffer = offer() == null;
        CallRow row =
                CallRows.row(
                        this,
                        "answered",
                        signal.now(),
                        CallDetail.json(
                                Optional.empty(),
                                CallDetail.decisions(trace, ports.limits().trace())));
        signal.whenDone(
                record(row, null),
                (_, failure) -> {
                    if (failure == null) {
                        on(new Stored(weOffer));
                    } else {
                        decided("store", "The call's record was not stored: " + failure);
                        on(
                                new StoreFailed(
                                        CallEnd.unavailable(
                                                EndReason.OVERLOADED,
                                                "The call could not be recorded.")));
                    }
                });
    }

    /**
     * Stores a row of this call after those before it.
     *
     * @param kept null where the row goes without
     */
    CompletionStage<Void> record(CallRow row, @Nullable TraceSnapshot kept) {
        CallRecords records = ports.records();
        lastRecord =
                lastRecord
                        .<@Nullable Void>handle((_, _) -> null)
                        .thenCompose(_ -> kept == null ? records.put(row) : records.put(row, kept));
        return lastRecord;
    }

    private void answer() {
        answeredAt = signal.now();
        List<HeaderField> headers = new ArrayList<>();
        admitted()
                .answerHeaders()
                .forEach((name, value) -> headers.add(new HeaderField(name, value)));
        respond(request, 200, null, headers, new Body(SDP, media().sdp()));
        ports.watch().answered(this);
        Duration longest = ports.limits().maxDuration();
        if (longest.isPositive()) {
            later(longest, new CallEvent.HangUp(CallEnd.of(EndReason.MAX_DURATION)));
        }
    }

    /** The ACK came. An offer of ours must be answered in it (RFC 3261 §13.2.1). */
    void acked(byte @Nullable [] answer) {
        if (state == State.OFFERED && answer == null) {
            on(
                    new AnswerRefused(
                            CallEnd.of(
                                    EndReason.NO_COMMON_CODEC,
                                    "The ACK brought no answer to our offer.")));
        } else {
            on(new Acked(answer));
        }
    }

    private void takeAnswer(CallEvent event) {
        if (event instanceof Acked(byte[] answer) && answer != null) {
            takeAnswer(answer);
        } else if (event instanceof CallEvent.ProposalAnswered(byte[] answer)) {
            takeAnswer(answer);
        }
    }

    private void takeAnswer(byte[] answer) {
        if (state == State.ANSWERING) {
            media().answer(answer, () -> on(new AnswerTaken()), why -> on(new AnswerRefused(why)));
            return;
        }
        // in a running call what does not suit leaves it as it was
        media().answer(
                        answer,
                        () -> {
                            renegotiation.agreed(media());
                            on(new AnswerTaken());
                        },
                        renegotiation::unsuited);
    }

    /** The outcome of a request of ours in the dialog. */
    void responded(SipEvent.ResponseReceived response) {
        renegotiation.responded(response);
    }

    private void refuse() {
        CallEnd why = ended();
        int status = why.refusalStatus();
        refusedWith = status;
        String phrase = status == 400 || status == 500 ? why.text() : null;
        // who has not proven anything is refused once: a forged source is not to be flooded
        boolean once = caller == null;
        ports.sip()
                .command(
                        new SipCommand.Respond(request, status, phrase, why.headers(), null, once));
    }

    private void respond(
            RequestId to,
            int status,
            @Nullable String phrase,
            List<HeaderField> headers,
            @Nullable Body body) {
        ports.sip().command(new SipCommand.Respond(to, status, phrase, headers, body));
    }

    /** A bug of ours ends this call and no other. */
    void fault(RuntimeException fault) {
        decided("fault", fault.toString());
        on(new CallEvent.Refused(CallEnd.fault("A fault of the server ended the call.")));
        on(new CallEvent.HangUp(CallEnd.fault("A fault of the server ended the call.")));
    }

    void dtmf(char digit, int durationMillis) {
        if (media != null) {
            media.dtmf(digit, durationMillis);
        }
    }

    @Override
    public void removed() {
        on(new CallEvent.HangUp(CallEnd.of(EndReason.REMOVED)));
    }

    @Override
    public void roomEnded() {
        on(new CallEvent.HangUp(CallEnd.of(EndReason.ROOM_ENDED)));
    }

    @Override
    public void noted(String about, String text) {
        decided(about, text);
    }

    @Override
    public void held(boolean held) {
        ports.watch().guarded(this, () -> renegotiation.hold(held));
    }

    private void onGuarded(CallEvent event) {
        ports.watch().guarded(this, () -> on(event));
    }

    @Override
    public void mediaLost(Loss loss, String detail) {
        decided("media", loss + ": " + detail);
        CallEnd why =
                loss == Loss.FAULT
                        ? CallEnd.fault("A fault of the server ended the call's media.")
                        : CallEnd.of(EndReason.MEDIA_TIMEOUT, detail);
        on(new CallEvent.HangUp(why));
    }

    void decided(String about, String text) {
        trace.decided(signal.now(), about, text);
    }

    State state() {
        return state;
    }

    /** Past the door: counts against limits and is listed. */
    boolean isAdmitted() {
        return admission != null;
    }

    /** The room that was made for this call; null if none was. */
    @Nullable String ownRoom() {
        return admission != null && admission.ownRoom() ? admission.room().id() : null;
    }

    @Nullable Caller caller() {
        return caller;
    }

    /** Null until it has a seat. */
    @Nullable CallMedia seated() {
        return media;
    }

    @Nullable CallEnd end() {
        return end;
    }

    /** The final response that the caller had instead of a 200; 0 where it had none. */
    int refusedWith() {
        return refusedWith;
    }

    @Nullable Instant answeredAt() {
        return answeredAt;
    }

    @Nullable Instant endedAt() {
        return endedAt;
    }

    private void later(Duration delay, CallEvent event) {
        timers.add(signal.after(delay, () -> ports.watch().guarded(this, () -> on(event))));
    }

    private CallEnd ended() {
        return end == null ? CallEnd.fault("The call ended without a reason.") : end;
    }

    private Admission admitted() {
        if (admission == null) {
            throw new IllegalStateException("not admitted in " + state);
        }
        return admission;
    }

    private CallMedia media() {
        if (media == null) {
            throw new IllegalStateException("no media in " + state);
        }
        return media;
    }
}

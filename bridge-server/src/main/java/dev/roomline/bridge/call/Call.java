package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEvent.AnswerRefused;
import dev.roomline.bridge.call.CallEvent.AnswerTaken;
import dev.roomline.bridge.call.CallEvent.Ending;
import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.bridge.room.PhoneLine;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.media.loop.MediaListener.Loss;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call: carries out what {@link CallMachine} says, and holds what it owns. How it comes to be
 * answered is its kind's affair: {@link InboundCall}, {@link PlacedCall}. Owner: the signalling
 * loop.
 */
abstract sealed class Call implements PhoneLine permits InboundCall, PlacedCall {
    final String id;
    final CallTrace trace;
    final Instant startedAt;
    final CallPorts ports;
    final Signal signal;
    final CallRecords records;

    private final Deque<CallEvent> waiting = new ArrayDeque<>();
    private final CallTimers timers;
    private final Renegotiation renegotiation;
    final Talk talk;
    private State state = State.SCREENING;
    private boolean stepping;
    private boolean broken;
    private @Nullable CallMedia media;
    private @Nullable CallEnd end;
    private @Nullable Instant answeredAt;
    private @Nullable Instant endedAt;

    Call(String id, CallTrace trace, CallPorts ports) {
        this.id = id;
        this.trace = trace;
        this.ports = ports;
        this.signal = ports.signal();
        this.records = new SerialRecords(ports.records());
        this.startedAt = signal.now();
        this.timers = new CallTimers(signal, ports.limits().setup(), this::due);
        this.renegotiation =
                new Renegotiation(
                        this::dialog,
                        this instanceof PlacedCall,
                        ports.sip(),
                        signal,
                        trace,
                        this::onGuarded);
        talk = new Talk(this);
    }

    /** {@code inbound} or {@code outbound}. */
    abstract String direction();

    /** As the far end knows the call; empty before anything was sent. */
    abstract String sipCallId();

    /** Its dialog; null while there is none. */
    abstract @Nullable DialogId dialog();

    /** Every dialog and Call-ID under which it was seen. */
    abstract List<DialogId> dialogs();

    abstract List<String> sipCallIds();

    /** Null until it is known. */
    abstract @Nullable Caller caller();

    /** Who we are in its dialog, as a URI. */
    abstract String ourUri();

    /** Past the door, or ordered: counts against limits and is listed. */
    abstract boolean isAdmitted();

    /** What only a call that came in does. */
    void perform(CallEffect.Answering effect, CallEvent event) {
        throw new IllegalStateException(effect + " of a call that we place");
    }

    /** What only a call that we place does. */
    void perform(CallEffect.Placing effect, CallEvent event) {
        throw new IllegalStateException(effect + " of a call that came in");
    }

    /** Its first row. */
    abstract void store();

    /** It was not answered, and will not be. */
    abstract void refuse();

    /** It never was a call. */
    abstract void noteRefusal();

    /** The room that was made for this call; null if none was. */
    @Nullable String ownRoom() {
        return null;
    }

    /** How it ends when an application hangs up. */
    CallEnd hungUpByApi() {
        return CallEnd.of(EndReason.HANGUP_API);
    }

    /**
     * The final response that ended it before it was answered: ours to a caller, the far end's to
     * us; 0 where there was none.
     */
    abstract int refusedWith();

    /** When the far end of a call that we place began to ring; null: it did not. */
    @Nullable Instant rangAt() {
        return null;
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
            talk.end();
            trace.decided(endedAt, "end", ending.end().sentence());
            ending(ending);
        }
        before(event);
        State before = state;
        state = step.next();
        for (CallEffect effect : step.effects()) {
            perform(effect, event);
        }
        if (state == State.ENDED || state == State.HANGING_UP) {
            timers.cancel();
        }
        if (state != before) {
            timers.entered(state, this::ended);
            if (state == State.TALKING) {
                talking();
                renegotiation.settled();
            }
        }
        if (state == State.ENDED) {
            ports.watch().over(this);
        }
    }

    /** What ends it is known; nothing has been done about it. */
    void ending(Ending event) {}

    /** Seen before the step that it causes. */
    void before(CallEvent event) {}

    private void perform(CallEffect effect, CallEvent event) {
        switch (effect) {
            case CallEffect.Common common -> perform(common, event);
            case CallEffect.Answering answering -> perform(answering, event);
            case CallEffect.Placing placing -> perform(placing, event);
        }
    }

    private void perform(CallEffect.Common effect, CallEvent event) {
        switch (effect) {
            case STORE -> store();
            case REFUSE -> refuse();
            case NOTE_REFUSAL -> noteRefusal();
            case JOIN -> media().joined();
            case RELEASE_MEDIA -> media().release();
            case TAKE_ANSWER -> takeAnswer(event);
            case REOFFER -> renegotiation.begin(event, media());
            case ANSWER_REINVITE -> renegotiation.answer(event, media());
            case ABANDON -> renegotiation.abandon(event, media());
            case PREPARE_OFFER -> renegotiation.prepare(media());
            case PROPOSE -> renegotiation.propose(event, media());
            case REFUSE_REINVITE -> renegotiation.refuse(event, state);
            case KEEP_REINVITE -> renegotiation.keep(event);
            case DROP_REINVITE -> renegotiation.drop();
            case BYE -> bye();
            case LEAVE -> leave();
            case RECORD -> {
                ports.watch().ended(this, ended());
                over();
            }
        }
    }

    private void bye() {
        DialogId dialog = dialog();
        if (dialog != null) {
            ports.sip().command(new SipCommand.Bye(dialog, ended().headers()));
        }
    }

    /** Gives the seat back. */
    void leave() {
        if (media != null) {
            boolean kept = LastRecord.keepsMessages(this, ports.limits().trace());
            media.leave(ended().reason().label(), kept);
        }
    }

    /** Sound flows: for the first time, or after a change of it. */
    void talking() {}

    /** It has its end. */
    void over() {}

    /** The 2xx has left, or has come. */
    void answeredNow(Duration longest) {
        answeredAt = signal.now();
        ports.watch().answered(this);
        if (longest.isPositive()) {
            later(longest, () -> new CallEvent.HangUp(CallEnd.of(EndReason.MAX_DURATION)));
        }
    }

    private void takeAnswer(CallEvent event) {
        if (event instanceof CallEvent.Acked(byte[] answer) && answer != null) {
            takeAnswer(answer);
        } else if (event instanceof CallEvent.ProposalAnswered(byte[] answer)) {
            takeAnswer(answer);
        }
    }

    private void takeAnswer(byte[] answer) {
        if (state == State.ANSWERING) {
            media().answer(answer, () -> on(new AnswerTaken()), why -> on(new AnswerRefused(why)));
        } else {
            renegotiation.take(answer, media());
        }
    }

    /** Its room is another one from here on. */
    abstract void arrivedIn(RoomRow room);

    /** The outcome of a request of ours in the dialog. */
    void responded(SipEvent.ResponseReceived response) {
        if (!talk.responded(response)) {
            renegotiation.responded(response);
        }
    }

    /** A bug of ours ends this call and no other. */
    void fault(RuntimeException fault) {
        decided("fault", fault.toString());
        on(new CallEvent.Refused(CallEnd.fault("A fault of the server ended the call.")));
        on(new CallEvent.HangUp(CallEnd.fault("A fault of the server ended the call.")));
    }

    /** Nobody is asked but a caller. */
    @Override
    public void pressed(char digit) {}

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

    /** A re-INVITE, or an UPDATE with an offer. */
    void reinvited(CallEvent.Reinvited event) {
        on(event);
    }

    /** The session is to be offered again as it is (RFC 4028 §7.4). */
    void refresh() {
        renegotiation.refresh();
    }

    void onGuarded(CallEvent event) {
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

    /** Null until it has a seat. */
    @Nullable CallMedia seated() {
        return media;
    }

    @Nullable CallEnd end() {
        return end;
    }

    @Nullable Instant answeredAt() {
        return answeredAt;
    }

    @Nullable Instant endedAt() {
        return endedAt;
    }

    /** What is to happen then unless the call has ended; made when its time has come. */
    void later(Duration delay, Supplier<CallEvent> event) {
        timers.after(delay, event);
    }

    private void due(Supplier<CallEvent> event) {
        ports.watch().guarded(this, () -> on(event.get()));
    }

    CallEnd ended() {
        return end == null ? CallEnd.fault("The call ended without a reason.") : end;
    }

    CallMedia media() {
        if (media == null) {
            throw new IllegalStateException("no media in " + state);
        }
        return media;
    }

    void seated(CallMedia seat) {
        media = seat;
    }
}

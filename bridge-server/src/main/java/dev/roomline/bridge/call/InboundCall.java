package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEffect.Answering;
import dev.roomline.bridge.call.CallEvent.Acked;
import dev.roomline.bridge.call.CallEvent.AnswerRefused;
import dev.roomline.bridge.call.CallEvent.Challenged;
import dev.roomline.bridge.call.CallEvent.MediaReady;
import dev.roomline.bridge.call.CallEvent.Refused;
import dev.roomline.bridge.call.CallEvent.StoreFailed;
import dev.roomline.bridge.call.CallEvent.Stored;
import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.room.PhoneSeat;
import dev.roomline.bridge.room.PhoneSeat.Seating;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import dev.roomline.sip.auth.ClientIdentity;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call that came in: from its INVITE to our 200. Owner: the signalling loop. */
final class InboundCall extends Call {
    final RequestId request;
    final SipRequest invite;
    final Flow flow;

    private final DialogId dialog;
    private final @Nullable Replacing replacing;
    private boolean slow;
    private int refusedWith;
    private @Nullable Caller caller;
    private @Nullable Admission admission;

    /** Which room it wants is found out by asking; null for others. */
    private Screening.@Nullable Asked asked;

    private @Nullable Asking asking;

    InboundCall(
            String id,
            RequestId request,
            DialogId dialog,
            SipRequest invite,
            Flow flow,
            @Nullable Replacing replacing,
            CallTrace trace,
            CallPorts ports) {
        super(id, trace, ports);
        this.request = request;
        this.dialog = dialog;
        this.invite = invite;
        this.flow = flow;
        this.replacing = replacing;
        talk.keypad.peerAccepts(invite.headers("Accept"));
    }

    /** The INVITE came: to the door. */
    void start() {
        later(ports.limits().ringAfter(), CallEvent.Slow::new);
        later(
                ports.limits().setup(),
                () ->
                        new CallEvent.SetupExpired(
                                CallEnd.unavailable(
                                        EndReason.OVERLOADED,
                                        "Setting the call up took too long.")));
        Call leaving = leaving();
        // within the turn that decides it: a challenge goes out alone, without a 100, and whoever
        // is let in is counted before the next is looked at
        var _ =
                ports.door()
                        .screen(invite, flow, trace, leaving == null ? null : leaving.caller())
                        .whenComplete(
                                (screening, failure) ->
                                        ports.watch()
                                                .guarded(this, () -> screened(screening, failure)));
    }

    /** The call whose place it takes; null: none. */
    private @Nullable Call leaving() {
        return replacing == null ? null : replacing.leaving();
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
            case Screening.Asked question -> letIn(question);
            case Screening.Admitted(Admission admitted) -> letIn(admitted);
        }
    }

    /** Which room it wants is asked once it is answered. */
    private void letIn(Screening.Asked question) {
        caller = question.caller();
        if (replacing != null) {
            on(new Refused(replacing.refusal(null).orElseThrow()));
            return;
        }
        asked = question;
        asking = new Asking(question.question(), question.judge(), signal, new AskedLine(this));
        on(new CallEvent.Admitted());
    }

    private void letIn(Admission admitted) {
        if (state() != State.SCREENING) {
            // it went away meanwhile
            if (admitted.ownRoom()) {
                ports.door().leftOwnRoom(admitted.room().id());
            }
            return;
        }
        caller = admitted.caller();
        Optional<CallEnd> not =
                replacing == null ? Optional.empty() : replacing.refusal(admitted.room().id());
        if (not.isPresent()) {
            on(new Refused(not.get()));
            return;
        }
        admission = admitted;
        on(new CallEvent.Admitted());
    }

    @Override
    void ending(CallEvent.Ending event) {
        if (event instanceof CallEvent.Cancelled) {
            // by the core, with the CANCEL (RFC 3261 §9.2)
            refusedWith = event.end().refusalStatus();
        }
    }

    @Override
    int refusedWith() {
        return refusedWith;
    }

    @Override
    void before(CallEvent event) {
        slow |= event instanceof CallEvent.Slow;
    }

    @Override
    void perform(Answering effect, CallEvent event) {
        switch (effect) {
            case CHALLENGE -> {
                if (event instanceof Challenged(int status, List<HeaderField> headers)) {
                    respond(status, headers, null);
                }
            }
            case TAKE_SEAT -> takeSeat();
            case RING -> respond(180, List.of(), null);
            case ANSWER -> answer();
        }
    }

    /** Whoever is asked for a room is asked as soon as it can hear. */
    @Override
    void talking() {
        if (asking != null) {
            asking.begin();
        }
    }

    @Override
    void over() {
        if (asking != null) {
            asking.stop();
        }
    }

    @Override
    public void pressed(char digit) {
        Asking dialogue = asking;
        if (dialogue != null) {
            ports.watch().guarded(this, () -> dialogue.pressed(digit));
        }
    }

    private void takeSeat() {
        ports.watch().admitted(this);
        Screening.Asked waiting = asked;
        if (waiting != null) {
            PhoneSeat seat = ports.rooms().seatWaiting(waiting.caller().name(), id, this);
            seated(seat, waiting.terms());
            return;
        }
        Admission in = admitted();
        Call leaving = leaving();
        Seating seating =
                ports.rooms()
                        .seatPhone(
                                in.room(),
                                in.role(),
                                in.caller().name(),
                                in.caller().userId(),
                                in.caller().attributes(),
                                id,
                                this,
                                leaving == null ? "" : leaving.id);
        switch (seating) {
            case Seating.Full _ -> on(new Refused(CallEnd.of(EndReason.ROOM_FULL)));
            case Seating.Seated(var seat) -> seated(seat, in.terms());
        }
    }

    private void seated(PhoneSeat seat, AnswerTerms terms) {
        seated(new CallMedia(seat, signal, trace));
        if (slow) {
            on(new CallEvent.Slow());
        }
        if (SessionBody.of(invite) instanceof SessionBody.Unserved(String type)) {
            on(new Refused(CallEnd.unservedBody(type)));
            return;
        }
        if (!SessionBody.acceptsSdp(invite)) {
            on(new Refused(CallEnd.unacceptableAnswer()));
            return;
        }
        PhoneRequest wanted =
                new PhoneRequest(
                        offer(),
                        flow.remote(),
                        flow.local(),
                        terms.mediaAllow(),
                        terms.codecs(),
                        MediaPolicy.of(terms.encryption(), flow.transport()));
        media().open(wanted, () -> on(new MediaReady()), why -> on(new Refused(why)));
    }

    /** Whoever was asked for a room sits in it. */
    void entered(Admission named) {
        admission = named;
        caller = named.caller();
    }

    /** The INVITE's offer; null if we are to make one. */
    private byte @Nullable [] offer() {
        return SessionBody.of(invite) instanceof SessionBody.Description(byte[] sdp) ? sdp : null;
    }

    /** What is not recorded is not answered: a crash must not lose a call that was. */
    @Override
    void store() {
        boolean weOffer = offer() == null;
        signal.whenDone(
                records.put(CallRecord.living(this, "answered", signal.now())),
                (_, failure) -> {
                    if (failure == null) {
                        on(new Stored(weOffer));
                    } else {
                        decided("store", "The call's record was not stored: " + failure);
                        on(new StoreFailed(CallEnd.unrecorded()));
                    }
                });
    }

    private void answer() {
        List<HeaderField> headers = new ArrayList<>();
        AnswerTerms terms = asked != null ? asked.terms() : admitted().terms();
        terms.headers().forEach((name, value) -> headers.add(new HeaderField(name, value)));
        respond(200, headers, new Body(SessionBody.SDP, media().sdp()));
        answeredNow(ports.limits().maxDuration());
        Caller from = caller;
        ClientIdentity identity = from == null ? null : ports.transfers().identity(from);
        if (identity != null) {
            ports.sip().command(new SipCommand.Identify(dialog, identity));
        }
        String host = from == null ? "" : ports.transfers().host(from);
        if (!host.isEmpty()) {
            ports.sip().command(new SipCommand.NamePeer(dialog, host));
        }
        if (replacing != null) {
            decided("transfer", "it takes the place of another call (Replaces)");
            replacing.done();
        }
    }

    /** The ACK came. An offer of ours must be answered in it (RFC 3261 §13.2.1). */
    void acked(byte @Nullable [] answer) {
        if (state() == State.OFFERED && answer == null) {
            on(
                    new AnswerRefused(
                            CallEnd.of(
                                    EndReason.NO_COMMON_CODEC,
                                    "The ACK brought no answer to our offer.")));
        } else {
            on(new Acked(answer));
        }
    }

    @Override
    void refuse() {
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

    @Override
    void noteRefusal() {
        ports.watch().turnedAway(this, ended());
    }

    private void respond(int status, List<HeaderField> headers, @Nullable Body body) {
        ports.sip().command(new SipCommand.Respond(request, status, null, headers, body));
    }

    @Override
    String direction() {
        return "inbound";
    }

    @Override
    String sipCallId() {
        return invite.callId();
    }

    @Override
    void arrivedIn(RoomRow room) {
        Caller who = caller;
        caller = who == null ? null : who.into(room.id());
    }

    @Override
    String ourUri() {
        String called = invite.requestUriText();
        int question = called.indexOf('?');
        return question < 0 ? called : called.substring(0, question);
    }

    @Override
    DialogId dialog() {
        return dialog;
    }

    @Override
    List<DialogId> dialogs() {
        return List.of(dialog);
    }

    @Override
    List<String> sipCallIds() {
        return List.of(invite.callId());
    }

    @Override
    boolean isAdmitted() {
        return admission != null || asked != null;
    }

    @Override
    @Nullable String ownRoom() {
        return admission != null && admission.ownRoom() ? admission.room().id() : null;
    }

    @Override
    @Nullable Caller caller() {
        return caller;
    }

    private Admission admitted() {
        if (admission == null) {
            throw new IllegalStateException("not admitted in " + state());
        }
        return admission;
    }
}

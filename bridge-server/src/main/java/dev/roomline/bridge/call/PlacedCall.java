package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEffect.Placing;
import dev.roomline.bridge.call.CallEvent.AnswerRefused;
import dev.roomline.bridge.call.CallEvent.AnswerTaken;
import dev.roomline.bridge.call.CallEvent.MediaReady;
import dev.roomline.bridge.call.CallEvent.Ordered;
import dev.roomline.bridge.call.CallEvent.PickedUp;
import dev.roomline.bridge.call.CallEvent.Rang;
import dev.roomline.bridge.call.CallEvent.Refused;
import dev.roomline.bridge.call.CallEvent.SetupExpired;
import dev.roomline.bridge.call.CallEvent.StoreFailed;
import dev.roomline.bridge.call.CallEvent.Stored;
import dev.roomline.bridge.call.CallEvent.Turn;
import dev.roomline.bridge.call.DialPlan.Plan;
import dev.roomline.bridge.room.PhoneSeat;
import dev.roomline.bridge.room.PhoneSeat.Seating;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import dev.roomline.sip.endpoint.CallHandle;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.SipCommand;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A call that we place: from the order to the answer, over one way after another until the far end
 * rings. Owner: the signalling loop.
 */
final class PlacedCall extends Call {
    private static final int TONE_MILLIS = 100;

    private final CallOrder order;
    private final PlacedCalls calls;
    private final RouteAdvance route;
    private final Invitations invitations;
    private final EarlyMedia early;
    private final InviteOutcome outcome;
    private final Milestones milestones = new Milestones();
    private Caller callee;
    private @Nullable Instant rangAt;
    private @Nullable CallEvent kept;
    private int heardBefore;
    private boolean pressed;

    PlacedCall(String id, CallOrder order, CallTrace trace, CallPorts ports, PlacedCalls calls) {
        super(id, trace, ports);
        this.order = order;
        this.calls = calls;
        this.callee = order.callee(null, order.to(), "");
        this.route =
                new RouteAdvance(
                        step -> ports.watch().guarded(this, step), text -> decided("trunk", text));
        this.invitations = new Invitations(ports.sip());
        this.early = new EarlyMedia(this::decided);
        this.outcome =
                new InviteOutcome(
                        route,
                        early,
                        this::decided,
                        failed -> ports.watch().passedOn(this, failed));
    }

    Milestones milestones() {
        return milestones;
    }

    /** It was ordered: may it be placed, and by which ways? */
    void start() {
        later(order.ringTimeout(), () -> new SetupExpired(unanswered()));
        switch (calls.plan().plan(order)) {
            case Plan.Refused(CallEnd why, List<String> looked) -> {
                looked.forEach(text -> decided("trunk", text));
                on(new Refused(why));
            }
            case Plan.Unreached(CompletionStage<CallEnd> end) ->
                    signal.whenKnown(
                            end,
                            (why, failure) ->
                                    ports.watch().guarded(this, () -> unreached(why, failure)));
            case Plan.Go(String to, String name, List<Way> found, List<String> looked) -> {
                looked.forEach(text -> decided("trunk", text));
                route.plan(found);
                callee = order.callee(found.getFirst(), to, name);
                takeSeat(name);
            }
        }
    }

    /** It was ordered, and what it names is not there. */
    void refuse(CallEnd why) {
        on(new Refused(why));
    }

    private void unreached(@Nullable CallEnd why, @Nullable Throwable failure) {
        if (why == null) {
            decided("store", "the account could not be looked up: " + failure);
        }
        on(new Refused(why == null ? CallEnd.storeAway() : why));
    }

    private void takeSeat(String shown) {
        Seating seating =
                ports.rooms()
                        .seatPhone(
                                order.there(),
                                order.role(),
                                shown,
                                order.userId(),
                                Map.of(),
                                id,
                                this,
                                "");
        switch (seating) {
            case Seating.Full _ -> on(new Refused(CallEnd.of(EndReason.ROOM_FULL)));
            case Seating.Seated(PhoneSeat taken) -> {
                seated(new CallMedia(taken, signal, trace));
                ports.watch().admitted(this);
                on(new Ordered());
            }
        }
    }

    private CallEnd unanswered() {
        boolean silent = trace.heard() == heardBefore;
        return outcome.unanswered(state(), rang(), silent, order.ringTimeout());
    }

    @Override
    void perform(Placing effect, CallEvent event) {
        switch (effect) {
            case QUEUE -> queue();
            case SEEK -> route.seek(calls.roads(), this::found);
            case OFFER -> offer(event);
            case DIAL -> dial();
            case TELL_RINGING -> {
                if (milestones.ringing()) {
                    ports.watch().ringing(this);
                }
            }
            case TAKE_EARLY -> early.take(event, media());
            case HEAR_EARLY -> early.moved(media());
            case KEEP_ANSWER -> kept = event;
            case GO_ON -> goOn();
            case CONNECT -> connect(event);
            case DROP_MEDIA -> media().drop();
            case CANCEL -> invitations.cancel(ended().headers());
        }
    }

    /** Nobody waits for an answer of ours. */
    @Override
    void refuse() {}

    /** Given up while the store is asked: it is listed, and told to whoever ordered it. */
    @Override
    void noteRefusal() {
        ports.watch().ended(this, ended());
        over();
    }

    /** Before the network hears of it: a crash must not lose a call that was placed. */
    @Override
    void store() {
        signal.whenDone(
                records.put(CallRecord.living(this, "dialing", answeredAt())),
                (_, failure) -> {
                    if (failure == null) {
                        milestones.recorded();
                        onGuarded(new Stored(true));
                    } else {
                        decided("store", "The call's record was not stored: " + failure);
                        onGuarded(new StoreFailed(CallEnd.unrecorded()));
                    }
                });
    }

    /** The next way's turn, then its road. */
    private void queue() {
        Way next = route.advance();
        callee = order.callee(next, callee.to(), callee.name());
        decided("trunk", "calling over " + next.label());
        route.await(calls.roads(), this::found);
    }

    private void found(Roads.Found found) {
        switch (found) {
            case Road road -> on(new Turn(road));
            case Roads.NoAddress _ -> failed(CarrierEnd.nowhere(route.way().hop().host()));
            case Roads.NotBound(var address) -> failed(CarrierEnd.notBound(address));
        }
    }

    private void failed(CallEnd way) {
        on(outcome.failed(way, state(), rang()));
    }

    private void offer(CallEvent event) {
        if (event instanceof Turn(Road road)) {
            Way by = route.way();
            PhoneRequest wanted =
                    new PhoneRequest(
                            null,
                            road.remote(),
                            new InetSocketAddress(road.local(), 0),
                            by.mediaAllow(),
                            by.codecs(),
                            by.encryption());
            media().offer(wanted, () -> on(new MediaReady()), why -> on(new Refused(why)));
        }
    }

    private void dial() {
        heardBefore = trace.heard();
        media().ringing();
        early.begin();
        invitations.send(calls.handle(this), route.way(), media().sdp());
    }

    // ---- what the far end says

    /** The INVITE has its names. */
    void placed(DialogId dialog, String callId) {
        invitations.named(dialog, callId);
        milestones.sent();
    }

    void progressed(ClientEvent.Progressed progress) {
        if (!invitations.isLast(progress.call())) {
            return;
        }
        if (rangAt == null) {
            rangAt = signal.now();
        }
        early.described(progress).ifPresent(this::on);
        on(new Rang());
    }

    /** How the INVITE ended. */
    void concluded(ClientEvent.Ending ending) {
        if (invitations.isLast(ending.call())) {
            if (ending instanceof ClientEvent.Answered answered) {
                talk.keypad.peerAccepts(answered.response().headers("Accept"));
            }
            on(outcome.of(ending, state(), rang()));
        }
    }

    // ---- the session

    /** Before the answer the branch that is heard may move its sound, and no other. */
    @Override
    void reinvited(CallEvent.Reinvited event) {
        if (answeredAt() != null || early.isHeard(event.tag())) {
            super.reinvited(event);
        } else {
            decided("media", "a branch of the call that is not heard offers anew: refused");
            ports.sip()
                    .command(new SipCommand.Respond(event.request(), 488, null, List.of(), null));
        }
    }

    private void goOn() {
        CallEvent next = kept;
        kept = null;
        if (next != null) {
            on(next);
        }
    }

    private void connect(CallEvent event) {
        if (!(event instanceof PickedUp(byte[] answer, InetSocketAddress from, String tag))) {
            return;
        }
        answeredNow(order.longest(ports.limits().maxDuration()));
        var _ = records.put(CallRecord.living(this, "answered", answeredAt()));
        if (answer == null) {
            on(new AnswerRefused(CarrierEnd.undescribed()));
            return;
        }
        // RFC 3261 §13.2.1: the offer was answered before, and the session has changed since
        media().answerCalled(
                        early.hasMoved(tag) ? null : answer,
                        from,
                        false,
                        () -> on(new AnswerTaken()),
                        (reason, detail) ->
                                on(new AnswerRefused(CarrierEnd.answer(reason, detail))));
    }

    /** Whoever waits is told once sound flows, and the keys that were ordered are pressed once. */
    @Override
    void talking() {
        milestones.answered();
        if (!order.dtmf().isEmpty() && !pressed) {
            pressed = true;
            signal.whenDone(
                    talk.press(order.dtmf(), TONE_MILLIS, TONE_MILLIS),
                    (done, _) -> {
                        if (done != LiveCalls.Pressing.DONE) {
                            decided("dtmf", "the far end's media is gone");
                        }
                    });
        }
    }

    @Override
    @Nullable String ownRoom() {
        return order.ownRoomId();
    }

    @Override
    CallEnd hungUpByApi() {
        return answeredAt() == null
                ? CallEnd.of(EndReason.CANCELLED, "It was cancelled before it was answered.")
                : super.hungUpByApi();
    }

    @Override
    void leave() {
        route.stop();
        super.leave();
    }

    /** What is told of its end has the far end's status, and no other. */
    @Override
    void over() {
        milestones.over(ended().answered(refusedWith()));
    }

    @Override
    int refusedWith() {
        return outcome.refusedWith();
    }

    @Override
    String direction() {
        return "outbound";
    }

    @Override
    String sipCallId() {
        return sipCallIds().isEmpty() ? "" : sipCallIds().getLast();
    }

    @Override
    @Nullable DialogId dialog() {
        return dialogs().isEmpty() ? null : dialogs().getLast();
    }

    @Override
    void arrivedIn(RoomRow room) {
        callee = callee.into(room.id());
    }

    @Override
    String ourUri() {
        return route.way().ourUri();
    }

    @Override
    List<DialogId> dialogs() {
        return invitations.dialogs();
    }

    @Override
    List<String> sipCallIds() {
        return invitations.sipCallIds();
    }

    @Override
    Caller caller() {
        return callee;
    }

    @Override
    boolean isAdmitted() {
        return seated() != null;
    }

    /** The far end has said that it rings, or something like it. */
    boolean rang() {
        return rangAt != null;
    }

    @Override
    @Nullable Instant rangAt() {
        return rangAt;
    }

    /** Every name that its INVITEs had. */
    List<CallHandle> handles() {
        return invitations.handles();
    }
}

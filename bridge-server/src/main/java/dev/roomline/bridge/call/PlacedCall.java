package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEvent.AnswerRefused;
import dev.roomline.bridge.call.CallEvent.AnswerTaken;
import dev.roomline.bridge.call.CallEvent.DialogOver;
import dev.roomline.bridge.call.CallEvent.EarlyAnswer;
import dev.roomline.bridge.call.CallEvent.MediaReady;
import dev.roomline.bridge.call.CallEvent.Moved;
import dev.roomline.bridge.call.CallEvent.NextWay;
import dev.roomline.bridge.call.CallEvent.Ordered;
import dev.roomline.bridge.call.CallEvent.PickedUp;
import dev.roomline.bridge.call.CallEvent.Rang;
import dev.roomline.bridge.call.CallEvent.Refused;
import dev.roomline.bridge.call.CallEvent.SetupExpired;
import dev.roomline.bridge.call.CallEvent.StoreFailed;
import dev.roomline.bridge.call.CallEvent.Stored;
import dev.roomline.bridge.call.CallEvent.Turn;
import dev.roomline.bridge.call.CallMachine.Effect;
import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.bridge.call.DialPlan.Plan;
import dev.roomline.bridge.room.PhoneSeat;
import dev.roomline.bridge.room.PhoneSeat.Seating;
import dev.roomline.bridge.signal.Signal.Later;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import dev.roomline.sip.endpoint.CallHandle;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.Envelope;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.SipResponse;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A call that we place: from the order to the answer, over one way after another until the far end
 * rings. Owner: the signalling loop.
 */
final class PlacedCall extends Call {
    private static final int MOST_REDIRECTIONS = 5;
    private static final int MOST_EARLY_ANSWERS = 8;
    private static final int TONE_MILLIS = 100;

    private final CallOrder order;
    private final PlacedCalls calls;
    private final Deque<Way> ways = new ArrayDeque<>();
    private final List<DialogId> dialogs = new ArrayList<>(1);
    private final List<String> sipCallIds = new ArrayList<>(1);
    private final Set<String> visited = new HashSet<>(1);

    /** Descriptions that came before the answer, by early dialog. */
    private final Map<String, byte[]> early = new HashMap<>(1);

    private final Milestones milestones = new Milestones();
    private @Nullable Way way;
    private @Nullable Later turn;
    private @Nullable PhoneSeat seat;
    private final List<CallHandle> handles = new ArrayList<>(1);
    private @Nullable CallHandle handle;
    private @Nullable Caller callee;
    private String shown = "";
    private @Nullable Instant rangAt;
    private boolean sought;
    private int heardBefore;
    private boolean pressed;
    private int refusedWith;

    PlacedCall(String id, CallOrder order, CallTrace trace, CallPorts ports, PlacedCalls calls) {
        super(id, trace, ports);
        this.order = order;
        this.calls = calls;
    }

    /** What others wait for: each ends with how the call ended, or empty when it is reached. */
    static final class Milestones {
        final CompletableFuture<Optional<CallEnd>> recorded = new CompletableFuture<>();
        final CompletableFuture<Optional<CallEnd>> sent = new CompletableFuture<>();
        final CompletableFuture<Optional<CallEnd>> ringing = new CompletableFuture<>();
        final CompletableFuture<Optional<CallEnd>> answered = new CompletableFuture<>();

        private void over(CallEnd end) {
            recorded.complete(Optional.of(end));
            sent.complete(Optional.of(end));
            ringing.complete(Optional.of(end));
            answered.complete(Optional.of(end));
        }

        private void answered() {
            ringing.complete(Optional.empty());
            answered.complete(Optional.empty());
        }
    }

    Milestones milestones() {
        return milestones;
    }

    /** It was ordered: may it be placed, and by which ways? */
    void start() {
        later(order.ringTimeout(), () -> new SetupExpired(unanswered()));
        callee = callee(null, order.to());
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
                ways.addAll(found);
                shown = name;
                callee = callee(found.getFirst(), to);
                takeSeat();
            }
        }
    }

    private void unreached(@Nullable CallEnd why, @Nullable Throwable failure) {
        if (why == null) {
            decided("store", "the account could not be looked up: " + failure);
        }
        on(new Refused(why == null ? CallEnd.storeAway() : why));
    }

    private Caller callee(@Nullable Way by, String to) {
        return new Caller(
                by == null ? order.from() : by.callerId(),
                to,
                shown.isEmpty() ? order.name() : shown,
                order.userId(),
                Map.of(),
                by == null ? null : by.trunk(),
                by == null ? null : by.account(),
                order.room().id());
    }

    private void takeSeat() {
        Seating seating =
                ports.rooms()
                        .seatPhone(
                                order.room(),
                                order.role(),
                                shown,
                                order.userId(),
                                Map.of(),
                                id,
                                this);
        switch (seating) {
            case Seating.Full _ -> on(new Refused(CallEnd.of(EndReason.ROOM_FULL)));
            case Seating.Seated(PhoneSeat taken) -> {
                seat = taken;
                seated(new CallMedia(taken, signal, trace));
                ports.watch().admitted(this);
                on(new Ordered());
            }
        }
    }

    /** Nobody answered in time: whose fault that is depends on how far it came. */
    private CallEnd unanswered() {
        String within = " within " + order.ringTimeout().toSeconds() + " s.";
        return switch (state()) {
            case SCREENING -> CallEnd.storeAway();
            case QUEUED ->
                    sought
                            ? CarrierEnd.notFound(way().hop().host(), within)
                            : CarrierEnd.notItsTurn(within);
            case DIALING ->
                    CarrierEnd.unanswered(
                            rang(),
                            trace.heard() == heardBefore && way().account() == null,
                            within);
            default -> CallEnd.of(EndReason.NO_ANSWER, "Nobody answered" + within);
        };
    }

    @Override
    void setUp(Effect effect, CallEvent event) {
        switch (effect) {
            case STORE -> store();
            case QUEUE -> queue();
            case OFFER -> offer(event);
            case DIAL -> dial();
            case TELL_RINGING -> {
                if (milestones.ringing.complete(Optional.empty())) {
                    ports.watch().ringing(this);
                }
            }
            case TAKE_EARLY -> takeEarly(event);
            case CONNECT -> connect(event);
            case DROP_MEDIA -> media().drop();
            case CANCEL -> cancel();
            // nobody waits for an answer of ours
            case REFUSE, RING, CHALLENGE -> {}
            // given up while the store is asked: listed, and told to whoever ordered it
            case NOTE_REFUSAL -> {
                ports.watch().ended(this, ended());
                over();
            }
            case TAKE_SEAT,
                    ANSWER,
                    RELEASE_MEDIA,
                    TAKE_ANSWER,
                    REOFFER,
                    ANSWER_REINVITE,
                    ABANDON,
                    PREPARE_OFFER,
                    PROPOSE,
                    REFUSE_REINVITE,
                    JOIN,
                    BYE,
                    LEAVE,
                    RECORD ->
                    throw new IllegalStateException(effect + " of a call that we place");
        }
    }

    /** Before the network hears of it: a crash must not lose a call that was placed. */
    private void store() {
        signal.whenDone(
                record(record("dialing", answeredAt())),
                (_, failure) -> {
                    if (failure == null) {
                        milestones.recorded.complete(Optional.empty());
                        onGuarded(new Stored(true));
                    } else {
                        decided("store", "The call's record was not stored: " + failure);
                        onGuarded(
                                new StoreFailed(
                                        CallEnd.unavailable(
                                                EndReason.OVERLOADED,
                                                "The call could not be recorded.")));
                    }
                });
    }

    /** The next way's turn, then its road. */
    private void queue() {
        Way next = ways.removeFirst();
        way = next;
        sought = false;
        Caller before = callee;
        callee = callee(next, before == null ? order.to() : before.to());
        decided("trunk", "calling over " + next.label());
        turn = next.turnstile().await(() -> ports.watch().guarded(this, () -> findRoad(next)));
    }

    private void findRoad(Way next) {
        sought = true;
        calls.roads()
                .find(
                        next.hop(),
                        found ->
                                ports.watch()
                                        .guarded(
                                                this,
                                                () -> {
                                                    if (found.isPresent()) {
                                                        on(new Turn(found.get()));
                                                    } else {
                                                        another(
                                                                CarrierEnd.nowhere(
                                                                        next.hop().host()));
                                                    }
                                                }));
    }

    private void offer(CallEvent event) {
        if (event instanceof Turn(Road road)) {
            Way by = way();
            PhoneRequest wanted =
                    new PhoneRequest(
                            null,
                            road.remote(),
                            new InetSocketAddress(road.local(), 0),
                            by.mediaAllow(),
                            by.codecs());
            media().offer(wanted, () -> on(new MediaReady()), why -> on(new Refused(why)));
        }
    }

    private void dial() {
        Way by = way();
        CallHandle named = calls.handle(this);
        handle = named;
        handles.add(named);
        early.clear();
        heardBefore = trace.heard();
        if (seat != null) {
            seat.ringing();
        }
        ports.sip()
                .command(
                        new ClientCommand.Invite(
                                named,
                                by.envelope(),
                                by.headers(),
                                new Body(SessionBody.SDP, media().sdp()),
                                by.identity()));
    }

    private void cancel() {
        CallHandle out = handle;
        if (out != null) {
            ports.sip().command(new ClientCommand.Cancel(out, ended().headers()));
        }
    }

    // ---- what the far end says

    /** The INVITE has its names. */
    void placed(DialogId dialog, String callId) {
        dialogs.add(dialog);
        sipCallIds.add(callId);
        milestones.sent.complete(Optional.empty());
    }

    void progressed(ClientEvent.Progressed progress) {
        if (!progress.call().equals(handle)) {
            return;
        }
        if (rangAt == null) {
            rangAt = signal.now();
        }
        if (progress.reliable()
                || SessionBody.of(progress.response().body()) instanceof SessionBody.Description) {
            soundsEarly(progress);
        }
        on(new Rang());
    }

    private void soundsEarly(ClientEvent.Progressed progress) {
        boolean known = early.containsKey(progress.tag());
        if (!known
                && early.size() < MOST_EARLY_ANSWERS
                && SessionBody.of(progress.response().body())
                        instanceof SessionBody.Description(byte[] sdp)) {
            boolean first = early.isEmpty();
            early.put(progress.tag(), sdp);
            if (first) {
                on(new EarlyAnswer(sdp, progress.flow().remote()));
            } else {
                decided("media", "another branch of the call has sound too: not heard");
            }
        }
    }

    /** How the INVITE ended. */
    void concluded(ClientEvent.Ending ending) {
        if (!ending.call().equals(handle)) {
            return;
        }
        switch (ending) {
            case ClientEvent.Answered answered -> answered(answered);
            case ClientEvent.Refused(var _, SipResponse response, var tried) -> {
                if (!tried.isEmpty()) {
                    decided("trunk", "tried in vain before: " + CarrierEnd.words(tried));
                }
                CallEnd end = CarrierEnd.of(response, way().account() != null);
                refusedWith = response.status();
                if (CarrierEnd.mayTryAnother(response)) {
                    another(end);
                } else {
                    on(new DialogOver(end));
                }
            }
            case ClientEvent.Redirected(var _, SipResponse response, var contacts) ->
                    redirected(response, contacts);
            case ClientEvent.NotAuthorized refused -> {
                refusedWith = refused.response().status();
                on(new DialogOver(CarrierEnd.of(refused)));
            }
            case ClientEvent.Unreachable(var _, var tried) ->
                    another(CarrierEnd.unreachable(tried));
            case ClientEvent.Cancelled(var _, ClientEvent.CancelEnd how) -> {
                decided("end", "the INVITE was given up: " + words(how));
                on(new DialogOver(CallEnd.of(EndReason.CANCELLED)));
            }
        }
    }

    private static String words(ClientEvent.CancelEnd how) {
        return switch (how) {
            case NEVER_SENT -> "it had not left";
            case CONFIRMED -> "the far end confirmed it";
            case ANSWERED_MEANWHILE -> "the far end answered first, and was hung up";
            case UNCONFIRMED -> "the far end never confirmed it";
        };
    }

    private void answered(ClientEvent.Answered answered) {
        if (!answered.tried().isEmpty()) {
            decided("trunk", "tried in vain before: " + CarrierEnd.words(answered.tried()));
        }
        byte[] sdp =
                SessionBody.of(answered.response().body())
                                instanceof SessionBody.Description(byte[] said)
                        ? said
                        : early.get(answered.tag());
        on(new PickedUp(sdp, answered.flow().remote()));
    }

    /** A failure after which another may be called; never once the far end rang. */
    private void another(CallEnd end) {
        refusedWith = end.sipStatus();
        if (!rang()) {
            passOverClosed();
        }
        if (rang() || ways.isEmpty()) {
            on(new DialogOver(end));
        } else if (state() == State.DIALING || state() == State.QUEUED) {
            decided("trunk", way().label() + " failed: " + end.text());
            ports.watch().passedOn(this, end);
            on(new NextWay());
        } else {
            on(new DialogOver(end));
        }
    }

    /** What was open when the call was planned may be full by now. */
    private void passOverClosed() {
        for (Way next = ways.peek(); next != null; next = ways.peek()) {
            Optional<CallEnd> closed = next.turnstile().closed();
            if (closed.isEmpty()) {
                return;
            }
            decided("trunk", next.label() + " does not take it now: " + closed.get().text());
            ways.remove();
        }
    }

    private void redirected(SipResponse response, List<ContactList.Entry> contacts) {
        String host = contacts.isEmpty() ? "" : contacts.getFirst().nameAddr().uri().host();
        visited.add(way().envelope().requestUri());
        if (state() != State.DIALING) {
            on(new DialogOver(CarrierEnd.redirected(response, host)));
            return;
        }
        for (ContactList.Entry contact : contacts) {
            Optional<Envelope> next = way().redirects().follow(contact);
            if (next.isPresent()
                    && visited.size() <= MOST_REDIRECTIONS
                    && visited.add(next.get().requestUri())) {
                decided(
                        "trunk",
                        "redirected to another address at " + contact.nameAddr().uri().host());
                way = way().to(next.get());
                on(new Moved());
                return;
            }
        }
        refusedWith = response.status();
        on(new DialogOver(CarrierEnd.redirected(response, host)));
    }

    // ---- the session

    private void takeEarly(CallEvent event) {
        PhoneSeat place = seat;
        if (event instanceof EarlyAnswer(byte[] sdp, InetSocketAddress from) && place != null) {
            media().answerCalled(
                            sdp,
                            from,
                            true,
                            () -> {
                                place.release();
                                place.heardEarly();
                            },
                            (_, detail) -> decided("media", "no early sound: " + detail));
        }
    }

    private void connect(CallEvent event) {
        if (!(event instanceof PickedUp(byte[] answer, InetSocketAddress from))) {
            return;
        }
        negotiable(dialogs.getLast());
        answeredNow(longest());
        var _ = record(record("answered", answeredAt()));
        if (answer == null) {
            on(
                    new AnswerRefused(
                            CallEnd.of(
                                    EndReason.CARRIER_NONSENSE,
                                    "The answer brought no description of its sound.")));
            return;
        }
        media().answerCalled(
                        answer,
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
                    press(order.dtmf(), TONE_MILLIS, TONE_MILLIS),
                    (done, _) -> {
                        if (done != LiveCalls.Pressing.DONE) {
                            decided("dtmf", "the far end takes no keys by RTP");
                        }
                    });
        }
    }

    private Duration longest() {
        Duration general = ports.limits().maxDuration();
        Duration own = order.maxDuration();
        if (own.isZero()) {
            return general;
        }
        return general.isZero() || own.compareTo(general) < 0 ? own : general;
    }

    @Override
    @Nullable String ownRoom() {
        return order.ownRoom() ? order.room().id() : null;
    }

    @Override
    CallEnd hungUpByApi() {
        return answeredAt() == null
                ? CallEnd.of(EndReason.CANCELLED, "It was cancelled before it was answered.")
                : super.hungUpByApi();
    }

    @Override
    void leave() {
        if (turn != null) {
            turn.cancel();
        }
        super.leave();
    }

    /** What is told of its end has the far end's status, and no other. */
    @Override
    void over() {
        milestones.over(ended().answered(refusedWith));
    }

    @Override
    int refusedWith() {
        return refusedWith;
    }

    @Override
    String direction() {
        return "outbound";
    }

    @Override
    String sipCallId() {
        return sipCallIds.isEmpty() ? "" : sipCallIds.getLast();
    }

    @Override
    @Nullable DialogId dialog() {
        return dialogs.isEmpty() ? null : dialogs.getLast();
    }

    @Override
    List<DialogId> dialogs() {
        return dialogs;
    }

    @Override
    List<String> sipCallIds() {
        return sipCallIds;
    }

    @Override
    @Nullable Caller caller() {
        return callee;
    }

    @Override
    boolean isAdmitted() {
        return seat != null;
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
        return handles;
    }

    private Way way() {
        if (way == null) {
            throw new IllegalStateException("no way in " + state());
        }
        return way;
    }
}

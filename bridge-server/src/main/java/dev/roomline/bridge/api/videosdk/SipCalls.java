package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.RoomSwitch;
import dev.roomline.bridge.api.Unplaced;
import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.call.LiveCalls.Placing;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.store.TrunkRow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** {@code POST /v2/sip/call} and {@code /v2/sip/outbound-call}. Virtual threads. */
public final class SipCalls {
    private static final int NAME = 100;
    private static final int ID = 255;
    private static final int LONGEST_RING_SECONDS = 600;
    private static final int LONGEST_CALL_SECONDS = 86_400;

    /** Beyond the ring timeout, for what comes before and after. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Store store;
    private final LiveCalls calls;
    private final Aliases aliases;
    private final Peers peers;
    private final RoomResource rooms;
    private final RoutingRules rules;
    private final Duration usualRingTimeout;

    /**
     * @param rules that a call may name
     * @param usualRingTimeout {@code limits.ring_timeout}
     */
    public SipCalls(
            Store store,
            LiveCalls calls,
            Aliases aliases,
            Peers peers,
            RoomResource rooms,
            RoutingRules rules,
            Duration usualRingTimeout) {
        this.store = store;
        this.calls = calls;
        this.aliases = aliases;
        this.peers = peers;
        this.rooms = rooms;
        this.rules = rules;
        this.usualRingTimeout = usualRingTimeout;
    }

    /**
     * What is asked for, by whichever generation.
     *
     * @param room empty: one is made
     * @param names of the fields {@code room}, {@code trunk} and {@code from} here
     */
    private record Wish(
            String to,
            String from,
            String trunk,
            String room,
            String name,
            String userId,
            Map<String, String> headers,
            Duration ringTimeout,
            Duration maxDuration,
            String dtmf,
            Names names) {}

    private record Names(String trunkNoun, String from) {}

    /** What is answered once the call is as far as it should be. */
    private interface Reached {
        Answer answer(CallRow row);
    }

    /** How far a call is waited for. */
    private interface Milestone {
        CompletionStage<Optional<CallEnd>> of(Placing placing);
    }

    // ---- the first generation

    /** Answers once the INVITE is out. */
    public Answer outboundCall(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    Wish wish =
                            new Wish(
                                    CallOrders.to(body, "to"),
                                    CallOrders.from(body, "from"),
                                    body.required("trunkId", ID),
                                    body.required("meetingId", NAME),
                                    body.required("displayName", NAME),
                                    body.text("participantId", ID).orElse(""),
                                    Map.of(),
                                    usualRingTimeout,
                                    Duration.ZERO,
                                    "",
                                    new Names("SIP trunk", "from"));
                    return body.fault().isPresent()
                            ? VideoSdk.invalid(body.fault().get())
                            : place(wish, Map.of(), Placing::sent, SipCalls::sent);
                });
    }

    private static Answer sent(CallRow row) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("statusCode", 200);
        answer.put("message", "Success");
        answer.put("participantId", CallView.participant(row));
        return Answer.json(200, answer);
    }

    // ---- the second

    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    Optional<String> ruleId = body.text("routingRuleId", ID);
                    Optional<RoutingRule> rule = ruleId.flatMap(rules::find);
                    if (ruleId.isPresent() && rule.isEmpty()) {
                        return VideoSdk.unknown("Routing rule");
                    }
                    Wish wish = wish(body, rule);
                    boolean waits = body.flag("waitUntilAnswered").orElse(false);
                    Map<String, Object> note = new LinkedHashMap<>();
                    body.free("metadata").ifPresent(it -> note.put(CallView.METADATA, it));
                    rule.ifPresent(it -> note.put(CallView.RULE, it.id()));
                    return body.fault().isPresent()
                            ? VideoSdk.invalid(body.fault().get())
                            : place(
                                    wish,
                                    note,
                                    waits ? Placing::answered : Placing::recorded,
                                    this::initiated);
                });
    }

    private Wish wish(Loose body, Optional<RoutingRule> rule) {
        String from = CallOrders.from(body, "sipCallFrom");
        Optional<RuledCall> ruled = rule.map(it -> RuledCall.of(it, from, peers, body));
        String gateway =
                ruled.isEmpty()
                        ? body.required("gatewayId", ID)
                        : body.text("gatewayId", ID).orElse(ruled.get().gateway());
        Map<String, String> headers = CallOrders.headers(body);
        String to = CallOrders.to(body, "sipCallTo");
        Optional<Loose> participant = body.object("participant");
        Optional<String> participantId = body.text("participantId", ID);
        return new Wish(
                to,
                ruled.map(RuledCall::from).orElse(from),
                gateway,
                body.text("destinationRoomId", NAME)
                        .or(() -> ruled.map(RuledCall::room))
                        .orElse(""),
                participant.flatMap(p -> p.text("name", NAME)).orElse(""),
                participant.flatMap(p -> p.text("id", ID)).or(() -> participantId).orElse(""),
                ruled.map(it -> it.over(headers)).orElse(headers),
                body.integer("ringingTimeout", 1, LONGEST_RING_SECONDS)
                        .map(Duration::ofSeconds)
                        .orElse(usualRingTimeout),
                body.integer("maxCallDuration", 1, LONGEST_CALL_SECONDS)
                        .map(Duration::ofSeconds)
                        .orElse(Duration.ZERO),
                CallOrders.keys(body),
                new Names("Gateway", "sipCallFrom"));
    }

    private Answer initiated(CallRow row) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("message", "Call initiated successfully");
        answer.put("data", new CallView(store.notes(), peers).of(row));
        return Answer.json(200, answer);
    }

    // ---- both

    private Answer place(Wish wish, Map<String, Object> note, Milestone until, Reached reached)
            throws TimeoutException, InterruptedException {
        Optional<TrunkRow> trunk = peers.outbound(wish.trunk());
        Optional<RoomRow> named =
                Optional.of(wish.room())
                        .filter(name -> !name.isEmpty())
                        .flatMap(name -> RoomResource.find(store.rooms(), aliases, name));
        if (trunk.isEmpty()) {
            unplaced(wish, named, Unplaced.noTrunk(wish.trunk()));
            return VideoSdk.unknown(wish.names().trunkNoun());
        }
        Optional<String> wrong =
                CallOrders.fromFault(wish.names().from(), wish.from(), trunk.get().trunk());
        if (wrong.isPresent()) {
            return VideoSdk.invalid(wrong.get());
        }
        Optional<RoomRow> room = wish.room().isEmpty() ? madeRoom() : named;
        if (room.isEmpty()) {
            unplaced(wish, room, Unplaced.noRoom(wish.room()));
            return RoomResource.unknown();
        }
        if (!RoomSwitch.isOn(room.get())) {
            unplaced(wish, room, Unplaced.closed(wish.room()));
            return Answer.problem(403, "This room is deactivated.");
        }
        Placing placing = calls.place(order(wish, trunk.get(), room.get()));
        try {
            return await(wish, note, placing, until, reached);
        } catch (InterruptedException gone) {
            // nobody is there to be told who answered
            var _ = calls.hangUp(placing.callId());
            throw gone;
        }
    }

    private void unplaced(Wish wish, Optional<RoomRow> room, CallEnd why)
            throws TimeoutException, InterruptedException {
        CallOrder order =
                Unplaced.order(
                        wish.to(), room.orElse(null), wish.from(), wish.name(), wish.userId());
        var _ = Unplaced.list(calls, order, why);
    }

    private Optional<RoomRow> madeRoom() {
        return rooms.made(Optional.empty()) instanceof Change.Done<RoomRow>(RoomRow room)
                ? Optional.of(room)
                : Optional.empty();
    }

    private static CallOrder order(Wish wish, TrunkRow trunk, RoomRow room) {
        return new CallOrder(
                wish.to(),
                room,
                CallOrders.role(room, wish.room()),
                trunk.id(),
                wish.from(),
                wish.name(),
                wish.userId(),
                wish.headers(),
                wish.ringTimeout(),
                wish.maxDuration(),
                wish.dtmf(),
                false);
    }

    private Answer await(
            Wish wish, Map<String, Object> note, Placing placing, Milestone until, Reached reached)
            throws TimeoutException, InterruptedException {
        Duration longest = wish.ringTimeout().plus(PATIENCE);
        if (!note.isEmpty() && Await.on(placing.recorded(), longest).isEmpty()) {
            store.notes().put(CallView.NOTE, placing.callId(), note);
        }
        Optional<CallEnd> end = Await.on(until.of(placing), longest);
        if (end.isPresent()) {
            return failed(end.get());
        }
        Optional<CallRow> now = Await.on(calls.get(placing.callId()));
        return (now.isPresent() ? now : store.calls().find(placing.callId()))
                .map(reached::answer)
                .orElseGet(() -> VideoSdk.unknown("Call"));
    }

    /** How it ended, with the HTTP status that the table of endings has for it. */
    private static Answer failed(CallEnd end) {
        int status = end.reason().httpStatus();
        Answer answer = Answer.problem(status == 0 ? 409 : status, end.text());
        return end.retryAfter().map(wait -> answer.with("Retry-After", wait)).orElse(answer);
    }
}

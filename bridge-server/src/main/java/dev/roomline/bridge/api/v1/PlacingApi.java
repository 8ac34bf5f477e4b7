package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Answer.Fault;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Bodies;
import dev.roomline.bridge.api.Fields;
import dev.roomline.bridge.api.Unplaced;
import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.call.LiveCalls.Placing;
import dev.roomline.bridge.outbound.CallerId;
import dev.roomline.bridge.outbound.CustomHeaders;
import dev.roomline.bridge.outbound.Destination;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.store.Rooms;
import dev.roomline.bridge.store.TrunkRow;
import dev.roomline.bridge.store.Trunks;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** {@code POST /v1/calls}: places a call, and waits as long as its client wants to. */
public final class PlacingApi {
    private static final int LONGEST_RING_SECONDS = 600;
    private static final int LONGEST_CALL_SECONDS = 86_400;
    static final String KEYS_EXPECTED = "must be 1 to 64 of 0-9 * # A-D, and w to wait";
    private static final Pattern KEYS = Pattern.compile("[0-9*#A-Da-dwW]{1,64}");

    /** Beyond the ring timeout, for what comes before and after. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String ROLE_BY_ID = "guest";
    private static final String NO_TRUNK = "is not the id of a trunk";

    private final Calls calls;
    private final Rooms rooms;
    private final Trunks trunks;
    private final LiveCalls live;
    private final Duration usualRingTimeout;

    public PlacingApi(
            Calls calls, Rooms rooms, Trunks trunks, LiveCalls live, Duration usualRingTimeout) {
        this.calls = calls;
        this.rooms = rooms;
        this.trunks = trunks;
        this.live = live;
        this.usualRingTimeout = usualRingTimeout;
    }

    private enum Wait {
        NONE,
        RINGING,
        ANSWERED
    }

    private record Wish(
            String to,
            String room,
            String trunk,
            String from,
            String name,
            String userId,
            Map<String, String> headers,
            Duration ringTimeout,
            Duration maxDuration,
            String dtmf,
            Wait until) {}

    static boolean areKeys(String text) {
        return KEYS.matcher(text).matches();
    }

    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return switch (Bodies.object(ask, this::wish)) {
            case Bodies.Read.Bad<Wish>(Answer answer) -> answer;
            case Bodies.Read.Good<Wish>(Wish wish) -> place(wish);
        };
    }

    // ---- what is asked for

    private Wish wish(Fields fields) {
        Optional<String> to = fields.text("to", 255);
        to.filter(text -> Destination.read(text).isEmpty())
                .ifPresent(
                        _ ->
                                fields.fault(
                                        "to",
                                        "must be a number, sip:… within the trunk's domain, or"
                                                + " sip:<account>"));
        if (to.isEmpty()) {
            fields.fault("to", "is needed");
        }
        Optional<String> room = fields.text("room", 80);
        if (room.isEmpty()) {
            fields.fault("room", "is needed: its id or one of its codes");
        }
        Optional<String> trunk = fields.text("trunk", 64);
        Optional<String> from = fields.text("from", 64);
        boolean known = checkTrunk(fields, trunk, from);
        Optional<Integer> ring = fields.integer("ring_timeout_s", 1, LONGEST_RING_SECONDS);
        Optional<Integer> longest = fields.integer("max_duration_s", 1, LONGEST_CALL_SECONDS);
        Optional<String> dtmf = fields.text("dtmf", 64);
        dtmf.filter(keys -> !areKeys(keys)).ifPresent(_ -> fields.fault("dtmf", KEYS_EXPECTED));
        Wish wish =
                new Wish(
                        to.orElse(""),
                        room.orElse(""),
                        trunk.orElse(""),
                        from.orElse(""),
                        fields.text("name", 100).orElse(""),
                        fields.text("user_id", 255).orElse(""),
                        headers(fields),
                        ring.map(Duration::ofSeconds).orElse(usualRingTimeout),
                        longest.map(Duration::ofSeconds).orElse(Duration.ZERO),
                        dtmf.orElse(""),
                        until(fields));
        if (!known && !fields.isGood()) {
            fields.fault("trunk", NO_TRUNK);
        }
        return wish;
    }

    /** False: there is no such trunk, which is no fault of the request's form. */
    private boolean checkTrunk(Fields fields, Optional<String> trunk, Optional<String> from) {
        Optional<TrunkRow> found = trunk.flatMap(trunks::find);
        if (trunk.isPresent() && found.isEmpty()) {
            return false;
        }
        if (found.isPresent() && found.get().trunk().direction().equals("inbound")) {
            fields.fault("trunk", "takes no outbound calls");
        } else if (found.isPresent()
                && from.isPresent()
                && CallerId.choose(from.get(), found.get().trunk()).isEmpty()) {
            fields.fault("from", "must be one of the trunk's numbers");
        }
        return true;
    }

    private static Map<String, String> headers(Fields fields) {
        Map<String, String> headers = fields.textMap("headers", CustomHeaders.MOST);
        headers.forEach(
                (name, value) ->
                        CustomHeaders.fault(name, value)
                                .ifPresent(fault -> fields.faultIn("headers", name, fault)));
        return headers;
    }

    private static Wait until(Fields fields) {
        return switch (fields.text("wait", 16).orElse("none")) {
            case "none" -> Wait.NONE;
            case "ringing" -> Wait.RINGING;
            case "answered" -> Wait.ANSWERED;
            default -> {
                fields.fault("wait", "must be none, ringing or answered");
                yield Wait.NONE;
            }
        };
    }

    // ---- what comes of it

    private Answer place(Wish wish) throws TimeoutException, InterruptedException {
        Optional<RoomRow> room = rooms.find(wish.room());
        if (room.isEmpty()) {
            CallEnd end = Unplaced.noRoom(wish.room());
            CallOrder order =
                    Unplaced.order(wish.to(), null, wish.from(), wish.name(), wish.userId());
            return problem(end, Unplaced.list(live, order, end));
        }
        Placing placing = live.place(order(wish, room.get()));
        try {
            return await(wish, placing);
        } catch (InterruptedException gone) {
            // nobody is there to be told who answered
            var _ = live.hangUp(placing.callId());
            throw gone;
        }
    }

    private static CallOrder order(Wish wish, RoomRow room) {
        return new CallOrder(
                wish.to(),
                room,
                role(wish.room(), room),
                wish.trunk(),
                wish.from(),
                wish.name(),
                wish.userId(),
                wish.headers(),
                wish.ringTimeout(),
                wish.maxDuration(),
                wish.dtmf(),
                false);
    }

    /** What the code lets one do by which the room was named. */
    static String role(String named, RoomRow room) {
        return room.codes().stream()
                .filter(code -> code.code().equalsIgnoreCase(named))
                .map(CodeRow::role)
                .findFirst()
                .orElse(ROLE_BY_ID);
    }

    private Answer await(Wish wish, Placing placing) throws TimeoutException, InterruptedException {
        CompletionStage<Optional<CallEnd>> reached =
                switch (wish.until()) {
                    case NONE -> placing.recorded();
                    case RINGING -> placing.ringing();
                    case ANSWERED -> placing.answered();
                };
        Optional<CallEnd> end = Await.on(reached, wish.ringTimeout().plus(PATIENCE));
        if (end.isPresent()) {
            return refused(wish, end.get(), placing.callId());
        }
        Optional<CallRow> now = Await.on(live.get(placing.callId()));
        return (now.isPresent() ? now : calls.find(placing.callId()))
                .map(row -> Answer.json(201, Views.call(row)))
                .orElseGet(() -> Answer.problem(503, "The call is not to be found any more."))
                .with("Location", "/v1/calls/" + placing.callId());
    }

    /**
     * An order over a trunk that does not exist is listed as a call, and told as the fault of it.
     */
    private Answer refused(Wish wish, CallEnd end, String callId) {
        boolean noTrunk =
                end.reason() == EndReason.NOT_ALLOWED
                        && !wish.trunk().isEmpty()
                        && trunks.find(wish.trunk()).isEmpty();
        return noTrunk
                ? Answer.invalid(new Fault("/trunk", NO_TRUNK), members(end, callId))
                : problem(end, callId);
    }

    /** How it ended, as the table of endings has it for this API. */
    static Answer problem(CallEnd end, String callId) {
        int status = end.reason().httpStatus();
        Answer answer =
                Answer.problem(status == 0 ? 409 : status, end.text(), members(end, callId));
        return end.retryAfter().map(wait -> answer.with("Retry-After", wait)).orElse(answer);
    }

    private static Map<String, Object> members(CallEnd end, String callId) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("culprit", end.culprit().label());
        more.put("reason", end.reason().label());
        if (end.sipStatus() != 0) {
            more.put("sip_status", end.sipStatus());
        }
        if (!callId.isEmpty()) {
            more.put("call", callId);
        }
        return more;
    }
}

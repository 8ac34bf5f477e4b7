package dev.roomline.bridge.api.hundredms;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.Unplaced;
import dev.roomline.bridge.auth.JoinTokens;
import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.call.LiveCalls.Placing;
import dev.roomline.bridge.outbound.CustomHeaders;
import dev.roomline.bridge.outbound.Destination;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.room.ParticipantView;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.store.TrunkRow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * {@code /v2/sip/outbound/call}, which blocks until the far end answers or declines, and {@code
 * /v2/sip/dtmf}. Virtual threads.
 */
public final class OutboundCalls {
    /** No blocked call outlives this, whatever rings. */
    public static final Duration LONGEST = Duration.ofSeconds(170);

    private static final Duration CANCELLING = Duration.ofSeconds(5);
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9.!%*_+`'~-]{1,64}");
    private static final int TONE_MILLIS = 100;
    private static final int GAP_MILLIS = 100;

    private final LiveCalls calls;
    private final LiveRooms rooms;
    private final Aliases aliases;
    private final JoinTokens tokens;
    private final Duration ringTimeout;
    private final Duration longest;

    /**
     * @param ringTimeout {@code limits.ring_timeout}
     * @param longest that a client is kept waiting: {@link #LONGEST}
     */
    public OutboundCalls(
            LiveCalls calls,
            LiveRooms rooms,
            Aliases aliases,
            JoinTokens tokens,
            Duration ringTimeout,
            Duration longest) {
        this.calls = calls;
        this.rooms = rooms;
        this.aliases = aliases;
        this.tokens = tokens;
        this.longest = longest;
        Duration mostRinging = longest.minus(CANCELLING);
        this.ringTimeout = ringTimeout.compareTo(mostRinging) < 0 ? ringTimeout : mostRinging;
    }

    public Answer place(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(ask, this::place);
    }

    private Answer place(Loose body) throws TimeoutException, InterruptedException {
        Optional<String> to = body.text("to", 255);
        Optional<String> code = body.text("room_code", 80);
        Optional<String> trunkId = body.text("trunk_id", 64);
        Map<String, String> headers = headers(body);
        String name = body.text("name", 100).orElse("");
        String userId = body.text("user_id", 255).orElse("");
        if (body.fault().isPresent()) {
            return Answer.problem(400, body.fault().get());
        }
        if (to.isEmpty()) {
            return HundredMs.mandatory("to");
        }
        if (code.isEmpty()) {
            return HundredMs.mandatory("room_code");
        }
        if (trunkId.isEmpty()) {
            return HundredMs.mandatory("trunk_id");
        }
        if (Destination.read(to.get()).isEmpty()) {
            return Answer.problem(400, "to is no number and no SIP address");
        }
        Optional<RoomRow> room = aliases.room(code.get());
        CallOrder unplaced = Unplaced.order(to.get(), room.orElse(null), "", name, userId);
        Optional<String> role = room.flatMap(found -> role(found, code.get()));
        if (room.isEmpty() || role.isEmpty()) {
            var _ = Unplaced.list(calls, unplaced, Unplaced.noRoom(code.get()));
            return Answer.problem(404, "room code not found");
        }
        Optional<TrunkRow> trunk =
                aliases.trunk(trunkId.get())
                        .filter(row -> !row.trunk().direction().equals("inbound"));
        if (trunk.isEmpty()) {
            var _ = Unplaced.list(calls, unplaced, Unplaced.noTrunk(trunkId.get()));
            return Answer.problem(404, "trunk not found");
        }
        return answered(
                new CallOrder(
                        to.get(),
                        room.get(),
                        role.get(),
                        trunk.get().id(),
                        "",
                        name,
                        userId,
                        headers,
                        ringTimeout,
                        Duration.ZERO,
                        "",
                        false));
    }

    /** Of the code that was named; a disabled one leads nowhere. */
    private static Optional<String> role(RoomRow room, String named) {
        Optional<CodeRow> code =
                room.codes().stream().filter(c -> c.code().equalsIgnoreCase(named)).findFirst();
        return code.isEmpty()
                ? Optional.of("guest")
                : code.filter(CodeRow::enabled).map(CodeRow::role);
    }

    /** Reserved ones are left out; what would break the message is a fault. */
    private static Map<String, String> headers(Loose body) {
        Map<String, String> kept = new LinkedHashMap<>();
        body.map("headers", CustomHeaders.MOST)
                .forEach(
                        (name, value) -> {
                            if (!HEADER_NAME.matcher(name).matches()
                                    || value.length() > CustomHeaders.LONGEST_VALUE
                                    || value.chars().anyMatch(Character::isISOControl)) {
                                body.fault("invalid header");
                            } else if (CustomHeaders.fault(name, value).isEmpty()) {
                                kept.put(name, value);
                            }
                        });
        return kept;
    }

    private Answer answered(CallOrder order) throws InterruptedException {
        Placing placing = calls.place(order);
        try {
            return Await.on(placing.answered(), longest)
                    .map(OutboundCalls::failed)
                    .orElseGet(() -> Answer.json(200, Map.of("id", placing.callId())));
        } catch (TimeoutException overdue) {
            var _ = calls.hangUp(placing.callId());
            return failed(CallEnd.of(EndReason.NO_ANSWER));
        } catch (InterruptedException gone) {
            // nobody is there to be told who answered
            var _ = calls.hangUp(placing.callId());
            throw gone;
        }
    }

    private static Answer failed(CallEnd end) {
        String message =
                switch (end.reason()) {
                    case BUSY -> "busy";
                    case DECLINED -> "call declined";
                    case NO_ANSWER -> "timed out";
                    default -> end.text();
                };
        Map<String, Object> more = new LinkedHashMap<>();
        if (end.sipStatus() != 0) {
            more.put("sip_status", end.sipStatus());
        }
        more.put("reason", end.reason().label());
        more.put("culprit", end.culprit().label());
        int status = end.reason().httpStatus();
        return Answer.problem(status == 0 ? 502 : status, message, more);
    }

    // ---- keys

    /** Wants the token of who is in a room; its room's phones hear the keys. */
    public Answer press(Ask ask) throws TimeoutException, InterruptedException {
        String header = ask.header("authorization").orElse("");
        String token = header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7) : "";
        return switch (tokens.verify(token.strip())) {
            case JoinTokens.Verdict.Refused(String detail) ->
                    Answer.problem(401, detail).with("WWW-Authenticate", "Bearer");
            case JoinTokens.Verdict.Valid valid -> Loose.read(ask, body -> press(valid, body));
        };
    }

    private Answer press(JoinTokens.Verdict.Valid who, Loose body)
            throws TimeoutException, InterruptedException {
        List<String> digits = body.texts("digits", 64).orElse(List.of());
        if (body.fault().isPresent()) {
            return Answer.problem(400, body.fault().get());
        }
        if (digits.isEmpty()) {
            return Answer.problem(400, "digits are mandatory");
        }
        if (!digits.stream().allMatch(digit -> digit.matches("[0-9*#A-Da-d]"))) {
            return Answer.problem(400, "invalid digit");
        }
        Optional<RoomRow> room = aliases.room(who.room());
        if (room.isEmpty()) {
            return Answer.problem(404, "room not found");
        }
        for (ParticipantView person : Await.on(rooms.participants(room.get().id()))) {
            String call = person.call();
            if (call != null) {
                // one that is not answered yet, or takes no keys, does not keep others from them
                var _ =
                        Await.on(
                                calls.press(
                                        call, String.join("", digits), TONE_MILLIS, GAP_MILLIS));
            }
        }
        return Answer.json(200, Map.of());
    }
}

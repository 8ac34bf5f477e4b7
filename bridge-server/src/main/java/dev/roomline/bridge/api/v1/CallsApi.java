package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Answer.Fault;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Bodies;
import dev.roomline.bridge.api.Fields;
import dev.roomline.bridge.api.Paging;
import dev.roomline.bridge.api.Query;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/calls}: the store's records, each overlaid by what the live call knows now. Virtual
 * threads.
 */
public final class CallsApi {
    private static final int ID = 80;
    private static final List<String> STATES =
            List.of("dialing", "ringing", "answered", "ended", "refused");
    private static final List<String> DIRECTIONS = List.of("inbound", "outbound");
    private static final List<String> CULPRITS =
            Arrays.stream(EndReason.Culprit.values()).map(EndReason.Culprit::label).toList();

    private final Calls calls;
    private final Rooms rooms;
    private final LiveCalls live;

    public CallsApi(Calls calls, Rooms rooms, LiveCalls live) {
        this.calls = calls;
        this.rooms = rooms;
        this.live = live;
    }

    public Answer list(Ask ask) throws TimeoutException, InterruptedException {
        Query query = new Query(ask);
        Paging paging = Paging.of(query);
        Calls.Filter filter = filter(query);
        List<Fault> faults = query.finish();
        if (!faults.isEmpty()) {
            return Answer.invalid(faults);
        }
        Map<String, CallRow> now = new LinkedHashMap<>();
        Await.on(live.list()).forEach(row -> now.put(row.id(), row));
        Page<CallRow> stored = calls.list(filter, paging.after(), paging.limit());
        List<CallRow> rows = new ArrayList<>();
        for (CallRow row : stored.items()) {
            rows.add(Objects.requireNonNullElse(now.remove(row.id()), row));
        }
        rows.removeIf(row -> !matches(row, filter));
        if (paging.after() == null) {
            // what no page would hold: without a record yet, or with one that says otherwise still
            now.values().stream()
                    .filter(row -> matches(row, filter) && !isFound(row.id(), filter))
                    .forEach(rows::add);
        }
        rows.sort(Comparator.comparing(CallRow::startedAt).thenComparing(CallRow::id).reversed());
        return Paging.answer(new Page<>(rows, stored.next()), Views::call);
    }

    private Calls.Filter filter(Query query) {
        String room = query.text("room", ID).orElse(null);
        String trunk = query.text("trunk", ID).orElse(null);
        String state = query.oneOf("state", STATES).orElse(null);
        String culprit = query.oneOf("culprit", CULPRITS).orElse(null);
        String direction = query.oneOf("direction", DIRECTIONS).orElse(null);
        Instant since = query.time("since").orElse(null);
        Instant until = query.time("until").orElse(null);
        if (since != null && until != null && until.isBefore(since)) {
            query.fault("until", "must not be before since");
        }
        return new Calls.Filter(
                room == null ? null : rooms.find(room).map(RoomRow::id).orElse(room),
                trunk,
                state,
                culprit,
                direction,
                since,
                until);
    }

    private boolean isFound(String id, Calls.Filter filter) {
        return calls.find(id).filter(stored -> matches(stored, filter)).isPresent();
    }

    private static boolean matches(CallRow row, Calls.Filter filter) {
        Instant since = filter.since();
        Instant until = filter.until();
        return fits(filter.room(), row.room())
                && fits(filter.trunk(), row.trunk())
                && fits(filter.state(), row.state())
                && fits(filter.culprit(), row.endCulprit())
                && fits(filter.direction(), row.direction())
                && (since == null || !row.startedAt().isBefore(since))
                && (until == null || row.startedAt().isBefore(until));
    }

    private static boolean fits(@Nullable String wanted, @Nullable String there) {
        return wanted == null || wanted.equals(there);
    }

    public Answer get(Ask ask) throws TimeoutException, InterruptedException {
        String id = ask.path("call");
        Optional<CallRow> now = Await.on(live.get(id));
        return (now.isPresent() ? now : calls.find(id))
                .map(row -> Answer.json(200, Views.call(row)))
                .orElseGet(CallsApi::unknown);
    }

    private static Answer unknown() {
        return Answer.problem(404, "There is no such call.");
    }

    /** Keys to be pressed. */
    private record Keys(String digits, int toneMillis, int gapMillis) {}

    /** {@code POST …/dtmf}. */
    public Answer press(Ask ask) throws TimeoutException, InterruptedException {
        return switch (Bodies.object(ask, CallsApi::keys)) {
            case Bodies.Read.Bad<Keys>(Answer answer) -> answer;
            case Bodies.Read.Good<Keys>(Keys keys) -> press(ask.path("call"), keys);
        };
    }

    private static Keys keys(Fields fields) {
        Optional<String> digits = fields.text("digits", 64);
        if (digits.isEmpty() || !PlacingApi.areKeys(digits.get())) {
            fields.fault("digits", PlacingApi.KEYS_EXPECTED);
        }
        return new Keys(
                digits.orElse(""),
                fields.integer("tone_ms", 40, 5000).orElse(100),
                fields.integer("gap_ms", 40, 5000).orElse(100));
    }

    private Answer press(String id, Keys keys) throws TimeoutException, InterruptedException {
        return switch (Await.on(live.press(id, keys.digits, keys.toneMillis, keys.gapMillis))) {
            case DONE -> Answer.noContent();
            case NOT_TALKING -> Answer.problem(409, "The call is not answered.");
            case NOT_TAKEN -> Answer.problem(409, "Too many keys wait to be pressed.");
            case NO_SUCH_CALL ->
                    calls.find(id).isPresent()
                            ? Answer.problem(409, "The call is over already.")
                            : unknown();
        };
    }

    public Answer hangUp(Ask ask) throws TimeoutException, InterruptedException {
        String id = ask.path("call");
        if (Await.on(live.hangUp(id))) {
            return Answer.noContent();
        }
        return calls.find(id).isPresent()
                ? Answer.problem(409, "The call is over already.")
                : unknown();
    }
}

package dev.roomline.bridge.api.indus;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.Unplaced;
import dev.roomline.bridge.auth.Caller;
import dev.roomline.bridge.auth.TokenMint;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.config.Arguments.TokenRequest;
import dev.roomline.bridge.outbound.Destination;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls;
import dev.roomline.bridge.store.Names;
import dev.roomline.bridge.store.Passthrough;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.store.TrunkRow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /call/…}: a call is ordered into a room of its own, whose token is answered at once; how
 * it goes is asked of the queue and of the records. Virtual threads.
 */
public final class PassthroughCalls {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_METADATA = 4096;
    private static final int MOST_IN_ROOM = 10;
    private static final int USUAL_LIMIT = 10;
    private static final int MOST = 100;
    private static final int LAST_PAGE = 100_000;
    private static final String ROLE = "guest";

    /** An order whose call was never placed: the server died between the two. */
    private static final Duration NEVER_PLACED = Duration.ofMinutes(1);

    private final Rooms rooms;
    private final Calls calls;
    private final Passthrough passthrough;
    private final LiveCalls live;
    private final Aliases aliases;
    private final TokenMint tokens;
    private final Duration ringTimeout;
    private final Duration tokenLife;
    private final InstantSource clock;

    /**
     * @param ringTimeout {@code limits.ring_timeout}
     * @param tokenLife for how long one may join with a token
     */
    public PassthroughCalls(
            Store store,
            LiveCalls live,
            Aliases aliases,
            Duration ringTimeout,
            Duration tokenLife,
            InstantSource clock) {
        this.rooms = store.rooms();
        this.calls = store.calls();
        this.passthrough = store.passthrough();
        this.live = live;
        this.aliases = aliases;
        this.tokens = new TokenMint(store.apiKeys(), clock);
        this.ringTimeout = ringTimeout;
        this.tokenLife = tokenLife;
        this.clock = clock;
    }

    public Answer place(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(ask, body -> place(ask.caller().orElseThrow(), body));
    }

    private Answer place(Caller caller, Loose body) throws TimeoutException, InterruptedException {
        Optional<String> trunkId = body.text("trunk_id", 64);
        Optional<String> to = body.text("to_number", 64);
        String metadata = body.value("metadata").map(JSON::writeValueAsString).orElse("");
        if (trunkId.isEmpty()) {
            body.fault("trunk_id is required");
        }
        if (to.isEmpty()) {
            body.fault("to_number is required");
        } else if (!(Destination.read(to.get()).orElse(null) instanceof Destination.Dialled)) {
            body.fault("to_number must be a telephone number such as +15551234567");
        }
        if (metadata.getBytes(StandardCharsets.UTF_8).length > MOST_METADATA) {
            body.fault("metadata must have at most " + MOST_METADATA + " octets as JSON");
        }
        if (body.fault().isPresent()) {
            return Indus.invalid(body.fault().get());
        }
        Optional<TrunkRow> trunk =
                aliases.trunk(trunkId.orElseThrow())
                        .filter(row -> !row.trunk().direction().equals("inbound"));
        if (trunk.isEmpty()) {
            CallOrder unplaced = Unplaced.order(to.orElseThrow(), null, "", "", "");
            var _ = Unplaced.list(live, unplaced, Unplaced.noTrunk(trunkId.orElseThrow()));
            return PassthroughTrunks.deactivated(passthrough, trunkId.orElseThrow()).isPresent()
                    ? Indus.invalid("Trunk is deactivated")
                    : Indus.noTrunk();
        }
        return queued(caller, trunk.get(), to.orElseThrow(), metadata);
    }

    private Answer queued(Caller caller, TrunkRow trunk, String to, String metadata)
            throws TimeoutException, InterruptedException {
        String queueId = Names.id("queue");
        String name = "call-" + queueId.substring(queueId.indexOf('_') + 1);
        RoomRow room =
                rooms.createForCall(
                        new Rooms.NewRoom(name, List.of(), "token", MOST_IN_ROOM, List.of(), true));
        boolean placed = false;
        try {
            TokenMint.Minted minted = token(caller, room);
            if (!(minted instanceof TokenMint.Minted.Token(String token))) {
                return Answer.problem(
                        409, "The API key of this token has no secret to sign a room_token with.");
            }
            // before anybody is called: the end is told by what stands here
            passthrough.add(
                    new Passthrough.Call(
                            queueId,
                            room.id(),
                            name,
                            trunk.id(),
                            to,
                            metadata,
                            webhook(trunk),
                            clock.instant()));
            var placing = live.place(order(to, room, trunk));
            placed = true;
            var _ = Await.on(placing.recorded());
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("queue_id", queueId);
            data.put("room_name", name);
            data.put("room_token", token);
            data.put("call_id", placing.callId());
            data.put("status", "queued");
            return Indus.done(202, "Call queued successfully", data);
        } finally {
            if (!placed) {
                var _ = rooms.delete(room.id());
            }
        }
    }

    private TokenMint.Minted token(Caller caller, RoomRow room) {
        return tokens.mint(
                new TokenRequest(Optional.of(caller.key()), "app", room.id(), "", ROLE, tokenLife));
    }

    private String webhook(TrunkRow trunk) {
        return passthrough.trunks().stream()
                .filter(known -> known.id().equals(trunk.id()))
                .map(Passthrough.Trunk::webhook)
                .findFirst()
                .orElse("");
    }

    private CallOrder order(String to, RoomRow room, TrunkRow trunk) {
        return new CallOrder(
                to,
                room,
                ROLE,
                trunk.id(),
                "",
                "",
                "",
                Map.of(),
                ringTimeout,
                Duration.ZERO,
                "",
                true);
    }

    // ---- how it goes

    public Answer queue(Ask ask) throws TimeoutException, InterruptedException {
        Optional<Passthrough.Call> order = passthrough.call(ask.path("queue"));
        if (order.isEmpty()) {
            return Answer.problem(404, "Queue not found");
        }
        Optional<CallRow> row = call(order.get());
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("queue_id", order.get().id());
        data.put("status", row.map(call -> CallStatus.of(call).label()).orElse(waits(order.get())));
        data.put("room_name", order.get().roomName());
        data.put("trunk_id", Aliases.st12(order.get().trunk()));
        data.put("to_number", order.get().to());
        data.put("metadata", CallView.metadata(order.get()));
        data.put("created_at", Indus.time(order.get().createdAt()));
        row.ifPresent(call -> CallView.of(call, order.get()).forEach(data::putIfAbsent));
        return Indus.done(200, "Queue details fetched successfully", data);
    }

    private String waits(Passthrough.Call order) {
        Instant given = order.createdAt().plus(NEVER_PLACED);
        return clock.instant().isBefore(given) ? "queued" : CallStatus.FAILED.label();
    }

    /** The first that was placed into its room. */
    private Optional<CallRow> call(Passthrough.Call order)
            throws TimeoutException, InterruptedException {
        Calls.Filter filter =
                new Calls.Filter(order.room(), null, null, null, "outbound", null, null);
        List<CallRow> stored = calls.list(filter, null, MOST_IN_ROOM).items();
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        CallRow row = stored.getLast();
        return Optional.of(Await.on(live.get(row.id())).orElse(row));
    }

    /** {@code ?to_number=&call_status=&page=&limit=}. */
    public Answer records(Ask ask) throws TimeoutException, InterruptedException {
        Optional<Integer> page = number(ask, "page", 1, LAST_PAGE);
        Optional<Integer> limit = number(ask, "limit", USUAL_LIMIT, MOST);
        if (page.isEmpty() || limit.isEmpty()) {
            return Indus.invalid(
                    page.isEmpty()
                            ? "page must be a number from 1 to " + LAST_PAGE
                            : "limit must be a number from 1 to " + MOST);
        }
        Optional<CallStatus> status = ask.query("call_status").flatMap(CallStatus::named);
        if (ask.query("call_status").isPresent() && status.isEmpty()) {
            return Indus.invalid("call_status must be one of " + CallStatus.labels());
        }
        Calls.Slice slice =
                calls.placed(
                        new Calls.Placed(
                                numbers(ask.query("to_number")),
                                status.map(CallStatus::progress).orElse(Calls.Placed.Progress.ANY),
                                status.map(CallStatus::reasons).orElse(Set.of())),
                        (page.get() - 1) * limit.get(),
                        limit.get());
        Map<String, Object> pagination = new LinkedHashMap<>();
        pagination.put("page", page.get());
        pagination.put("limit", limit.get());
        pagination.put("total", slice.total());
        pagination.put("total_pages", (slice.total() + limit.get() - 1) / limit.get());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("records", views(slice.rows(), status));
        data.put("pagination", pagination);
        return Indus.done(200, "Call records fetched successfully", data);
    }

    private static Optional<Integer> number(Ask ask, String name, int usual, int most) {
        String text = ask.query(name).orElse(Integer.toString(usual));
        return text.matches("[1-9]\\d{0,5}") && Integer.parseInt(text) <= most
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
    }

    /** Records write {@code +} and the country code; a plus sign in a query may come as a space. */
    private static Set<String> numbers(Optional<String> asked) {
        Set<String> numbers = new LinkedHashSet<>();
        asked.map(String::strip)
                .ifPresent(
                        text -> {
                            numbers.add(text);
                            numbers.add(text.startsWith("+") ? text : "+" + text);
                        });
        return numbers;
    }

    /** What lives is told as it is now. */
    private List<Map<String, @Nullable Object>> views(
            List<CallRow> rows, Optional<CallStatus> wanted)
            throws TimeoutException, InterruptedException {
        Map<String, CallRow> now =
                Await.on(live.list()).stream()
                        .collect(Collectors.toMap(CallRow::id, Function.identity()));
        Map<String, Passthrough.Call> orders =
                passthrough
                        .ofRooms(
                                rows.stream()
                                        .map(CallRow::room)
                                        .filter(Objects::nonNull)
                                        .collect(Collectors.toSet()))
                        .stream()
                        .collect(Collectors.toMap(Passthrough.Call::room, Function.identity()));
        List<Map<String, @Nullable Object>> views = new ArrayList<>();
        for (CallRow stored : rows) {
            CallRow row = now.getOrDefault(stored.id(), stored);
            if (wanted.isEmpty() || CallStatus.of(row) == wanted.get()) {
                views.add(CallView.of(row, row.room() == null ? null : orders.get(row.room())));
            }
        }
        return views;
    }
}

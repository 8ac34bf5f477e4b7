package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Answer.Fault;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.EventStream;
import dev.roomline.bridge.api.Query;
import dev.roomline.bridge.auth.Caller;
import dev.roomline.bridge.auth.Credentials;
import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.EventBus;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import dev.roomline.bridge.store.StoreException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** {@code /v1/events}: what happens, as it happens. Virtual threads. */
public final class EventsApi {
    private static final int READERS = 200;
    private static final int TYPES = 1000;
    private static final int ID = 80;

    private final EventBus bus;
    private final Rooms rooms;
    private final Credentials credentials;
    private final Counters counters;
    private final AtomicInteger readers = new AtomicInteger();

    public EventsApi(EventBus bus, Rooms rooms, Credentials credentials, Counters counters) {
        this.bus = bus;
        this.rooms = rooms;
        this.credentials = credentials;
        this.counters = counters;
    }

    /** How many read now. */
    public int readers() {
        return readers.get();
    }

    public Answer stream(Ask ask) {
        Query query = new Query(ask);
        List<String> patterns =
                query.text("types", TYPES)
                        .map(types -> Arrays.asList(types.split(",", -1)))
                        .orElse(List.of("*"));
        if (!patterns.stream().allMatch(EventType::isPattern)) {
            query.fault(
                    "types",
                    "must be types such as call.ended, families such as call.*, or *, with commas");
        }
        Optional<String> room = query.text("room", ID);
        List<Fault> faults = query.finish();
        if (!faults.isEmpty()) {
            return Answer.invalid(faults);
        }
        Set<EventType> types = allowed(patterns, ask.caller().orElseThrow());
        if (types.isEmpty()) {
            return Answer.problem(403, "This key lacks the scope for these types of events.");
        }
        Optional<String> roomId = room.flatMap(rooms::find).map(RoomRow::id);
        if (room.isPresent() && roomId.isEmpty()) {
            return RoomsApi.unknown();
        }
        if (ask.method().equals("HEAD")) {
            return Answer.text(200, "text/event-stream", "");
        }
        if (readers.incrementAndGet() > READERS) {
            readers.decrementAndGet();
            return Answer.problem(503, "There are " + READERS + " readers of events already.")
                    .retryAfter(Duration.ofSeconds(10));
        }
        Predicate<Event> wanted =
                event ->
                        types.contains(event.type())
                                && (roomId.isEmpty() || roomId.get().equals(event.what().room()));
        return Answer.stream(
                "text/event-stream",
                new EventStream(
                        bus,
                        wanted,
                        start(ask.header("last-event-id").filter(id -> !id.isEmpty())),
                        welcome(ask),
                        counters,
                        readers::decrementAndGet));
    }

    private static Set<EventType> allowed(List<String> patterns, Caller caller) {
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        for (EventType type : EventType.values()) {
            if (patterns.stream().anyMatch(type::matches) && caller.may(type.scope(), true)) {
                types.add(type);
            }
        }
        return types;
    }

    /** Behind the event that it has seen, from the oldest that is kept, or from now on. */
    private EventStream.Start start(Optional<String> lastEventId) {
        if (lastEventId.isEmpty()) {
            return new EventStream.Start(bus.told(), false);
        }
        OptionalLong seen = bus.sequenceOf(lastEventId.get());
        long after = seen.orElse(0);
        return switch (bus.readTold(after, 1)) {
            case EventBus.Reading.Events _ -> new EventStream.Start(after, seen.isEmpty());
            case EventBus.Reading.Lost(long oldest) -> new EventStream.Start(oldest - 1, true);
        };
    }

    /** While the store is away nobody is sent away. */
    private BooleanSupplier welcome(Ask ask) {
        String header = ask.header("authorization").orElse("");
        return () -> {
            try {
                return credentials.check(header) instanceof Credentials.Verdict.Known;
            } catch (StoreException away) {
                return true;
            }
        };
    }
}

package dev.roomline.bridge.entry;

import dev.roomline.bridge.config.Declared.Route;
import dev.roomline.bridge.config.Entries;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.RouteRow;
import dev.roomline.bridge.store.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where numbers lead. Blocks: virtual threads only. */
public final class RouteEntries implements Ledger<RouteRow, RouteRow> {
    private static final List<String> WAYS = List.of("room", "ask", "webhook");

    private final Store store;
    private final Plan plan;

    public RouteEntries(Store store, Plan plan) {
        this.store = store;
        this.plan = plan;
    }

    @Override
    public Page<RouteRow> list(Page.@Nullable Cursor after, int limit) {
        return store.routes().list(after, limit);
    }

    @Override
    public Optional<RouteRow> find(String id) {
        return store.routes().find(id);
    }

    @Override
    public Result<RouteRow> create(Map<String, ?> fields) {
        return switch (Entries.route(Given.of(fields))) {
            case Entries.Read.Bad<Route>(var faults) -> new Result.Invalid<>(faults);
            case Entries.Read.Good<Route>(var route) ->
                    led(route, "").orElseGet(() -> put(store.routes().create(route)));
        };
    }

    /** Another way of the three takes the place of the one that was. */
    @Override
    public Result<RouteRow> update(String id, Map<String, ?> patch) {
        Optional<RouteRow> was = store.routes().find(id);
        if (was.isEmpty()) {
            return new Result.Missing<>();
        }
        Map<String, Object> wanted = fields(was.get().route());
        if (WAYS.stream().anyMatch(Given.of(patch)::containsKey)) {
            wanted.keySet().removeAll(WAYS);
        }
        Given.patch(wanted, patch);
        return switch (Entries.route(wanted)) {
            case Entries.Read.Bad<Route>(var faults) -> new Result.Invalid<>(faults);
            case Entries.Read.Good<Route>(var route) ->
                    led(route, id)
                            .orElseGet(
                                    () -> put(store.routes().update(id, _ -> Optional.of(route))));
        };
    }

    /** All fields that are set. */
    public static Map<String, Object> fields(Route route) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("number", route.number());
        fields.put("trunk", route.trunk());
        fields.put("room", route.room());
        fields.put("ask", route.ask());
        fields.put("webhook", route.webhook());
        fields.values().removeIf(""::equals);
        return fields;
    }

    /** What another route of the same number says, however it is written. */
    private Optional<Result<RouteRow>> led(Route wanted, String self) {
        return store.routes().all().stream()
                .filter(row -> !row.id().equals(self))
                .filter(row -> row.route().trunk().equals(wanted.trunk()))
                .filter(row -> digits(row.route().number()).equals(digits(wanted.number())))
                .findFirst()
                .map(row -> new Result.Taken<>(row.route().number()));
    }

    private static String digits(String number) {
        return number.replaceAll("\\D", "");
    }

    /** The row itself is there: what is missing is its trunk. */
    private Result<RouteRow> put(Change<RouteRow> change) {
        if (change instanceof Change.Missing<RouteRow>) {
            return Result.invalid("trunk", "the id of a trunk");
        }
        return inForce(Result.of(change, row -> row));
    }

    @Override
    public Result<RouteRow> delete(String id) {
        return inForce(Result.of(store.routes().delete(id), row -> row));
    }

    private Result<RouteRow> inForce(Result<RouteRow> result) {
        if (result instanceof Result.Done<RouteRow>) {
            plan.refresh();
        }
        return result;
    }
}

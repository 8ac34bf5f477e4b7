package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.entry.RouteEntries;
import dev.roomline.bridge.store.RouteRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Routes of numbers as the API shows them. */
record RouteKind(RouteEntries entries) implements Kind<RouteRow, RouteRow> {
    @Override
    public String path() {
        return "/v1/routes";
    }

    @Override
    public String noun() {
        return "route";
    }

    @Override
    public RouteRow row(RouteRow made) {
        return made;
    }

    @Override
    public Map<String, Object> secrets(RouteRow made) {
        return Map.of();
    }

    @Override
    public String id(RouteRow row) {
        return row.id();
    }

    @Override
    public Function<RouteRow, Map<String, Object>> view(List<RouteRow> rows) {
        return row -> {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("id", row.id());
            view.putAll(RouteEntries.fields(row.route()));
            view.put("created_at", Views.time(row.createdAt()));
            view.put("source", row.source());
            return view;
        };
    }
}

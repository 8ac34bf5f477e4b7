package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.config.Entries;
import dev.roomline.bridge.entry.TrunkEntries;
import dev.roomline.bridge.entry.TrunkStates;
import dev.roomline.bridge.store.TrunkRow;
import dev.roomline.bridge.trace.Redaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Trunks as the API shows them: with how they are doing, and without what is secret. */
record TrunkKind(TrunkEntries entries, TrunkStates states) implements Kind<TrunkRow, TrunkRow> {
    @Override
    public String path() {
        return "/v1/trunks";
    }

    @Override
    public String noun() {
        return "trunk";
    }

    @Override
    public TrunkRow row(TrunkRow made) {
        return made;
    }

    @Override
    public Map<String, Object> secrets(TrunkRow made) {
        return Map.of();
    }

    @Override
    public String id(TrunkRow row) {
        return row.id();
    }

    @Override
    public Function<TrunkRow, Map<String, Object>> view(List<TrunkRow> rows)
            throws TimeoutException, InterruptedException {
        Map<String, TrunkStates.State> now = Await.on(states.states());
        return row -> view(row, now.getOrDefault(row.id(), TrunkStates.State.UNKNOWN));
    }

    private static Map<String, Object> view(TrunkRow row, TrunkStates.State now) {
        Map<String, Object> view = Entries.fields(row.trunk());
        Map<String, Object> required = new LinkedHashMap<>();
        row.trunk().requireHeaders().keySet().forEach(n -> required.put(n, Redaction.HIDDEN));
        view.put("require_headers", required);
        view.put("state", now.state());
        view.put("registered", now.registered());
        view.put("active_calls", now.activeCalls());
        view.put("last_error", now.lastError().isEmpty() ? null : now.lastError());
        view.put("created_at", Views.time(row.createdAt()));
        view.put("source", row.source());
        return view;
    }
}

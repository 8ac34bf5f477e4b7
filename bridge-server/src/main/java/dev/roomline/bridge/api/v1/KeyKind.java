package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.entry.KeyEntries;
import dev.roomline.bridge.store.ApiKeyRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Keys of the API as it shows them. */
record KeyKind(KeyEntries entries) implements Kind<ApiKeyRow, KeyEntries.Made> {
    @Override
    public String path() {
        return "/v1/keys";
    }

    @Override
    public String noun() {
        return "key";
    }

    @Override
    public ApiKeyRow row(KeyEntries.Made made) {
        return made.row();
    }

    @Override
    public Map<String, Object> secrets(KeyEntries.Made made) {
        Map<String, Object> secrets = new LinkedHashMap<>();
        secrets.put("secret", made.secret().value());
        secrets.put("token", made.token().value());
        return secrets;
    }

    @Override
    public String id(ApiKeyRow row) {
        return row.id();
    }

    @Override
    public Function<ApiKeyRow, Map<String, Object>> view(List<ApiKeyRow> rows) {
        return row -> {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("id", row.id());
            view.put("key", row.key());
            view.put("name", row.name());
            view.put(
                    "scopes",
                    row.scopes().stream().map(s -> s.name().toLowerCase(Locale.ROOT)).toList());
            view.put("created_at", Views.time(row.createdAt()));
            view.put("source", row.source());
            return view;
        };
    }
}

package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.entry.AccountEntries;
import dev.roomline.bridge.store.AccountRow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Accounts as the API shows them. */
record AccountKind(AccountEntries entries) implements Kind<AccountRow, AccountEntries.Made> {
    @Override
    public String path() {
        return "/v1/accounts";
    }

    @Override
    public String noun() {
        return "account";
    }

    @Override
    public AccountRow row(AccountEntries.Made made) {
        return made.row();
    }

    @Override
    public Map<String, Object> secrets(AccountEntries.Made made) {
        return Map.of("password", made.password().value());
    }

    @Override
    public String id(AccountRow row) {
        return row.id();
    }

    @Override
    public Function<AccountRow, Map<String, Object>> view() {
        return row -> {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("id", row.id());
            view.put("username", row.username());
            view.put("rooms", row.rooms());
            view.put("created_at", Views.time(row.createdAt()));
            view.put("source", row.source());
            return view;
        };
    }
}

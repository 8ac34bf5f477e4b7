package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.entry.AccountEntries;
import dev.roomline.bridge.entry.AccountStates;
import dev.roomline.bridge.entry.RegisteredPhone;
import dev.roomline.bridge.store.AccountRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Accounts as the API shows them: with the phones that are registered for them. */
record AccountKind(AccountEntries entries, AccountStates states)
        implements Kind<AccountRow, AccountEntries.Made> {
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
    public Function<AccountRow, Map<String, Object>> view(List<AccountRow> rows)
            throws TimeoutException, InterruptedException {
        Map<String, List<RegisteredPhone>> now =
                Await.on(states.phones(rows.stream().map(AccountRow::username).toList()));
        return row -> view(row, now.getOrDefault(row.username(), List.of()));
    }

    private static Map<String, Object> view(AccountRow row, List<RegisteredPhone> phones) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", row.id());
        view.put("username", row.username());
        view.put("rooms", row.rooms());
        view.put("registered", !phones.isEmpty());
        view.put("phones", phones.stream().map(AccountKind::phone).toList());
        view.put("created_at", Views.time(row.createdAt()));
        view.put("source", row.source());
        return view;
    }

    private static Map<String, Object> phone(RegisteredPhone phone) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("contact", phone.contact());
        view.put("transport", phone.transport());
        view.put("source", phone.source());
        view.put("user_agent", phone.userAgent());
        view.put("expires_at", Views.time(phone.expiresAt()));
        return view;
    }
}

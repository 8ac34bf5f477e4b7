package dev.roomline.bridge.entry;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Entries;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.ApiKeyRow;
import dev.roomline.bridge.store.ApiKeys;
import dev.roomline.bridge.store.Names;
import dev.roomline.bridge.store.Page;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keys of the API. Blocks: virtual threads only. */
public final class KeyEntries implements Ledger<ApiKeyRow, KeyEntries.Made> {
    private static final int SECRET = 48;
    private static final int TOKEN = 40;

    private final ApiKeys keys;

    public KeyEntries(ApiKeys keys) {
        this.keys = keys;
    }

    /**
     * @param secret signs JWTs; shown this once
     * @param token the bearer token; shown this once
     */
    public record Made(ApiKeyRow row, Secret secret, Secret token) {}

    @Override
    public Page<ApiKeyRow> list(Page.@Nullable Cursor after, int limit) {
        return keys.list(after, limit);
    }

    @Override
    public Optional<ApiKeyRow> find(String id) {
        return keys.find(id);
    }

    /** What is not given of key, secret and token is made; scopes must be given. */
    @Override
    public Result<Made> create(Map<String, ?> fields) {
        Map<String, Object> wanted = new LinkedHashMap<>(Given.of(fields));
        wanted.putIfAbsent("key", Names.id("key"));
        wanted.putIfAbsent("secret", Names.secret(SECRET));
        wanted.putIfAbsent("token", "rl_" + Names.secret(TOKEN));
        return switch (Entries.key(wanted)) {
            case Entries.Read.Bad<Declared.Key>(var faults) -> new Result.Invalid<>(faults);
            case Entries.Read.Good<Declared.Key>(var key) ->
                    wanted.containsKey("scopes") && !key.scopes().isEmpty()
                            ? Result.of(
                                    keys.create(
                                            key.key(),
                                            key.secret(),
                                            key.token(),
                                            key.name(),
                                            key.scopes()),
                                    row -> new Made(row, key.secret(), key.token()))
                            : Result.invalid("scopes", "any of admin, rooms, calls, read");
        };
    }

    /**
     * @param patch {@code name} and {@code scopes}
     */
    @Override
    public Result<ApiKeyRow> update(String id, Map<String, ?> patch) {
        for (String fixed : new String[] {"key", "secret", "token"}) {
            if (patch.containsKey(fixed)) {
                return Result.invalid(fixed, "to be left out: it cannot be changed");
            }
        }
        Optional<ApiKeyRow> was = keys.find(id);
        if (was.isEmpty()) {
            return new Result.Missing<>();
        }
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("key", was.get().key());
        wanted.put("token", "as it was, whatever");
        wanted.put("name", was.get().name());
        wanted.put(
                "scopes",
                was.get().scopes().stream().map(s -> s.name().toLowerCase(Locale.ROOT)).toList());
        Given.patch(wanted, patch);
        return switch (Entries.key(wanted)) {
            case Entries.Read.Bad<Declared.Key>(var faults) -> new Result.Invalid<>(faults);
            case Entries.Read.Good<Declared.Key>(var key) ->
                    wanted.containsKey("scopes") && !key.scopes().isEmpty()
                            ? Result.of(
                                    keys.update(
                                            id, Optional.of(key.name()), Optional.of(key.scopes())),
                                    row -> row)
                            : Result.invalid("scopes", "any of admin, rooms, calls, read");
        };
    }

    @Override
    public Result<ApiKeyRow> delete(String id) {
        return Result.of(keys.delete(id), row -> row);
    }
}

package dev.roomline.bridge.entry;

import dev.roomline.bridge.config.Declared;
import dev.roomline.bridge.config.Entries;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.store.AccountRow;
import dev.roomline.bridge.store.Accounts;
import dev.roomline.bridge.store.Names;
import dev.roomline.bridge.store.Page;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Accounts of phones. Blocks: virtual threads only. */
public final class AccountEntries implements Ledger<AccountRow, AccountEntries.Made> {
    private static final int PASSWORD = 20;

    private final Accounts accounts;
    private final String realm;
    private final Consumer<String> changed;

    /**
     * @param realm that passwords are hashed with
     * @param changed told the user name whose credentials are not what they were
     */
    public AccountEntries(Accounts accounts, String realm, Consumer<String> changed) {
        this.accounts = accounts;
        this.realm = realm;
        this.changed = changed;
    }

    /**
     * @param password shown this once
     */
    public record Made(AccountRow row, Secret password) {}

    @Override
    public Page<AccountRow> list(Page.@Nullable Cursor after, int limit) {
        return accounts.list(after, limit);
    }

    @Override
    public Optional<AccountRow> find(String id) {
        return accounts.find(id);
    }

    /** Without a password one is made. */
    @Override
    public Result<Made> create(Map<String, ?> fields) {
        Map<String, Object> wanted = new LinkedHashMap<>(Given.of(fields));
        wanted.putIfAbsent("password", Names.secret(PASSWORD));
        return switch (Entries.account(wanted)) {
            case Entries.Read.Bad<Declared.Account>(var faults) -> new Result.Invalid<>(faults);
            case Entries.Read.Good<Declared.Account>(var account) ->
                    Result.of(
                            accounts.create(
                                    account.username(), realm, account.password(), account.rooms()),
                            row -> new Made(row, account.password()));
        };
    }

    /**
     * @param patch {@code password} and {@code rooms}; null sets the default
     */
    @Override
    public Result<AccountRow> update(String id, Map<String, ?> patch) {
        if (patch.containsKey("username")) {
            return Result.invalid("username", "to be left out: it cannot be changed");
        }
        Optional<AccountRow> was = accounts.find(id);
        if (was.isEmpty()) {
            return new Result.Missing<>();
        }
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("username", was.get().username());
        wanted.put("password", "as it was");
        wanted.put("rooms", was.get().rooms());
        Given.patch(wanted, patch);
        wanted.putIfAbsent("password", "as it was");
        return switch (Entries.account(wanted)) {
            case Entries.Read.Bad<Declared.Account>(var faults) -> new Result.Invalid<>(faults);
            case Entries.Read.Good<Declared.Account>(var account) ->
                    updated(id, account, Given.of(patch).containsKey("password"));
        };
    }

    private Result<AccountRow> updated(String id, Declared.Account wanted, boolean newPassword) {
        Optional<Secret> password = Optional.of(wanted.password()).filter(_ -> newPassword);
        Result<AccountRow> result =
                Result.of(
                        accounts.update(id, realm, password, Optional.of(wanted.rooms())),
                        row -> row);
        if (newPassword && result instanceof Result.Done<AccountRow>) {
            changed.accept(wanted.username());
        }
        return result;
    }

    @Override
    public Result<AccountRow> delete(String id) {
        Result<AccountRow> result = Result.of(accounts.delete(id), row -> row);
        if (result instanceof Result.Done<AccountRow>(AccountRow row)) {
            changed.accept(row.username());
        }
        return result;
    }
}

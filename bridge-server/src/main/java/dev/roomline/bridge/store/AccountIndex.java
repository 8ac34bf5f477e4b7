package dev.roomline.bridge.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Every account by its user name, in memory: a call that brings credentials is judged without the
 * database. It holds all of them, since a name that nobody has must be answered as fast as one that
 * somebody has. All changes go through here, one at a time; after one of which nobody knows whether
 * it was committed, the database is asked until all have been read again. Thread-safe.
 */
final class AccountIndex {
    private final ReentrantLock changes = new ReentrantLock();
    private volatile Map<String, AccountRow> byUsername = Map.of();
    private volatile boolean sure;

    Recalled<AccountRow> recall(String username) {
        return sure
                ? new Recalled.Known<>(Optional.ofNullable(byUsername.get(username)))
                : new Recalled.Unknown<>();
    }

    /** Reads all, unless somebody changes or reads them just now. */
    void fill(Supplier<List<AccountRow>> all) {
        if (!changes.tryLock()) {
            return;
        }
        try {
            Map<String, AccountRow> read = new ConcurrentHashMap<>();
            all.get().forEach(account -> read.put(account.username(), account));
            byUsername = read;
            sure = true;
        } finally {
            changes.unlock();
        }
    }

    /** One account is made or changed. */
    Change<AccountRow> put(Supplier<Change<AccountRow>> change) {
        return changed(change, false);
    }

    Change<AccountRow> remove(Supplier<Change<AccountRow>> change) {
        return changed(change, true);
    }

    private Change<AccountRow> changed(Supplier<Change<AccountRow>> change, boolean gone) {
        changes.lock();
        try {
            Change<AccountRow> outcome = change.get();
            if (sure && outcome instanceof Change.Done<AccountRow>(AccountRow row)) {
                if (gone) {
                    byUsername.remove(row.username());
                } else {
                    byUsername.put(row.username(), row);
                }
            }
            return outcome;
        } catch (RuntimeException | Error unknown) {
            sure = false;
            throw unknown;
        } finally {
            changes.unlock();
        }
    }

    /** Any number of accounts change. */
    <T> T all(Supplier<T> change) {
        changes.lock();
        try {
            return change.get();
        } finally {
            sure = false;
            changes.unlock();
        }
    }
}

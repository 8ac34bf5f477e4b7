package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Secret;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Inbound digest accounts. Blocks: virtual threads only. */
public interface Accounts {

    /** As {@link #byUsername}, without blocking: on any thread. */
    Recalled<AccountRow> recall(String username);

    /** By its exact user name. */
    Optional<AccountRow> byUsername(String username);

    Optional<AccountRow> find(String id);

    /** Oldest first. */
    List<AccountRow> list();

    /** Newest first. */
    Page<AccountRow> list(Page.@Nullable Cursor after, int limit);

    /** Hashes the password with the realm; the password itself is not kept. */
    Change<AccountRow> create(String username, String realm, Secret password, List<String> rooms);

    /**
     * @param password with the realm that it is hashed with; absent: as it is
     * @param rooms absent: as they are
     */
    Change<AccountRow> update(
            String id, String realm, Optional<Secret> password, Optional<List<String>> rooms);

    Change<AccountRow> delete(String id);
}

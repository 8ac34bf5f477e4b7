package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Secret;
import java.util.List;
import java.util.Optional;

/** Inbound digest accounts. Blocks: virtual threads only. */
public interface Accounts {

    /** By its exact user name. */
    Optional<AccountRow> byUsername(String username);

    List<AccountRow> list();

    /** Hashes the password with the realm; the password itself is not kept. */
    Change<AccountRow> create(String username, String realm, Secret password, List<String> rooms);

    Change<AccountRow> delete(String id);
}

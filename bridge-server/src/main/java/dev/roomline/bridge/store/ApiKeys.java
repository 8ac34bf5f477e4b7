package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.config.Secret;
import java.util.List;
import java.util.Optional;

/** Keys of the API. Blocks: virtual threads only. */
public interface ApiKeys {

    /** By the SHA-256 of an opaque token; compared in constant time. */
    Optional<ApiKeyRow> byToken(String token);

    /** By what a JWT names. */
    Optional<ApiKeyRow> byKey(String key);

    /** Oldest first. */
    List<ApiKeyRow> list();

    Change<ApiKeyRow> create(
            String key, Secret secret, Secret token, String name, List<Scope> scopes);
}

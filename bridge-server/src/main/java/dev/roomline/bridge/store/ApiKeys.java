package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.config.Secret;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keys of the API. Blocks: virtual threads only. */
public interface ApiKeys {

    /** By the SHA-256 of an opaque token; compared in constant time. */
    Optional<ApiKeyRow> byToken(String token);

    /** By what a JWT names. */
    Optional<ApiKeyRow> byKey(String key);

    Optional<ApiKeyRow> find(String id);

    /** Oldest first. */
    List<ApiKeyRow> list();

    /** Newest first. */
    Page<ApiKeyRow> list(Page.@Nullable Cursor after, int limit);

    Change<ApiKeyRow> create(
            String key, Secret secret, Secret token, String name, List<Scope> scopes);

    /** Absent values leave things as they are. */
    Change<ApiKeyRow> update(String id, Optional<String> name, Optional<List<Scope>> scopes);

    Change<ApiKeyRow> delete(String id);
}

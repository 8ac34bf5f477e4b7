package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.config.Secret;
import java.time.Instant;
import java.util.List;

/**
 * An API key. Its opaque token is not here: only a hash of it is stored.
 *
 * @param id {@code key_…}
 * @param key what a JWT names as {@code access_key} or {@code apikey}
 * @param secret signs JWTs; empty: this key signs none
 * @param source {@code file} or {@code api}
 */
public record ApiKeyRow(
        String id,
        String key,
        Secret secret,
        String name,
        List<Scope> scopes,
        Instant createdAt,
        String source) {
    public ApiKeyRow {
        scopes = List.copyOf(scopes);
    }
}

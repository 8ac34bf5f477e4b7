package dev.roomline.bridge.entry;

import dev.roomline.bridge.store.Page;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One kind of what is entered while the server runs. Blocks on the store; thread-safe.
 *
 * @param <R> what is listed
 * @param <M> what a create makes: it may hold secrets, which are shown this once
 */
public interface Ledger<R, M> {
    /** Newest first. */
    Page<R> list(Page.@Nullable Cursor after, int limit);

    Optional<R> find(String id);

    Result<M> create(Map<String, ?> fields);

    Result<R> update(String id, Map<String, ?> patch);

    Result<R> delete(String id);
}

package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.entry.Result;
import dev.roomline.bridge.store.Page;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One kind of entry as {@link EntriesApi} serves it.
 *
 * @param <R> what is listed
 * @param <M> what a create makes: it may hold secrets, which are shown this once
 */
interface Kind<R, M> {
    /** Where it stands, {@code /v1/accounts}. */
    String path();

    /** For sentences: {@code account}. */
    String noun();

    Page<R> list(Page.@Nullable Cursor after, int limit);

    Optional<R> find(String id);

    Result<M> create(Map<String, ?> fields);

    R row(M made);

    /** What is shown this once, beside the view of its row. */
    Map<String, Object> secrets(M made);

    Result<R> update(String id, Map<String, ?> patch);

    Result<R> delete(String id);

    String id(R row);

    /** How a row is shown now. */
    Function<R, Map<String, Object>> view() throws TimeoutException, InterruptedException;
}

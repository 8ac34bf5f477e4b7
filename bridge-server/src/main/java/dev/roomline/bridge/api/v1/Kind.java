package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.entry.Ledger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

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

    Ledger<R, M> entries();

    R row(M made);

    /** What is shown this once, beside the view of its row. */
    Map<String, Object> secrets(M made);

    String id(R row);

    /**
     * How a row is shown now.
     *
     * @param rows all that will be shown
     */
    Function<R, Map<String, Object>> view(List<R> rows)
            throws TimeoutException, InterruptedException;
}

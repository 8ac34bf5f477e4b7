package dev.roomline.bridge.call;

import dev.roomline.bridge.store.CallRow;
import java.util.concurrent.CompletionStage;

/** Where calls' rows are stored. Thread-safe; never blocks whoever asks. */
@FunctionalInterface
public interface CallRecords {

    /** Ends when the row is committed; fails when it is not, or not in time. */
    CompletionStage<Void> put(CallRow row);
}

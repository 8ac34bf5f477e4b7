package dev.roomline.bridge.call;

import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.trace.TraceSnapshot;
import java.util.concurrent.CompletionStage;

/** Where calls' rows are stored. Thread-safe; never blocks whoever asks. */
@FunctionalInterface
public interface CallRecords {

    /** Ends when the row is committed; fails when it is not, or not in time. */
    CompletionStage<Void> put(CallRow row);

    /** The same of a call's last row, with its trace where that is kept. */
    default CompletionStage<Void> put(CallRow ended, TraceSnapshot trace) {
        return put(ended);
    }
}

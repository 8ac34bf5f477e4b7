package dev.roomline.bridge.call;

import java.util.concurrent.CompletionStage;

/** Where calls' records are stored. Thread-safe; never blocks whoever asks. */
@FunctionalInterface
public interface CallRecords {

    /** Ends when the record is committed; fails when it is not, or not in time. */
    CompletionStage<Void> put(CallRecord record);
}

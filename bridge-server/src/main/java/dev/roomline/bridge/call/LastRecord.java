package dev.roomline.bridge.call;

import dev.roomline.bridge.config.RoomlineConfig.Trace;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.trace.TraceSnapshot;
import dev.roomline.bridge.trace.TraceSnapshot.Decision;
import dev.roomline.media.loop.MediaRoom.BlackBox;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A call's last row: stored at once when it ends, again when the store failed, and once more with
 * the last messages of its ladder where that is kept. Owner: the signalling loop.
 */
final class LastRecord {
    /** Until our BYE is answered, as a rule. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final int MOST_TRIES = 6;

    private final Call call;
    private final Signal signal;
    private final Trace kept;
    private final Runnable stored;
    private final Runnable complete;
    private int lastWritten;

    /**
     * @param stored told as soon as the store has the row, or when it is given up
     * @param complete told when the store has all that it will get
     */
    LastRecord(Call call, Signal signal, Trace kept, Runnable stored, Runnable complete) {
        this.call = call;
        this.signal = signal;
        this.kept = kept;
        this.stored = stored;
        this.complete = complete;
    }

    /** Whether the call's messages are kept: {@code calls.trace}. */
    static boolean keepsMessages(Call call, Trace kept) {
        CallEnd end = call.end();
        return switch (kept) {
            case ALL -> true;
            case FAILED -> end == null || end.culprit() != EndReason.Culprit.NOBODY;
            case NONE -> false;
        };
    }

    void store() {
        write(
                () -> {
                    stored.run();
                    if (keepsMessages(call, kept)) {
                        signal.after(SETTLED, this::writeAgain);
                    } else {
                        complete.run();
                    }
                });
    }

    private void writeAgain() {
        if (call.trace.last() == lastWritten) {
            complete.run();
        } else {
            write(complete);
        }
    }

    /**
     * @param then told when it is stored, or given up
     */
    private void write(Runnable then) {
        CallMedia media = call.seated();
        if (media == null) {
            put(Optional.empty(), Optional.empty(), 1, then);
            return;
        }
        signal.whenDone(
                media.report()
                        .thenCompose(
                                report ->
                                        media.blackBox()
                                                .thenApply(box -> new Measured(report, box))),
                (all, _) -> {
                    if (all == null) {
                        put(Optional.empty(), Optional.empty(), 1, then);
                    } else {
                        put(all.report(), all.box(), 1, then);
                    }
                });
    }

    private record Measured(Optional<LegReport> report, Optional<BlackBox> box) {}

    private void put(Optional<LegReport> report, Optional<BlackBox> box, int tries, Runnable then) {
        signal.whenDone(
                record(report, box),
                (_, failure) -> {
                    if (failure == null) {
                        then.run();
                        return;
                    }
                    CallLog.notRecorded(call, failure, tries);
                    if (tries < MOST_TRIES) {
                        Duration wait = Duration.ofSeconds(1L << tries);
                        signal.after(wait, () -> put(report, box, tries + 1, then));
                    } else {
                        then.run();
                    }
                });
    }

    private CompletionStage<Void> record(Optional<LegReport> report, Optional<BlackBox> box) {
        CallRow row = CallRows.row(call, CallRows.state(call), call.answeredAt(), "");
        List<Decision> decisions = CallDetail.decisions(call.trace, kept);
        Course course = Course.of(call);
        if (!keepsMessages(call, kept)) {
            return call.records.put(new CallRecord(row, course, report, decisions, null));
        }
        lastWritten = call.trace.last();
        TraceSnapshot trace = call.trace.snapshot().with(box);
        return call.records.put(new CallRecord(row, course, report, decisions, trace));
    }
}

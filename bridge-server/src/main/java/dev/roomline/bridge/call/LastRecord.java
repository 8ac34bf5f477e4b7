package dev.roomline.bridge.call;

import dev.roomline.bridge.config.RoomlineConfig.Trace;
import dev.roomline.bridge.signal.Signal;
import java.time.Duration;
import java.util.Optional;

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
    private final boolean withLadder;
    private final Runnable stored;
    private int tries;

    /**
     * @param stored told as soon as the store has the row, or when it is given up
     */
    LastRecord(Call call, Signal signal, Trace kept, Runnable stored) {
        this.call = call;
        this.signal = signal;
        this.stored = stored;
        CallEnd end = call.end();
        boolean failed = end == null || end.culprit() != EndReason.Culprit.NOBODY;
        this.withLadder =
                switch (kept) {
                    case ALL -> true;
                    case FAILED -> failed;
                    case NONE -> false;
                };
    }

    void store() {
        write();
        if (withLadder) {
            signal.after(SETTLED, this::write);
        }
    }

    private void write() {
        CallMedia media = call.seated();
        if (media == null) {
            put(CallDetail.json(Optional.empty(), call.trace, withLadder));
            return;
        }
        signal.whenDone(
                media.report(),
                (report, _) ->
                        put(
                                CallDetail.json(
                                        report == null ? Optional.empty() : report,
                                        call.trace,
                                        withLadder)));
    }

    private void put(String detail) {
        tries++;
        signal.whenDone(
                call.record(CallRows.row(call, CallRows.state(call), call.answeredAt(), detail)),
                (_, failure) -> {
                    if (failure == null) {
                        stored.run();
                        return;
                    }
                    CallLog.notRecorded(call, failure, tries);
                    if (tries < MOST_TRIES) {
                        signal.after(Duration.ofSeconds(1L << tries), () -> put(detail));
                    } else {
                        stored.run();
                    }
                });
    }
}

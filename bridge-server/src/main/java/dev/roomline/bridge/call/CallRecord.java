package dev.roomline.bridge.call;

import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.trace.TraceSnapshot;
import dev.roomline.bridge.trace.TraceSnapshot.Decision;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a call, taken on the signalling loop and made into text by who stores it.
 * Immutable.
 *
 * @param bare the row; its detail is what follows
 * @param course what happened to it on its way
 * @param measured by its media; empty while it lives
 * @param decisions taken about it; none where they are not kept
 * @param trace with its messages; null where the row goes without
 */
public record CallRecord(
        CallRow bare,
        Course course,
        Optional<LegReport> measured,
        List<Decision> decisions,
        @Nullable TraceSnapshot trace) {

    /** Of a call that lives, as it is now to be shown. */
    static CallRecord living(Call call, String shown, @Nullable Instant answered) {
        return new CallRecord(
                CallRows.row(call, shown, answered, ""),
                Course.of(call),
                Optional.empty(),
                CallDetail.decisions(call.trace, call.ports.limits().trace()),
                null);
    }

    /** The row with its detail as text: no loop's work. */
    CallRow row() {
        return CallRows.withDetail(bare, CallDetail.json(measured, course, decisions));
    }
}

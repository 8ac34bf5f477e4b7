package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallEvent.HangUp;
import dev.roomline.bridge.config.RoomlineConfig.Trace;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.trace.TraceSnapshot;
import dev.roomline.media.loop.MediaRoom.BlackBox;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The door through which other threads reach the calls of the signalling loop. Thread-safe. */
final class PostedCalls implements LiveCalls {
    /** JSON for a reader is no loop's work. */
    private static final Executor OFF_THE_LOOPS = Thread::startVirtualThread;

    private final CallTable calls;
    private final Opening placing;
    private final CallWatch watch;
    private final Signal signal;
    private final Trace kept;
    private final Ids ids;

    /** Opens a call of ours; on the loop. */
    interface Opening {
        /**
         * @param id its name
         * @param first what becomes of it then
         */
        PlacedCall place(String id, CallOrder order, Consumer<PlacedCall> first);
    }

    /**
     * @param placing opens a call and goes on with it
     */
    PostedCalls(
            CallTable calls, Opening placing, CallWatch watch, Signal signal, Trace kept, Ids ids) {
        this.calls = calls;
        this.placing = placing;
        this.watch = watch;
        this.signal = signal;
        this.kept = kept;
        this.ids = ids;
    }

    @Override
    public CompletionStage<List<CallRow>> list() {
        return signal.ask(
                () -> {
                    List<LiveRow> rows = calls.unsettled().stream().map(this::live).toList();
                    return CompletableFuture.allOf(
                                    rows.stream()
                                            .map(LiveRow::report)
                                            .toArray(CompletableFuture<?>[]::new))
                            .thenApplyAsync(
                                    _ -> rows.stream().map(LiveRow::now).toList(), OFF_THE_LOOPS);
                });
    }

    @Override
    public CompletionStage<Optional<CallRow>> get(String callId) {
        return signal.ask(
                () -> {
                    Call call = calls.unsettled(callId);
                    return call == null
                            ? CompletableFuture.completedStage(Optional.empty())
                            : live(call).row().thenApply(Optional::of);
                });
    }

    @Override
    public CompletionStage<Boolean> hangUp(String callId) {
        return signal.ask(
                () -> {
                    Call call = calls.admitted(callId);
                    if (call == null) {
                        return CompletableFuture.completedStage(false);
                    }
                    watch.guarded(call, () -> call.on(new HangUp(call.hungUpByApi())));
                    return CompletableFuture.completedStage(true);
                });
    }

    @Override
    public CompletionStage<Pressing> press(
            String callId, String digits, int toneMillis, int gapMillis) {
        return signal.ask(
                () -> {
                    Call call = calls.admitted(callId);
                    return call == null
                            ? CompletableFuture.completedStage(Pressing.NO_SUCH_CALL)
                            : call.talk.press(digits, toneMillis, gapMillis);
                });
    }

    @Override
    public CompletionStage<Transferring> transfer(String callId, String to) {
        return signal.ask(
                () -> {
                    Call call = calls.admitted(callId);
                    return CompletableFuture.completedStage(
                            call == null ? new Transferring.NoSuchCall() : call.talk.transfer(to));
                });
    }

    @Override
    public CompletionStage<Transferring> connect(String callId, String otherId) {
        return signal.ask(
                () -> {
                    Call call = calls.admitted(callId);
                    Call other = calls.admitted(otherId);
                    Transferring outcome =
                            call == null
                                    ? new Transferring.NoSuchCall()
                                    : other == null
                                            ? new Transferring.Refused(
                                                    CallEnd.of(
                                                            EndReason.NOT_FOUND,
                                                            "The other call is not there."))
                                            : call.talk.connect(other);
                    return CompletableFuture.completedStage(outcome);
                });
    }

    @Override
    public CompletionStage<Moving> move(String callId, RoomRow to, String userId) {
        return signal.ask(
                () -> {
                    Call call = calls.admitted(callId);
                    return call == null
                            ? CompletableFuture.completedStage(Moving.NO_SUCH_CALL)
                            : call.talk.move(to, userId);
                });
    }

    @Override
    public Placing place(CallOrder order) {
        return placed(order, PlacedCall::start);
    }

    @Override
    public Placing refuse(CallOrder order, CallEnd why) {
        return placed(order, call -> call.refuse(why));
    }

    private Placing placed(CallOrder order, Consumer<PlacedCall> first) {
        String id = ids.next("call_");
        CompletionStage<Milestones> begun =
                signal.ask(
                        () ->
                                CompletableFuture.completedStage(
                                        placing.place(id, order, first).milestones()));
        return new Placing(
                id,
                begun.thenCompose(milestones -> milestones.recorded),
                begun.thenCompose(milestones -> milestones.sent),
                begun.thenCompose(milestones -> milestones.ringing),
                begun.thenCompose(milestones -> milestones.answered));
    }

    @Override
    public CompletionStage<Optional<Traced>> trace(String callId) {
        return signal.ask(
                () -> {
                    Call call = calls.traced(callId);
                    return call == null
                            ? CompletableFuture.completedStage(Optional.empty())
                            : traced(call).thenApply(Optional::of);
                });
    }

    private CompletableFuture<Traced> traced(Call call) {
        TraceSnapshot trace = call.trace.snapshot();
        CallMedia media = call.seated();
        CompletableFuture<Optional<BlackBox>> box =
                media == null
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : media.blackBox().toCompletableFuture();
        return live(call)
                .row()
                .thenCombine(box, (row, heard) -> new Traced(row, trace.with(heard)));
    }

    /** The row as it would be stored now, once the media loop has told what it measured. */
    private LiveRow live(Call call) {
        CallMedia media = call.seated();
        return new LiveRow(
                CallRows.row(call, CallRows.state(call), call.answeredAt(), "{}"),
                Course.of(call),
                CallDetail.decisions(call.trace, kept),
                media == null
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : media.report().toCompletableFuture());
    }

    /**
     * What is known of a living call, taken on the signalling loop; made into text elsewhere, where
     * no loop waits for it.
     */
    private record LiveRow(
            CallRow bare,
            Course course,
            List<TraceSnapshot.Decision> decisions,
            CompletableFuture<Optional<LegReport>> report) {
        CompletableFuture<CallRow> row() {
            return report.thenApplyAsync(_ -> now(), OFF_THE_LOOPS);
        }

        /** When the report is there. */
        CallRow now() {
            return CallRows.withDetail(bare, CallDetail.json(report.join(), course, decisions));
        }
    }
}

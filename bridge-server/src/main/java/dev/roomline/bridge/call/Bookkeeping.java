package dev.roomline.bridge.call;

import dev.roomline.bridge.config.RoomlineConfig.Trace;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.room.LegSound;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.trace.Ladders;
import dev.roomline.bridge.trace.RefusalRing;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the books of calls: what a milestone of one means to the table of calls, the log, the
 * metrics, the events, the refusals and the last record. Owner: the signalling loop.
 */
final class Bookkeeping implements CallWatch {
    private final CallTable calls;
    private final PlacedCalls placed;
    private final Consumer<String> ownRoomLeft;
    private final Signal signal;
    private final Trace kept;
    private final Counters counters;
    private final RefusalRing refusals;
    private final Ladders ladders;
    private Consumer<Happening> news = _ -> {};

    /**
     * @param ownRoomLeft told the room that was made for a call which has ended
     */
    Bookkeeping(
            CallTable calls,
            PlacedCalls placed,
            Consumer<String> ownRoomLeft,
            Signal signal,
            Trace kept,
            Counters counters,
            RefusalRing refusals,
            Ladders ladders) {
        this.calls = calls;
        this.placed = placed;
        this.ownRoomLeft = ownRoomLeft;
        this.signal = signal;
        this.kept = kept;
        this.counters = counters;
        this.refusals = refusals;
        this.ladders = ladders;
    }

    /** Who reads the API's events, from now on. */
    void tell(Consumer<Happening> reader) {
        this.news = reader;
    }

    private void tell(EventType type, Call call) {
        news.accept(new Happening.OfCall(type, row(call), call.rangAt()));
    }

    private static CallRow row(Call call) {
        return CallRows.row(call, CallRows.state(call), call.answeredAt(), "{}");
    }

    @Override
    public void admitted(Call call) {
        calls.admitted();
        counters.callStarted(call.direction());
        CallLog.admitted(call);
        tell(
                switch (call) {
                    case InboundCall _ -> EventType.CALL_RINGING;
                    case PlacedCall _ -> EventType.CALL_DIALING;
                },
                call);
    }

    @Override
    public void ringing(PlacedCall call) {
        tell(EventType.CALL_RINGING, call);
    }

    @Override
    public void passedOn(PlacedCall call, CallEnd failed) {
        counters.passedOn(failed.reason());
    }

    @Override
    public void answered(Call call) {
        Duration taken = Duration.between(call.startedAt, signal.now());
        counters.callAnswered(call.direction(), taken.toNanos() / 1e9);
        CallLog.answered(call, taken);
        tell(EventType.CALL_ANSWERED, call);
    }

    @Override
    public void transferred(Call call, Transfer step) {
        CallLog.transferred(call, step);
        if (step.phase().isOver()) {
            counters.transferred(step.phase(), step.cause());
        }
        news.accept(
                new Happening.OfTransfer(
                        row(call),
                        call.rangAt(),
                        new Happening.TransferStep(
                                step.to(), step.state(), step.sipStatus(), step.text())));
    }

    @Override
    public void moved(Call call, Move step) {
        CallLog.moved(call, step);
        news.accept(
                new Happening.OfMove(
                        row(call),
                        call.rangAt(),
                        new Happening.MoveStep(step.state(), step.from(), step.to(), step.text())));
    }

    @Override
    public void asked(Call call, String outcome) {
        counters.callerAsked(outcome);
        CallLog.asked(call, outcome);
    }

    @Override
    public void ended(Call call, CallEnd end) {
        counters.callEnded(call.direction(), end.reason(), end.culprit());
        CallLog.ended(call, end, signal.now());
        tellEnd(call);
        calls.ended(call);
        String ownRoom = call.ownRoom();
        if (ownRoom != null) {
            ownRoomLeft.accept(ownRoom);
        }
        new LastRecord(call, signal, kept, () -> calls.settled(call), () -> calls.stored(call))
                .store();
    }

    /** What was answered is told with how it sounded, as soon as its media has said it. */
    private void tellEnd(Call call) {
        CallRow row = row(call);
        boolean refused = row.state().equals("refused");
        EventType type = refused ? EventType.CALL_REFUSED : EventType.CALL_ENDED;
        CallMedia media = call.seated();
        if (media == null || call.answeredAt() == null) {
            news.accept(new Happening.OfCall(type, row, call.rangAt()));
            return;
        }
        signal.whenDone(
                media.report(),
                (told, _) -> {
                    Optional<LegReport> report = told == null ? Optional.empty() : told;
                    report.map(CallSound::of).ifPresent(counters::callQuality);
                    Map<String, @Nullable Object> quality =
                            report.map(LegSound::words).orElse(null);
                    news.accept(new Happening.OfCall(type, row, call.rangAt(), quality));
                });
    }

    @Override
    public void credentialsFailed(InboundCall call, String failure) {
        counters.sipRefusal(EndReason.UNAUTHENTICATED);
        note(call, EndReason.UNAUTHENTICATED.label(), failure);
    }

    @Override
    public void nearTrunk(InboundCall call, String lacking) {
        note(call, "trunk_mismatch", lacking);
    }

    @Override
    public void turnedAway(InboundCall call, CallEnd end) {
        counters.sipRefusal(end.reason());
        note(call, end.reason().label(), end.text());
        CallLog.turnedAway(call, end);
    }

    private void note(InboundCall call, String reason, String detail) {
        refusals.add(call.flow, "INVITE", reason, detail, signal.now());
    }

    @Override
    public void over(Call call) {
        if (!calls.over(call)) {
            return;
        }
        if (call instanceof PlacedCall ours) {
            placed.forget(ours);
        }
        for (String name : call.sipCallIds()) {
            if (call.end() == null) {
                ladders.await(name, call.trace);
            } else {
                ladders.close(name, call.trace);
            }
        }
    }

    @Override
    public void guarded(Call call, Runnable step) {
        try (CallLog.Names _ = CallLog.names(call)) {
            step.run();
        } catch (RuntimeException bug) {
            fault(call, bug);
            call.fault(bug);
        }
    }

    @Override
    public void fault(Call call, RuntimeException bug) {
        counters.fault("call");
        CallLog.fault(call, bug);
    }
}

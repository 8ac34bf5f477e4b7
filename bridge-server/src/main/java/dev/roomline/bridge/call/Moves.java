package dev.roomline.bridge.call;

import dev.roomline.bridge.room.PhoneSeat.Seating;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.RoomRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call's ways from room to room. Owner: the signalling loop. */
final class Moves {
    /** Steps that are remembered of one call. */
    private static final int MOST_STEPS = 64;

    private final Signal signal;
    private final Consumer<RoomRow> arrived;
    private final Consumer<Move> told;
    private final List<Move> steps = new ArrayList<>(0);

    /**
     * @param arrived told before anybody is told that it is there
     * @param told hears each step
     */
    Moves(Signal signal, Consumer<RoomRow> arrived, Consumer<Move> told) {
        this.signal = signal;
        this.arrived = arrived;
        this.told = told;
    }

    List<Move> steps() {
        return List.copyOf(steps);
    }

    /**
     * @param userId as the room is to know it; empty: as before
     */
    CompletionStage<LiveCalls.Moving> begin(CallMedia media, RoomRow to, String userId) {
        if (!media.maySwitch()) {
            return CompletableFuture.completedStage(LiveCalls.Moving.NOT_TALKING);
        }
        String from = media.room();
        if (from.equals(to.id())) {
            return CompletableFuture.completedStage(LiveCalls.Moving.DONE);
        }
        step(Move.Step.INITIATED, from, to, "The call is to go into another room.");
        CompletableFuture<LiveCalls.Moving> moved = new CompletableFuture<>();
        BiConsumer<@Nullable Seating, @Nullable Throwable> then =
                (seating, _) -> moved.complete(ended(seating, from, to));
        var _ = media.switchTo(to, userId).whenComplete(then);
        return moved;
    }

    private LiveCalls.Moving ended(@Nullable Seating seating, String from, RoomRow to) {
        return switch (seating) {
            case null -> {
                step(Move.Step.FAILED, from, to, "The call ended, or its media, on the way.");
                yield LiveCalls.Moving.NOT_TALKING;
            }
            case Seating.Full _ -> {
                step(Move.Step.FAILED, from, to, "The other room is full: the call stays.");
                yield LiveCalls.Moving.FULL;
            }
            case Seating.Seated _ -> {
                arrived.accept(to);
                step(Move.Step.COMPLETED, from, to, "The call is in another room.");
                yield LiveCalls.Moving.DONE;
            }
        };
    }

    private void step(Move.Step step, String from, RoomRow to, String text) {
        Move next = new Move(step, from, to.id(), text, signal.now());
        if (steps.size() >= MOST_STEPS) {
            steps.removeFirst();
        }
        steps.add(next);
        told.accept(next);
    }
}

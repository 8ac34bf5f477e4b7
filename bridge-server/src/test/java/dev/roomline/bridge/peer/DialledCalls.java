package dev.roomline.bridge.peer;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.RoomRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Calls that are placed at once, with the participant that a test seats for them. */
final class DialledCalls implements LiveCalls {
    final List<CallOrder> orders = new ArrayList<>();
    Optional<CallEnd> end = Optional.empty();
    Function<CallOrder, String> seat = _ -> "part_none";
    private String participant = "";

    @Override
    public Placing place(CallOrder order) {
        orders.add(order);
        if (end.isEmpty()) {
            participant = seat.apply(order);
        }
        return new Placing("call_9", now(end), now(end), now(end), now(end));
    }

    @Override
    public Placing refuse(CallOrder order, CallEnd why) {
        throw new AssertionError("pages order into the room that they are in");
    }

    @Override
    public CompletionStage<Optional<CallRow>> get(String callId) {
        return now(
                Optional.of(
                        new CallRow(
                                callId,
                                "outbound",
                                "dialing",
                                "room_1",
                                participant,
                                null,
                                null,
                                "",
                                "",
                                null,
                                null,
                                "",
                                Instant.EPOCH,
                                null,
                                null,
                                null,
                                null,
                                0,
                                null,
                                "{}")));
    }

    private static <T> CompletionStage<T> now(T value) {
        return CompletableFuture.completedStage(value);
    }

    @Override
    public CompletionStage<List<CallRow>> list() {
        return now(List.of());
    }

    @Override
    public CompletionStage<Optional<Traced>> trace(String callId) {
        return now(Optional.empty());
    }

    @Override
    public CompletionStage<Pressing> press(
            String callId, String digits, int toneMillis, int gapMillis) {
        return now(Pressing.NO_SUCH_CALL);
    }

    @Override
    public CompletionStage<Transferring> connect(String callId, String otherId) {
        return now(new Transferring.NoSuchCall());
    }

    @Override
    public CompletionStage<Moving> move(String callId, RoomRow to, String userId) {
        return now(Moving.NO_SUCH_CALL);
    }

    @Override
    public CompletionStage<Transferring> transfer(String callId, String to) {
        return now(new Transferring.NoSuchCall());
    }

    @Override
    public CompletionStage<Boolean> hangUp(String callId) {
        return now(false);
    }
}

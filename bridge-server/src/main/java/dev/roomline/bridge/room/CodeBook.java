package dev.roomline.bridge.room;

import dev.roomline.bridge.store.Recalled;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Stored rooms, asked for without blocking whoever asks. A stage that has not ended at once ends on
 * a virtual thread; it fails when the store does, or does not answer in time.
 */
public final class CodeBook {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** As a declared room's default. */
    private static final int MOST_WITH_A_CALLER = 100;

    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{3,64}");

    private final Rooms stored;
    private final Executor blocking;
    private final Duration patience;

    public CodeBook(Rooms stored, Executor blocking) {
        this(stored, blocking, PATIENCE);
    }

    CodeBook(Rooms stored, Executor blocking, Duration patience) {
        this.stored = stored;
        this.blocking = blocking;
        this.patience = patience;
    }

    /** What cannot be a code at all is not asked for. */
    public static boolean isCode(String text) {
        return CODE.matcher(text).matches();
    }

    /** By a code, enabled or not; has ended when it returns where memory knows it. */
    public CompletionStage<Optional<Rooms.Entry>> enter(String code) {
        if (!isCode(code)) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return switch (stored.recall(code)) {
            case Recalled.Known<Rooms.Entry>(Optional<Rooms.Entry> entry) ->
                    CompletableFuture.completedStage(entry);
            case Recalled.Unknown<Rooms.Entry> _ -> ask(() -> stored.enter(code));
        };
    }

    /** By a code as a phone's keys spell it. */
    public CompletionStage<Optional<Rooms.Entry>> spelt(String digits) {
        return ask(() -> stored.spelt(digits));
    }

    /** By id or code. */
    public CompletionStage<Optional<RoomRow>> find(String idOrCode) {
        return ask(() -> stored.find(idOrCode));
    }

    /**
     * Makes a room that lives as long as a call, with one code by which others may join.
     *
     * @param late gets the room that the store made after the stage had failed for its slowness
     */
    public CompletionStage<RoomRow> createForCall(String name, Consumer<RoomRow> late) {
        Rooms.NewRoom wanted =
                new Rooms.NewRoom(name, List.of(), "code", MOST_WITH_A_CALLER, List.of(), true);
        CompletableFuture<RoomRow> asked =
                new CompletableFuture<RoomRow>()
                        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        var _ =
                CompletableFuture.supplyAsync(() -> stored.createForCall(wanted), blocking)
                        .whenComplete(
                                (room, failure) -> {
                                    if (failure != null) {
                                        asked.completeExceptionally(failure);
                                    } else if (!asked.complete(room)) {
                                        late.accept(room);
                                    }
                                });
        return asked;
    }

    /** Its codes die; it is gone. */
    public CompletionStage<Void> delete(String roomId) {
        return ask(() -> stored.delete(roomId)).thenAccept(_ -> {});
    }

    private <T> CompletionStage<T> ask(Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, blocking)
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}

package dev.roomline.bridge.inbound;

import dev.roomline.bridge.room.CodeBook;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.RoomRow;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Rooms that are made for a call ({@code room: new}) and go with it, however slow or absent the
 * store is meanwhile: a room with a living code and no call would let its holder in. Owner: the
 * signalling loop.
 */
final class OwnRooms {
    /** With the waits doubling from 2 s: two minutes of an absent store; the next start sweeps. */
    private static final int MOST_TRIES = 7;

    private final CodeBook codes;
    private final Signal signal;

    OwnRooms(CodeBook codes, Signal signal) {
        this.codes = codes;
        this.signal = signal;
    }

    /**
     * @param then gets the room, or null and the failure
     */
    void make(String name, BiConsumer<@Nullable RoomRow, @Nullable Throwable> then) {
        signal.whenDone(
                codes.createForCall(
                        name, late -> signal.executeSurely(() -> deleteSurely(late.id()))),
                then);
    }

    void deleteSurely(String roomId) {
        var _ = delete(roomId);
    }

    /**
     * The codes of the room die.
     *
     * @return ends with the first try; where that fails it is tried again all the same
     */
    CompletionStage<Void> delete(String roomId) {
        return delete(roomId, 1);
    }

    private CompletionStage<Void> delete(String roomId, int tries) {
        CompletionStage<Void> deleted = codes.delete(roomId);
        signal.whenDone(
                deleted,
                (_, failure) -> {
                    if (failure != null && tries < MOST_TRIES) {
                        Duration wait = Duration.ofSeconds(1L << tries);
                        signal.after(wait, () -> delete(roomId, tries + 1));
                    }
                });
        return deleted;
    }
}

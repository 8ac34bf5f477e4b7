package dev.roomline.bridge.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomline.bridge.store.RoomRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What is told of rooms where the store is slow. */
final class CodeBookTest {
    private final FakeRooms rooms = new FakeRooms();
    private final List<Runnable> stalled = new ArrayList<>();
    private final List<RoomRow> late = new ArrayList<>();

    @Test
    void aRoomThatIsMadeAfterNobodyWaitsForItAnyMoreIsHandedBack() {
        CodeBook codes = new CodeBook(rooms, stalled::add, Duration.ofMillis(1));
        var asked = codes.createForCall("Call", late::add).toCompletableFuture();
        assertThatThrownBy(asked::join).hasCauseInstanceOf(TimeoutException.class);

        stalled.forEach(Runnable::run);
        assertThat(rooms.count()).isEqualTo(1);
        assertThat(late).extracting(RoomRow::id).containsExactly("room_own_0");
    }

    @Test
    void aRoomThatIsMadeInTimeIsTheAskers() {
        CodeBook codes = new CodeBook(rooms, Runnable::run);
        var asked = codes.createForCall("Call", late::add).toCompletableFuture();
        assertThat(asked.join().id()).isEqualTo("room_own_0");
        assertThat(late).isEmpty();
    }
}

package dev.roomline.bridge.room;

import dev.roomline.bridge.room.Participant.Kind;
import dev.roomline.bridge.room.Participant.Person;
import dev.roomline.bridge.room.Participant.State;
import dev.roomline.bridge.room.PhoneSeat.Seating;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.media.loop.MediaRoom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A phone goes into another room: from the lobby, or from room to room. Its call, its sockets and
 * its streams go on; the phone sees nothing of it. Owner: the signalling loop.
 */
final class Relocation {
    private final LocalRooms rooms;
    private final Signal signal;

    Relocation(LocalRooms rooms, Signal signal) {
        this.rooms = rooms;
        this.signal = signal;
    }

    /**
     * @return ends on the signalling loop; fails if its media is gone
     */
    CompletionStage<Seating> begin(PhoneSeat seat, RoomRow row, String role, Person person) {
        if (rooms.isFull(row)) {
            return CompletableFuture.completedStage(new Seating.Full());
        }
        Participant before = seat.participant;
        Participant inside = rooms.seat(row, before.leg, Kind.PHONE, person, role, before.line, "");
        CompletableFuture<Seating> seated = new CompletableFuture<>();
        signal.whenDone(
                before.room.media.move(before.leg, inside.room.media),
                (outcome, failure) -> {
                    boolean moved = outcome instanceof MediaRoom.Outcome.Accepted;
                    if (moved && before.state != State.LEFT) {
                        arrived(seat, before, inside);
                        seated.complete(new Seating.Seated(seat));
                    } else {
                        lost(inside, moved, seated, failure);
                    }
                });
        return seated;
    }

    private void arrived(PhoneSeat seat, Participant before, Participant inside) {
        inside.heldByPeer = before.heldByPeer;
        inside.heldByUs = before.heldByUs;
        inside.mutedByChoice = before.mutedByChoice;
        seat.participant = inside;
        if (before.isWaiting()) {
            before.room.media.close();
        } else {
            before.room.media.forget(before.leg);
            rooms.gone(before, "moved");
            // another role may speak, or not
            if (before.muted() != inside.muted()) {
                inside.room.media.setMuted(inside.leg, inside.muted());
            }
        }
        rooms.joined(inside);
    }

    /** Its call has ended meanwhile, or its media. */
    private void lost(
            Participant inside,
            boolean moved,
            CompletableFuture<Seating> seated,
            @Nullable Throwable failure) {
        if (moved) {
            rooms.left(inside, "transport_lost");
        } else {
            // its leg is where it was, or nowhere: nothing of it is here
            rooms.gone(inside, "transport_lost");
        }
        seated.completeExceptionally(
                new IllegalStateException("the phone's media is gone", failure));
    }
}

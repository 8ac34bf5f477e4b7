package dev.roomline.media.loop;

import dev.roomline.media.loop.MediaRoom.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How phones go from a room into another, with their sockets and all that was agreed, and where
 * they went: whoever still asks for them here is told. Owner: the loop.
 */
final class Departures {
    private final MediaLoop loop;
    private final LoopRoom room;

    /** Legs on their way; where those went that were here. */
    private final Set<Integer> leaving = new HashSet<>();

    private final Map<Integer, PostedRoom> moved = new HashMap<>();

    Departures(MediaLoop loop, LoopRoom room) {
        this.loop = loop;
        this.room = room;
    }

    boolean isLeaving(int leg) {
        return leaving.contains(leg);
    }

    /** The room to which this leg was moved; null if it was not. */
    @Nullable PostedRoom movedTo(LegId id) {
        return moved.get(id.value());
    }

    /** It is here again, or nobody asks here any more. */
    void forget(LegId id) {
        moved.remove(id.value());
    }

    /**
     * Hands a phone over to another room. It takes part here until its sockets are off this loop:
     * what comes from then on waits for the other.
     */
    void move(LegId id, PostedRoom to, CompletableFuture<Outcome> done) {
        PhoneSeat seat = room.movable(id);
        if (seat == null) {
            done.complete(LoopRoom.noSuchLeg(id));
            return;
        }
        Runnable left =
                () -> {
                    leaving.remove(id.value());
                    room.letGo(seat);
                    moved.put(id.value(), to);
                    to.adopt(seat, done);
                };
        if (to.isOn(loop)) {
            left.run();
        } else {
            leaving.add(id.value());
            loop.flush();
            seat.ports().detach(left);
        }
    }
}

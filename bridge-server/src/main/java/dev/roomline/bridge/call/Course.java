package dev.roomline.bridge.call;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a call on its way, beyond the columns of its row. Immutable.
 *
 * @param rangAt when the far end of a call that we place began to ring; null: it did not
 * @param transfers what became of its transfers, step by step
 * @param moves from room to room, step by step
 */
public record Course(@Nullable Instant rangAt, List<Transfer> transfers, List<Move> moves) {
    public static final Course NONE = new Course(null, List.of(), List.of());

    public Course {
        transfers = List.copyOf(transfers);
        moves = List.copyOf(moves);
    }

    static Course of(Call call) {
        return new Course(call.rangAt(), call.talk.transfers(), call.talk.moves());
    }
}

package dev.roomline.bridge.api;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.store.RoomRow;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Orders that name a room or a trunk that is not there: they are listed as calls that were refused,
 * with the name that was wrong, where an operator looks for them. Virtual threads.
 */
public final class Unplaced {
    private Unplaced() {}

    public static CallEnd noRoom(String named) {
        return CallEnd.of(EndReason.UNKNOWN_ROOM, "No room answers to " + named + ".");
    }

    public static CallEnd closed(String named) {
        return CallEnd.of(EndReason.NOT_ALLOWED, "The room " + named + " is deactivated.");
    }

    public static CallEnd noTrunk(String named) {
        return CallEnd.of(EndReason.NOT_ALLOWED, "There is no trunk " + named + " for calls.");
    }

    /**
     * Lists it.
     *
     * @return the name of the call
     */
    public static String list(LiveCalls calls, CallOrder order, CallEnd why)
            throws TimeoutException, InterruptedException {
        LiveCalls.Placing refused = calls.refuse(order, why);
        var _ = Await.on(refused.recorded());
        return refused.callId();
    }

    /**
     * What a dialect knows of such an order.
     *
     * @param room null: the one that was named is not there
     */
    public static CallOrder order(
            String to, @Nullable RoomRow room, String from, String name, String userId) {
        return new CallOrder(
                to,
                room,
                "guest",
                "",
                from,
                name,
                userId,
                Map.of(),
                Duration.ZERO,
                Duration.ZERO,
                "",
                false);
    }
}

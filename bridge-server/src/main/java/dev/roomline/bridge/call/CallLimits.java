package dev.roomline.bridge.call;

import dev.roomline.bridge.config.RoomlineConfig.Trace;
import java.time.Duration;

/**
 * How long things may take, and what is kept.
 *
 * @param ringAfter when setting up takes longer, the caller gets 180
 * @param setup from INVITE to 200 at most
 * @param ring how long somebody whom a phone has us call may let it ring
 * @param maxDuration from 200 on; zero: no limit
 * @param maxScreening callers at the door at once; more are refused as overload
 */
public record CallLimits(
        Duration ringAfter,
        Duration setup,
        Duration ring,
        Duration maxDuration,
        int maxScreening,
        Trace trace) {

    public static CallLimits of(Duration ring, Duration maxDuration, Trace trace) {
        return new CallLimits(
                Duration.ofMillis(200), Duration.ofSeconds(8), ring, maxDuration, 1000, trace);
    }
}

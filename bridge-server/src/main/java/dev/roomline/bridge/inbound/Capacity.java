package dev.roomline.bridge.inbound;

import dev.roomline.bridge.call.Caller;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.signal.Signal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether one caller more is taken, by the limits of the server and its trunk. Owner: the
 * signalling loop.
 */
final class Capacity {
    private final int maxCalls;
    private final LiveLoad load;
    private final Signal signal;
    private final InviteRate rate;

    Capacity(InboundSettings settings, LiveLoad load, Signal signal) {
        this.maxCalls = settings.maxCalls();
        this.load = load;
        this.signal = signal;
        this.rate = new InviteRate(settings.invitesPerSecond(), signal.nanoTime());
    }

    /** Takes one from the rate of callers; false if it is exceeded. */
    boolean takeFromRate() {
        return rate.take(signal.nanoTime());
    }

    /**
     * The limit of calls at once that is reached; empty if none is.
     *
     * @param leaving whose call goes for the one that comes; null: nobody's
     */
    Optional<String> reached(Voucher voucher, @Nullable Caller leaving) {
        Trunk trunk = voucher.trunk();
        if (maxCalls > 0 && load.callsBeside(leaving) >= maxCalls) {
            return Optional.of("limits.max_calls");
        }
        boolean full =
                trunk != null
                        && trunk.maxCalls() > 0
                        && load.callsBeside(leaving, trunk.id()) >= trunk.maxCalls();
        return full ? Optional.of("max_calls of " + voucher.text()) : Optional.empty();
    }
}

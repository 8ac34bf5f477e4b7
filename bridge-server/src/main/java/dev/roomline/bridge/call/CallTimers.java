package dev.roomline.bridge.call;

import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.signal.Signal.Later;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a call by time alone: what is due unless it has ended, and the longest stay in a
 * state that waits for another loop, or for a peer. Owner: the signalling loop.
 */
final class CallTimers {
    /** Timer F of a BYE (RFC 3261 §17.1.2.2) and some. */
    private static final Duration LONGEST_BYE = Duration.ofSeconds(40);

    private final Signal signal;
    private final Duration longestSetup;
    private final Consumer<Supplier<CallEvent>> then;
    private final List<Later> due = new ArrayList<>();
    private @Nullable Later stay;

    /**
     * @param longestSetup how long another loop may take
     * @param then gets what is due, to be made when its time has come; on the signalling loop
     */
    CallTimers(Signal signal, Duration longestSetup, Consumer<Supplier<CallEvent>> then) {
        this.signal = signal;
        this.longestSetup = longestSetup;
        this.then = then;
    }

    /** What is to happen then unless the call has ended. */
    void after(Duration delay, Supplier<CallEvent> event) {
        due.add(signal.after(delay, () -> then.accept(event)));
    }

    /** The call has ended; a BYE may still be on its way. */
    void cancel() {
        due.forEach(Later::cancel);
        due.clear();
    }

    /**
     * The call is in another state than before.
     *
     * @param end how it ended, if it has
     */
    void entered(State state, Supplier<CallEnd> end) {
        if (stay != null) {
            stay.cancel();
            stay = null;
        }
        switch (state) {
            case OFFERING, EARLY_OFFER, ANSWERING, CONNECTING, REOFFERING, REANSWERING, PROPOSING ->
                    limit(
                            longestSetup,
                            new CallEvent.HangUp(CallEnd.fault("The media loop did not answer.")));
            case HANGING_UP -> limit(LONGEST_BYE, new CallEvent.DialogOver(end.get()));
            case SCREENING,
                    SEATING,
                    STORING,
                    RECORDING,
                    QUEUED,
                    DIALING,
                    CONFIRMING,
                    OFFERED,
                    TALKING,
                    REOFFERED,
                    PROPOSED,
                    ENDED -> {}
        }
    }

    private void limit(Duration longest, CallEvent overdue) {
        stay = signal.after(longest, () -> then.accept(() -> overdue));
    }
}

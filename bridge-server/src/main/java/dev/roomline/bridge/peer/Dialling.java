package dev.roomline.bridge.peer;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.outbound.Destination;
import dev.roomline.bridge.room.BrowserSeat;
import dev.roomline.bridge.room.DisplayText;
import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.store.CallRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one page has dialled into its room: it may hang up its own, whatever else its role may not.
 * Owner: the signalling loop.
 */
final class Dialling {
    /** Calls of one page that are not over. */
    static final int MOST = 5;

    /** What whoever is called may do. */
    private static final String ROLE = "guest";

    private final LiveCalls calls;
    private final Signal signal;
    private final Duration ringTimeout;

    /** Participant to call. */
    private final Map<String, String> dialled = new HashMap<>();

    private int underWay;

    Dialling(LiveCalls calls, Signal signal, Duration ringTimeout) {
        this.calls = calls;
        this.signal = signal;
        this.ringTimeout = ringTimeout;
    }

    /**
     * @param done gets the participant that rings
     * @param refused gets why nobody is called
     */
    void dial(
            BrowserSeat from,
            String to,
            String name,
            Consumer<String> done,
            Consumer<SessionFault> refused) {
        if (Destination.read(to).isEmpty()) {
            refused.accept(SessionFault.bad("to must be a number, or a SIP address."));
            return;
        }
        if (dialled.size() + underWay >= MOST) {
            refused.accept(SessionFault.of(429, "Too many calls", "End one of your calls first."));
            return;
        }
        underWay++;
        CallOrder order =
                new CallOrder(
                        to,
                        from.room(),
                        ROLE,
                        "",
                        "",
                        DisplayText.line(name),
                        "",
                        Map.of(),
                        ringTimeout,
                        Duration.ZERO,
                        "",
                        false);
        LiveCalls.Placing placing = calls.place(order);
        signal.whenDone(
                placing.recorded(),
                (end, _) -> {
                    underWay--;
                    if (end == null) {
                        refused.accept(SessionFault.UNAVAILABLE);
                    } else if (end.isPresent()) {
                        refused.accept(fault(end.get()));
                    } else {
                        placed(placing.callId(), done, refused);
                    }
                });
    }

    private void placed(String callId, Consumer<String> done, Consumer<SessionFault> refused) {
        signal.whenDone(
                calls.get(callId),
                (row, _) -> {
                    Optional<String> participant =
                            row == null
                                    ? Optional.empty()
                                    : row.map(CallRow::participant).filter(id -> id != null);
                    if (participant.isEmpty()) {
                        refused.accept(SessionFault.UNAVAILABLE);
                    } else {
                        dialled.put(participant.get(), callId);
                        done.accept(participant.get());
                    }
                });
    }

    private static SessionFault fault(CallEnd end) {
        int status = end.reason().httpStatus();
        return new SessionFault(
                status == 0 ? 409 : status, "Not called", end.text(), end.reason().label(), 0);
    }

    /** Whether this page called it. */
    boolean isOwn(String participant) {
        return dialled.containsKey(participant);
    }

    /** It has left the room. */
    void left(String participant) {
        dialled.remove(participant);
    }
}

package dev.roomline.bridge.call;

import dev.roomline.sip.endpoint.CallHandle;
import dev.roomline.sip.endpoint.ClientEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Which placed call the SIP core speaks of, and what they all need to be placed. Owner: the
 * signalling loop.
 */
final class PlacedCalls {
    private DialPlan plan =
            _ ->
                    new DialPlan.Plan.Refused(
                            CallEnd.unavailable(EndReason.OVERLOADED, "The server is starting."),
                            List.of());
    private Roads roads = (_, found) -> found.accept(new Roads.NoAddress());
    private final Map<CallHandle, PlacedCall> byHandle = new HashMap<>();
    private long lastHandle;

    /** By which ways calls are placed; given once, before any is. */
    void connect(DialPlan plan, Roads roads) {
        this.plan = plan;
        this.roads = roads;
    }

    DialPlan plan() {
        return plan;
    }

    Roads roads() {
        return roads;
    }

    /** A name for an INVITE of that call. */
    CallHandle handle(PlacedCall call) {
        CallHandle handle = new CallHandle(++lastHandle);
        byHandle.put(handle, call);
        return handle;
    }

    /**
     * @param step runs what concerns a call with its names in the log
     */
    void raised(ClientEvent event, BiConsumer<PlacedCall, Runnable> step) {
        switch (event) {
            case ClientEvent.Placed placed -> {
                PlacedCall call = byHandle.get(placed.call());
                if (call != null) {
                    call.placed(placed.dialog(), placed.callId());
                }
            }
            case ClientEvent.Progressed progress ->
                    with(progress.call(), step, call -> call.progressed(progress));
            case ClientEvent.ForkEnded fork ->
                    with(
                            fork.call(),
                            step,
                            call ->
                                    call.decided(
                                            "trunk", "a second phone answered, and was hung up"));
            case ClientEvent.Ending ending ->
                    with(ending.call(), step, call -> call.concluded(ending));
            case ClientEvent.Concluded _ -> {}
        }
    }

    private void with(
            CallHandle handle, BiConsumer<PlacedCall, Runnable> step, Consumer<PlacedCall> then) {
        PlacedCall call = byHandle.get(handle);
        if (call != null) {
            step.accept(call, () -> then.accept(call));
        }
    }

    Optional<PlacedCall> find(CallHandle handle) {
        return Optional.ofNullable(byHandle.get(handle));
    }

    void forget(PlacedCall call) {
        call.handles().forEach(byHandle::remove);
    }
}

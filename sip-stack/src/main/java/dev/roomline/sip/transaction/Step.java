package dev.roomline.sip.transaction;

import java.util.List;

/** What a machine does in one state at one event. */
public record Step(State next, List<Action> actions) {
    public Step {
        actions = List.copyOf(actions);
    }

    static Step go(State next, Action... actions) {
        return new Step(next, List.of(actions));
    }
}

package dev.roomline.bridge.call;

import java.time.Instant;
import java.util.Locale;

/**
 * A call's way from one room into another: one step of it. Immutable.
 *
 * @param from the room that it is in, or was
 * @param to the room that it is to go to, or has
 * @param text one sentence for people
 */
public record Move(Step step, String from, String to, String text, Instant at) {

    /** How far it has come. */
    public enum Step {
        INITIATED,
        COMPLETED,
        FAILED
    }

    /** {@code initiated|completed|failed}. */
    public String state() {
        return step.name().toLowerCase(Locale.ROOT);
    }
}

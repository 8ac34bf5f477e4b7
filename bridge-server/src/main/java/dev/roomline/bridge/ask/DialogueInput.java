package dev.roomline.bridge.ask;

/** What happens to a {@link CodeDialogue}. */
public sealed interface DialogueInput {

    /** Sound flows. */
    record Begin() implements DialogueInput {}

    /**
     * @param key one of {@code 0-9*#A-D}
     */
    record Pressed(char key) implements DialogueInput {}

    /** What the caller entered was looked at. */
    record Judged(Judgement judgement) implements DialogueInput {}

    record DeadlineReached() implements DialogueInput {}

    /** What entered digits are. */
    sealed interface Judgement {
        /** It goes on elsewhere: nothing more is asked. */
        record Right() implements Judgement {}

        record Wrong() implements Judgement {}

        /** Right, and something else is wanted too. */
        record Further(Prompt question) implements Judgement {}

        /** No other try would help. */
        record Hopeless(Prompt why) implements Judgement {}
    }
}

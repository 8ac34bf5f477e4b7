package dev.roomline.bridge.ask;

/** What a {@link CodeDialogue} wants done, in order. */
public interface DialogueOutbox {

    /** Plays this, in the place of what was played. */
    void say(Prompt prompt);

    /** Plays nothing any more. */
    void hush();

    /** Looks at what was entered; {@link DialogueInput.Judged} follows. */
    void judge(String digits);

    /** All was said: the caller is to be hung up. */
    void part(Parting why);

    /** Why it came to nothing. */
    enum Parting {
        /** What was entered was not right, as often as may be tried. */
        WRONG,
        /** Nothing was ever entered. */
        SILENT,
        /** What was entered is right and leads nowhere now. */
        HOPELESS
    }
}

package dev.roomline.bridge.room;

import dev.roomline.media.loop.MediaListener.Loss;

/** What a room tells the call behind a phone. Called on the signalling loop. */
public interface PhoneLine {

    /** A key, while it waits for a room. */
    void pressed(char digit);

    /** Somebody removed it from the room. */
    void removed();

    /** The room was ended. */
    void roomEnded();

    /**
     * Something was done to it that its call's trace should tell.
     *
     * @param about a word: {@code api}, {@code media}
     * @param text one sentence
     */
    void noted(String about, String text);

    /** It is held, or not any more, because somebody asked for it; its media is so already. */
    void held(boolean held);

    /** Its media is over. */
    void mediaLost(Loss loss, String detail);
}

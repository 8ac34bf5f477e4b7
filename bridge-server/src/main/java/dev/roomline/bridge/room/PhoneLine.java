package dev.roomline.bridge.room;

import dev.roomline.media.loop.MediaListener.Loss;

/** What a room tells the call behind a phone. Called on the signalling loop. */
public interface PhoneLine {

    /** Somebody removed it from the room. */
    void removed();

    /** The room was ended. */
    void roomEnded();

    /** Its media is over. */
    void mediaLost(Loss loss, String detail);
}

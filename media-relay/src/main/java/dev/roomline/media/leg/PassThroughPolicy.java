package dev.roomline.media.leg;

/** Whether phones' packets go to browsers as they come. */
public enum PassThroughPolicy {
    /** Wherever a browser plays the codec, until it loses too much of it. */
    AUTO,
    /** Wherever a browser plays the codec. */
    ALWAYS,
    /** Everything is encoded anew, to Opus. */
    NEVER
}

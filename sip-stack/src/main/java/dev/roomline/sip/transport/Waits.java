package dev.roomline.sip.transport;

/**
 * How messages of one rank wait for the core.
 *
 * @param messages that wait now
 * @param longestSeconds that one of them has waited, or one that was served since the last time
 */
public record Waits(int messages, double longestSeconds) {
    public static final Waits NONE = new Waits(0, 0);
}

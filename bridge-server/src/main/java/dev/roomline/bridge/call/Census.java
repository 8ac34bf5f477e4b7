package dev.roomline.bridge.call;

/**
 * How many calls there are, by what they wait for.
 *
 * @param screening at the door: who calls, and where to, is being found out
 * @param ringing past the door, not answered
 * @param answered talking, or about to
 * @param ending hung up by us; the peer has not confirmed it
 * @param slow of those without an answer, those that have waited for more than half a second
 */
public record Census(int screening, int ringing, int answered, int ending, int slow) {
    public static final Census NONE = new Census(0, 0, 0, 0, 0);
}

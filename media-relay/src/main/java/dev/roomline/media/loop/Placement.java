package dev.roomline.media.loop;

/**
 * Which loop a new room goes to: the one that would be least busy. How busy loops are is measured
 * once a second; what came since is estimated by what the others there cost, so that many rooms at
 * once do not all go to the loop that was idle a moment ago.
 */
final class Placement {
    /** What a leg is taken to cost at least: a phone of one call, on a core of today. */
    private static final double LEG_UTILISATION = 0.003;

    /** What it is taken to cost at most, however few legs a busy loop had. */
    private static final double MAX_LEG_UTILISATION = 0.05;

    private Placement() {}

    /**
     * @param measured utilisation when it was last measured, 0 to 1
     * @param weightThen legs at that time, or rooms if there were more of these: a room that was
     *     just opened is about to get a leg
     * @param weightNow the same now
     * @return the utilisation to be expected; more than 1 if the loop cannot bear what it has
     */
    static double expected(double measured, int weightThen, int weightNow) {
        double perLeg =
                Math.clamp(
                        measured / Math.max(1, weightThen), LEG_UTILISATION, MAX_LEG_UTILISATION);
        return Math.max(0, measured + (weightNow - weightThen) * perLeg);
    }
}

package dev.roomline.bridge.overload;

/**
 * How the server is at one moment.
 *
 * @param mediaUtilisation of the least busy media loop, 0 to 1
 * @param lateTickShare of all media ticks of the last second, those more than 20 ms late, 0 to 1; 0
 *     while too few rooms tick to tell
 * @param signalUtilisation of the signalling loop since the vitals before, 0 to 1
 * @param signalLagSeconds how late its timer ran
 * @param strangerWaitSeconds the longest that a new call by a stranger has waited for the SIP core
 *     since the vitals before
 * @param knownWaitSeconds the same of somebody who is known
 * @param queueFill of the fullest queue between threads, 0 to 1; more than 1 if one has refused
 * @param slowSetups calls that have waited for our answer for more than half a second
 * @param heapAfterCollection share of the heap that the last collection left in use, 0 to 1
 */
public record Vitals(
        double mediaUtilisation,
        double lateTickShare,
        double signalUtilisation,
        double signalLagSeconds,
        double strangerWaitSeconds,
        double knownWaitSeconds,
        double queueFill,
        int slowSetups,
        double heapAfterCollection) {
    public static final Vitals CALM = new Vitals(0, 0, 0, 0, 0, 0, 0, 0, 0);

    double of(Strain strain) {
        return switch (strain) {
            case MEDIA_LOOPS -> mediaUtilisation;
            case LATE_TICKS -> lateTickShare;
            case SIGNAL_LOOP -> signalUtilisation;
            case SIGNAL_LAG -> signalLagSeconds;
            case STRANGER_WAIT -> strangerWaitSeconds;
            case KNOWN_WAIT -> knownWaitSeconds;
            case QUEUES -> queueFill;
            case SLOW_SETUPS -> slowSetups;
            case HEAP -> heapAfterCollection;
        };
    }
}

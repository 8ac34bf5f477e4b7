package dev.roomline.bridge.call;

import dev.roomline.bridge.metrics.CallQuality;
import dev.roomline.media.loop.MediaRoom.LegReport;

/** How a leg sounded at its end, as metrics want it. Stateless. */
public final class CallSound {
    private CallSound() {}

    public static CallQuality of(LegReport leg) {
        return new CallQuality(
                known(leg.received().mos()),
                known(leg.sent().mos()),
                known(leg.received().lossShare()),
                known(leg.sent().lossShare()),
                known(leg.received().burstRatio()),
                known(leg.received().jitterMillis()),
                known(leg.sent().jitterMillis()),
                known(leg.rttMillis()),
                known(leg.concealedShare()));
    }

    /** The media relay says −1 for what it does not know; metrics leave NaN out. */
    private static double known(double value) {
        return value < 0 ? Double.NaN : value;
    }
}

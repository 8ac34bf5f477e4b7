package dev.roomline.bridge.metrics;

/**
 * How an answered call, or a browser or program, sounded at its end. What is not known is NaN.
 *
 * @param mosReceived of what the far end sent, 1 to 4.5 (G.107)
 * @param mosSent of what we sent
 * @param lossReceived 0 to 1
 * @param burstRatioReceived how losses came (G.107): 1 at random, more in runs
 * @param concealed share of what was played that was made up, 0 to 1
 */
public record CallQuality(
        double mosReceived,
        double mosSent,
        double lossReceived,
        double lossSent,
        double burstRatioReceived,
        double jitterReceivedMillis,
        double jitterSentMillis,
        double roundTripMillis,
        double concealed) {}

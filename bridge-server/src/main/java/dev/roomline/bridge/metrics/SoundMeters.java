package dev.roomline.bridge.metrics;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;

/**
 * Histograms of how legs sounded at their end: those of calls, or those of browsers. Any thread.
 */
final class SoundMeters {
    private static final double[] MOS = {1.5, 2, 2.5, 3, 3.3, 3.6, 3.8, 4, 4.1, 4.2, 4.3, 4.4};
    private static final double[] RATIO = {0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5};
    private static final double[] BURST_RATIO = {1, 1.25, 1.5, 2, 3, 5, 10, 20};
    private static final double[] NETWORK_SECONDS = {
        0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1
    };

    private final Histogram mos;
    private final Histogram loss;
    private final Histogram burstRatio;
    private final Histogram jitter;
    private final Histogram roundTrip;
    private final Histogram concealed;

    /** Under which names. */
    record Names(
            Metric mos,
            Metric loss,
            Metric burstRatio,
            Metric jitter,
            Metric roundTrip,
            Metric concealed) {

        static final Names CALLS =
                new Names(
                        Metric.CALL_MOS,
                        Metric.CALL_LOSS,
                        Metric.CALL_BURST_RATIO,
                        Metric.CALL_JITTER,
                        Metric.CALL_ROUND_TRIP,
                        Metric.CALL_CONCEALED);

        static final Names BROWSERS =
                new Names(
                        Metric.BROWSER_MOS,
                        Metric.BROWSER_LOSS,
                        Metric.BROWSER_BURST_RATIO,
                        Metric.BROWSER_JITTER,
                        Metric.BROWSER_ROUND_TRIP,
                        Metric.BROWSER_CONCEALED);
    }

    SoundMeters(Meters meters, Names names) {
        mos = meters.histogram(names.mos(), MOS);
        loss = meters.histogram(names.loss(), RATIO);
        burstRatio = meters.histogram(names.burstRatio(), BURST_RATIO);
        jitter = meters.histogram(names.jitter(), NETWORK_SECONDS);
        roundTrip = meters.histogram(names.roundTrip(), NETWORK_SECONDS);
        concealed = meters.histogram(names.concealed(), RATIO);
        for (Histogram each : List.of(mos, loss, jitter)) {
            each.initLabelValues("received");
            each.initLabelValues("sent");
        }
    }

    void observe(CallQuality quality) {
        observe(mos.labelValues("received"), quality.mosReceived());
        observe(mos.labelValues("sent"), quality.mosSent());
        observe(loss.labelValues("received"), quality.lossReceived());
        observe(loss.labelValues("sent"), quality.lossSent());
        observe(burstRatio, quality.burstRatioReceived());
        observe(jitter.labelValues("received"), quality.jitterReceivedMillis() / 1_000);
        observe(jitter.labelValues("sent"), quality.jitterSentMillis() / 1_000);
        observe(roundTrip, quality.roundTripMillis() / 1_000);
        observe(concealed, quality.concealed());
    }

    private static void observe(DistributionDataPoint histogram, double value) {
        if (value >= 0) { // not NaN, nor the −1 of what is unknown
            histogram.observe(value);
        }
    }
}

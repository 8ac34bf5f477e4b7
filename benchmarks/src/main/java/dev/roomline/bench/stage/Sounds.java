package dev.roomline.bench.stage;

import java.util.Random;

/** Sound that a coder takes for speech: a hum with overtones, swelling and ebbing, over noise. */
final class Sounds {
    private static final double HUM_HERTZ = 130;
    private static final int OVERTONES = 20;
    private static final double SWELL_HERTZ = 3;

    private Sounds() {}

    static short[] voiced(int samples, int rateHz) {
        Random random = new Random(1);
        short[] sound = new short[samples];
        for (int n = 0; n < samples; n++) {
            double t = (double) n / rateHz;
            double sum = 0;
            for (int k = 1; k <= OVERTONES && k * HUM_HERTZ < rateHz / 2.2; k++) {
                sum += Math.sin(2 * Math.PI * k * HUM_HERTZ * t) / k;
            }
            double swell = 0.6 + 0.4 * Math.sin(2 * Math.PI * SWELL_HERTZ * t);
            sound[n] = (short) (4_000 * swell * sum + 60 * random.nextGaussian());
        }
        return sound;
    }
}

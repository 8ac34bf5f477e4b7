package dev.roomline.media.leg;

import java.util.Random;

/** Sounds that a speaker of a test makes, at 16 kHz. */
final class Voices {
    static final int RATE = 16_000;

    private Voices() {}

    /** A steady sine. */
    static short[] tone(double hertz, double amplitude, int seconds) {
        short[] pcm = new short[seconds * RATE];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) Math.round(amplitude * Math.sin(2 * Math.PI * hertz * i / RATE));
        }
        return pcm;
    }

    /**
     * Something like speech that never repeats itself: syllables of 120 to 300 ms, voiced with a
     * gliding pitch and changing formants, or hissed; between them short closures.
     */
    static short[] speech(long seed, int seconds) {
        Random random = new Random(seed);
        short[] pcm = new short[seconds * RATE];
        double phase = 0;
        int at = 0;
        while (at < pcm.length) {
            int length = RATE * (120 + random.nextInt(180)) / 1_000;
            boolean voiced = random.nextInt(5) > 0;
            double pitch = 95 + random.nextInt(80);
            double glide = (random.nextDouble() - 0.5) * 30;
            double first = 350 + random.nextInt(450);
            double second = 900 + random.nextInt(1_300);
            double loud = 1_500 + random.nextInt(3_500);
            double hiss = 0;
            for (int i = 0; i < length && at < pcm.length; i++, at++) {
                double envelope = Math.pow(Math.sin(Math.PI * i / length), 0.5);
                double sample;
                if (voiced) {
                    double f0 = pitch + glide * i / length;
                    phase += 2 * Math.PI * f0 / RATE;
                    sample = loud * voice(phase, f0, first, second);
                } else {
                    hiss = random.nextGaussian() - 0.7 * hiss;
                    sample = loud / 8 * hiss;
                }
                pcm[at] = (short) Math.round(envelope * sample);
            }
            at += RATE * random.nextInt(90) / 1_000;
        }
        return pcm;
    }

    private static double voice(double phase, double f0, double first, double second) {
        double sum = 0;
        for (int k = 1; k * f0 < 3_200; k++) {
            double f = k * f0;
            double gain =
                    1 / (1 + square((f - first) / 120)) + 0.5 / (1 + square((f - second) / 180));
            sum += gain * Math.sin(k * phase);
        }
        return sum;
    }

    private static double square(double x) {
        return x * x;
    }

    /**
     * Speaks for so many seconds, then pauses (but for a little noise) for as many, again and
     * again.
     */
    static short[] withPauses(short[] pcm, double spurtSeconds, int noise) {
        Random random = new Random(77);
        short[] paused = pcm.clone();
        double period = 2 * spurtSeconds * RATE;
        int edge = RATE / 50;
        for (int i = 0; i < paused.length; i++) {
            double into = i % period;
            double gain = Math.clamp((spurtSeconds * RATE - into) / edge, 0, 1);
            gain = Math.min(gain, Math.clamp(into / edge, 0, 1));
            paused[i] = (short) Math.round(paused[i] * gain + noise * random.nextGaussian());
        }
        return paused;
    }
}

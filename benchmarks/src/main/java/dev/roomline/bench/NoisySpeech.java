package dev.roomline.bench;

import java.util.Random;

/**
 * What is said into a telephone where it is not quiet: each kind of noise is made anew from the
 * same seed, so that every run hears the same.
 *
 * @param said without noise
 * @param heard with it
 * @param speaks whether each 20 ms of it are speech
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record NoisySpeech(short[] said, short[] heard, boolean[] speaks) {
    /** What else is to be heard. */
    enum Noise {
        /** A fan: every frequency alike. */
        WHITE,
        /** A street: deep sounds are louder. */
        STREET,
        /** An engine: deep, with a hum of 100 Hz and what belongs to it. */
        ENGINE,
        /** Other people who talk. */
        BABBLE
    }

    /** Speech stands this far below the loudest that there is. */
    private static final double SPEECH_RMS = 2_500;

    private static final double QUIET_RMS = 60;

    /** Noise alone before somebody speaks, as a call begins. */
    private static final int LEAD_SECONDS = 2;

    static NoisySpeech of(
            short[] voice, short[] others, Noise noise, double snrDb, double levelDb, int rate) {
        short[] said = new short[voice.length + LEAD_SECONDS * rate];
        double gain = SPEECH_RMS / rms(voice) * Math.pow(10, levelDb / 20);
        for (int i = 0; i < voice.length; i++) {
            said[i + LEAD_SECONDS * rate] = sample(voice[i] * gain);
        }
        double[] around = around(noise, others, said.length, rate);
        double loud = SPEECH_RMS * Math.pow(10, (levelDb - snrDb) / 20) / rms(around);
        short[] heard = new short[said.length];
        for (int i = 0; i < heard.length; i++) {
            heard[i] = sample(said[i] + loud * around[i]);
        }
        boolean[] speaks = new boolean[said.length / (rate / 50)];
        for (int f = 0; f < speaks.length; f++) {
            speaks[f] =
                    rms(said, f * rate / 50, rate / 50) > QUIET_RMS * Math.pow(10, levelDb / 20);
        }
        return new NoisySpeech(said, heard, speaks);
    }

    private static double[] around(Noise noise, short[] others, int length, int rate) {
        Random random = new Random(42);
        double[] out = new double[length];
        double low = 0;
        double phase = 0;
        for (int i = 0; i < length; i++) {
            double white = random.nextGaussian();
            low += (white - low) * 0.06 * 8_000 / rate;
            phase += 2 * Math.PI * 100 / rate;
            out[i] =
                    switch (noise) {
                        case WHITE -> white;
                        case STREET -> low + 0.05 * white;
                        case ENGINE ->
                                low
                                        + 0.2 * Math.sin(phase)
                                        + 0.15 * Math.sin(2 * phase)
                                        + 0.1 * Math.sin(3 * phase);
                        case BABBLE -> babble(others, i, rate);
                    };
        }
        return out;
    }

    private static double babble(short[] others, int at, int rate) {
        double sum = 0;
        for (int k = 0; k < 6; k++) {
            sum += others[(at + k * (17 * rate / 10) + k * k * 311) % others.length];
        }
        return sum;
    }

    private static short sample(double value) {
        return (short) Math.clamp(Math.round(value), Short.MIN_VALUE, Short.MAX_VALUE);
    }

    static double rms(short[] pcm, int from, int length) {
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += (double) pcm[i] * pcm[i];
        }
        return Math.sqrt(sum / length);
    }

    private static double rms(short[] pcm) {
        return rms(pcm, 0, pcm.length);
    }

    private static double rms(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum / values.length);
    }
}

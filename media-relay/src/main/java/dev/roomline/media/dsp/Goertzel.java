package dev.roomline.media.dsp;

/**
 * Measures one frequency in a piece of sound: what tests and in-band detection listen with. Give it
 * whole periods, or at least a tenth of a second, for a clean figure.
 */
public final class Goertzel {
    private Goertzel() {}

    /** The power of a frequency as mean square: a sine of amplitude A gives A²/2. */
    public static double power(
            short[] pcm, int at, int samples, double frequency, double sampleRate) {
        double[] fit = fit(pcm, at, samples, frequency, sampleRate);
        return (fit[0] * fit[0] + fit[1] * fit[1]) / 2;
    }

    /** The level of a frequency in dBov. */
    public static double dbov(
            short[] pcm, int at, int samples, double frequency, double sampleRate) {
        double power = power(pcm, at, samples, frequency, sampleRate);
        return power <= 0 ? Level.SILENCE : 10 * Math.log10(power / (32_767.0 * 32_767.0));
    }

    /** How far a tone stands above everything else in the piece, in dB: its SNR. */
    public static double snr(
            short[] pcm, int at, int samples, double frequency, double sampleRate) {
        double[] fit = fit(pcm, at, samples, frequency, sampleRate);
        double omega = 2 * Math.PI * frequency / sampleRate;
        double signal = 0;
        double rest = 0;
        for (int i = 0; i < samples; i++) {
            double tone = fit[0] * Math.cos(omega * i) + fit[1] * Math.sin(omega * i);
            double error = pcm[at + i] - tone;
            signal += tone * tone;
            rest += error * error;
        }
        return 10 * Math.log10(signal / Math.max(rest, 1e-9));
    }

    /** Least squares: exact for any length, where the bare recursion needs whole periods. */
    private static double[] fit(
            short[] pcm, int at, int samples, double frequency, double sampleRate) {
        double omega = 2 * Math.PI * frequency / sampleRate;
        double cc = 0;
        double ss = 0;
        double cs = 0;
        double xc = 0;
        double xs = 0;
        for (int i = 0; i < samples; i++) {
            double c = Math.cos(omega * i);
            double s = Math.sin(omega * i);
            cc += c * c;
            ss += s * s;
            cs += c * s;
            xc += pcm[at + i] * c;
            xs += pcm[at + i] * s;
        }
        double determinant = cc * ss - cs * cs;
        if (Math.abs(determinant) < 1e-9) {
            return new double[] {cc == 0 ? 0 : xc / cc, 0};
        }
        return new double[] {(xc * ss - xs * cs) / determinant, (xs * cc - xc * cs) / determinant};
    }
}

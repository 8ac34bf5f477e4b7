package dev.roomline.media.dsp;

/** A sine that goes on from call to call: a measuring signal. Owner: whoever made it. */
public final class Tone {
    private final double step;
    private final double amplitude;
    private double phase;

    /**
     * @param levelDbov RMS level; −3.01 is a full-scale sine
     */
    public Tone(double frequency, double sampleRate, double levelDbov) {
        step = 2 * Math.PI * frequency / sampleRate;
        amplitude = Level.amplitude(levelDbov) * Math.sqrt(2);
    }

    public void generate(short[] pcm, int at, int samples) {
        for (int i = at; i < at + samples; i++) {
            pcm[i] = HalfBand.saturate((float) (amplitude * Math.sin(phase)));
            phase += step;
            if (phase > Math.PI) {
                phase -= 2 * Math.PI;
            }
        }
    }
}

package dev.roomline.media.dtmf;

/**
 * Draws the keys of a {@link DtmfSender} into sound, for whoever agreed to no telephone events:
 * each is two tones (ITU-T Q.23), the higher 2 dB above the lower (ETSI ES 201 235-2 §4.2.2), in
 * the place of what else is heard, which fades away before the first and comes back after the last.
 * Nothing begins or ends in less than 5 ms, so that it does not click. Owner: the media loop of the
 * leg.
 */
public final class KeyTones {
    private static final int FRAMES_A_SECOND = 50;
    private static final int FADES_A_SECOND = 200;

    /** −10 and −8 dBm0, where a sine of full scale is +3.14 (ITU-T G.711 table 5). */
    private static final double LOW_AMPLITUDE = 7_220;

    private static final double HIGH_AMPLITUDE = 9_090;

    private static final double[] LOW = {697, 770, 852, 941};
    private static final double[] HIGH = {1_209, 1_336, 1_477, 1_633};
    private static final String PAD = "123A456B789C*0#D";
    private static final String EVENTS = "0123456789*#ABCD";

    private final DtmfSender keys;
    private double lowPhase;
    private double highPhase;

    /** The key before is let go: its tones die away. */
    private boolean ending;

    private int lastEvent;

    /** How much of the other sound is heard, 0 to 1. */
    private double sound = 1;

    public KeyTones(DtmfSender keys) {
        this.keys = keys;
    }

    /** Keys wait or are pressed, or the sound beside them is not back yet. */
    public boolean busy() {
        return !keys.idle() || sound < 1;
    }

    /**
     * 20 ms later: what is heard then.
     *
     * @param pcm what would be heard without keys
     * @param samples 20 ms: 160 at 8 kHz, 320 at 16
     */
    public void draw(short[] pcm, int samples) {
        keys.step();
        double fade = (double) FADES_A_SECOND / (samples * FRAMES_A_SECOND);
        double change = keys.hushes() ? -fade : fade;
        for (int i = 0; i < samples; i++) {
            sound = Math.clamp(sound + change, 0, 1);
            pcm[i] = (short) Math.round(sound * pcm[i]);
        }
        if (keys.first()) {
            lowPhase = 0;
            highPhase = 0;
        }
        if (keys.down()) {
            lastEvent = keys.event();
            tones(pcm, samples, fade, samples);
        } else if (ending) {
            tones(pcm, samples, fade, (int) Math.round(1 / fade));
        }
        ending = keys.last();
    }

    /** Draws a key's tones: the beginning of its first frame rises, what follows its last falls. */
    private void tones(short[] pcm, int samples, double fade, int count) {
        int place = PAD.indexOf(EVENTS.charAt(lastEvent));
        double turn = 2 * Math.PI / (samples * FRAMES_A_SECOND);
        for (int i = 0; i < count; i++) {
            double rise = keys.first() ? Math.min(1, i * fade) : 1;
            double gain = keys.down() ? rise : 1 - i * fade;
            double tone = LOW_AMPLITUDE * Math.sin(lowPhase) + HIGH_AMPLITUDE * Math.sin(highPhase);
            long sum = Math.round(pcm[i] + gain * tone);
            pcm[i] = (short) Math.clamp(sum, Short.MIN_VALUE, Short.MAX_VALUE);
            lowPhase += turn * LOW[place / 4];
            highPhase += turn * HIGH[place % 4];
        }
    }
}

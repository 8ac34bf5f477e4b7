package dev.roomline.media.dsp;

import org.jspecify.annotations.Nullable;

/**
 * Gives noise the spectrum that RFC 3389 §3.2 describes: reflection coefficients of an all-pole
 * filter at 8 kHz, run as a lattice, which is stable for any that are below one. Owner: its {@link
 * ComfortNoise}.
 */
final class NoiseColour {
    /** RFC 3389 leaves the order open; more tells of nothing in 4 kHz. */
    static final int MOST = 12;

    private final double[] wanted = new double[MOST];
    private final double[] backward = new double[MOST + 1];
    private final boolean toWide;

    /** Made with the first spectrum: few phones send one. */
    private @Nullable Resampling resampling;

    private int order;
    private double power = 1;

    /** From 8 to 16 kHz, in pieces of any size. */
    private static final class Resampling {
        final Doubler doubler = new Doubler();
        final short[] narrow = new short[HalfBand.BLOCK];
        final short[] wide = new short[2 * HalfBand.BLOCK];
        boolean carried;
        short carry;
    }

    /**
     * @param toWide whether it is wanted at 16 kHz, else at 8
     */
    NoiseColour(boolean toWide) {
        this.toWide = toWide;
    }

    /** Takes the octets behind the level; none: the noise keeps its own colour. */
    void set(byte[] payload, int at, int count) {
        order = Math.min(count, MOST);
        power = 1;
        for (int i = 0; i < order; i++) {
            // §3.2: 127 stands for zero; 255 is not used
            int octet = Math.min(payload[at + i] & 0xFF, 254);
            wanted[i] = Math.clamp(258 * (octet - 127) / 32_768.0, -0.995, 0.995);
            power *= 1 - wanted[i] * wanted[i];
        }
    }

    void clear() {
        order = 0;
    }

    boolean isSet() {
        return order > 0;
    }

    /** By how much the filter would amplify white noise is taken away before. */
    private double filter(double white) {
        double forward = white * Math.sqrt(power);
        for (int i = order - 1; i >= 0; i--) {
            forward -= wanted[i] * backward[i];
            backward[i + 1] = backward[i] + wanted[i] * forward;
        }
        backward[0] = forward;
        return forward;
    }

    /** One source of white noise. */
    interface White {
        double next();
    }

    /** Writes noise. */
    void generate(White white, short[] pcm, int at, int samples) {
        if (toWide) {
            Resampling to = resampling == null ? new Resampling() : resampling;
            resampling = to;
            generateWide(to, white, pcm, at, samples);
        } else {
            narrow(white, pcm, at, samples);
        }
    }

    private void narrow(White white, short[] pcm, int at, int samples) {
        for (int i = at; i < at + samples; i++) {
            pcm[i] = HalfBand.saturate((float) filter(white.next()));
        }
    }

    private void generateWide(Resampling to, White white, short[] pcm, int at, int samples) {
        int done = 0;
        if (to.carried && samples > 0) {
            pcm[at] = to.carry;
            to.carried = false;
            done = 1;
        }
        while (done < samples) {
            int pairs = Math.min((samples - done + 1) / 2, to.narrow.length);
            narrow(white, to.narrow, 0, pairs);
            to.doubler.process(to.narrow, 0, pairs, to.wide, 0);
            int taken = Math.min(2 * pairs, samples - done);
            System.arraycopy(to.wide, 0, pcm, at + done, taken);
            if (taken < 2 * pairs) {
                to.carry = to.wide[taken];
                to.carried = true;
            }
            done += taken;
        }
    }
}

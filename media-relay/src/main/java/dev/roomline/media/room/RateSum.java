package dev.roomline.media.room;

import static dev.roomline.media.dsp.Resampler.NARROW;
import static dev.roomline.media.dsp.Resampler.NARROW_MEMORY;
import static dev.roomline.media.dsp.Resampler.WIDE;
import static dev.roomline.media.dsp.Resampler.WIDE_MEMORY;

import dev.roomline.media.dsp.Resampler;
import dev.roomline.media.leg.Voice;
import java.util.Arrays;

/**
 * Voices summed in 32 bits, those of 8 kHz apart from those of 16, and to be had at either rate:
 * what is of the other rate is filtered once for all who hear it. So G.711 to G.711 never passes a
 * filter, whoever else is in the room. Owner: the room.
 */
final class RateSum {
    private final Resampler resampler;

    /** Each: the end of the tick before, then this tick. */
    private final int[] narrow = new int[NARROW_MEMORY + NARROW];

    private final int[] wide = new int[WIDE_MEMORY + WIDE];
    private final int[] allNarrow = new int[NARROW];
    private final int[] allWide = new int[WIDE];
    private boolean narrowMade;
    private boolean wideMade;
    private int voices;

    /** Ticks for which a line must still be moved on: one more than there is sound in it. */
    private int narrowLasts;

    private int wideLasts;

    RateSum(Resampler resampler) {
        this.resampler = resampler;
    }

    /** Begins the next 20 ms. */
    void begin() {
        voices = 0;
        narrowMade = false;
        wideMade = false;
        if (narrowLasts > 0) {
            narrowLasts--;
            System.arraycopy(narrow, NARROW, narrow, 0, NARROW_MEMORY);
            Arrays.fill(narrow, NARROW_MEMORY, narrow.length, 0);
        }
        if (wideLasts > 0) {
            wideLasts--;
            System.arraycopy(wide, WIDE, wide, 0, WIDE_MEMORY);
            Arrays.fill(wide, WIDE_MEMORY, wide.length, 0);
        }
    }

    /** Adds a voice of this tick. */
    void add(Voice voice) {
        voices++;
        addNarrow(voice);
        addWide(voice);
    }

    /** Adds what of a voice is of 8 kHz. */
    void addNarrow(Voice voice) {
        short[] frame = voice.narrow();
        if (frame != null) {
            narrowLasts = 2;
            for (int i = 0; i < NARROW; i++) {
                narrow[NARROW_MEMORY + i] += frame[i];
            }
        }
    }

    /** Adds what of a voice is of 16 kHz. */
    void addWide(Voice voice) {
        short[] frame = voice.wide();
        if (frame != null) {
            wideLasts = 2;
            for (int i = 0; i < WIDE; i++) {
                wide[WIDE_MEMORY + i] += frame[i];
            }
        }
    }

    /** How many voices are in it. */
    int voices() {
        return voices;
    }

    /** Whether nothing is in it, nor an end of what was. */
    boolean isSilent() {
        return narrowLasts == 0 && wideLasts == 0;
    }

    /** Everything at 8 kHz; to be asked when all voices are in it. */
    int[] narrow() {
        if (!narrowMade) {
            narrowMade = true;
            System.arraycopy(narrow, NARROW_MEMORY, allNarrow, 0, NARROW);
            if (wideLasts > 0) {
                resampler.addHalved(wide, allNarrow);
            }
        }
        return allNarrow;
    }

    /** Everything at 16 kHz; to be asked when all voices are in it. */
    int[] wide() {
        if (!wideMade) {
            wideMade = true;
            System.arraycopy(wide, WIDE_MEMORY, allWide, 0, WIDE);
            if (narrowLasts > 0) {
                resampler.addDoubled(narrow, allWide);
            }
        }
        return allWide;
    }
}

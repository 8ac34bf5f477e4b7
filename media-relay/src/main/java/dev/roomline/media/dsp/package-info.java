/**
 * Sample arithmetic: resampling, levels, limiter, tones, voice activity. Start at {@link
 * dev.roomline.media.dsp.Mix} and {@link dev.roomline.media.dsp.Level}. No state is shared between
 * instances; the owner of an instance is the loop that made it. Depends on nothing.
 */
@NullMarked
package dev.roomline.media.dsp;

import org.jspecify.annotations.NullMarked;

/**
 * Sample arithmetic: resampling, levels, limiter, tones, voice activity. No state is shared between
 * instances.
 */
@NullMarked
package dev.roomline.media.dsp;

import org.jspecify.annotations.NullMarked;

/**
 * Speech as it is made better for those who hear it: noise suppressed, loudness evened. Start at
 * {@link dev.roomline.media.enhance.Enhancement}. The work is done by libspeexdsp, where the
 * machine has it. Owner: each {@link dev.roomline.media.enhance.SpeechEnhancer} belongs to the loop
 * that opened it. Depends on nothing.
 */
@NullMarked
package dev.roomline.media.enhance;

import org.jspecify.annotations.NullMarked;

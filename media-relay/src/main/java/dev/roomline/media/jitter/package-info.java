/**
 * The jitter buffer: adapts to the network, conceals what is lost, hands out 20 ms at 16 kHz.
 * Sans-IO. Start at {@link dev.roomline.media.jitter.JitterBuffer}. Owner: the media loop. Depends
 * on {@code codec}, {@code dsp} and {@code rtp}.
 */
@NullMarked
package dev.roomline.media.jitter;

import org.jspecify.annotations.NullMarked;

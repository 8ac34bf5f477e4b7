/**
 * The jitter buffer: adapts to the network, conceals what is lost, hands out 20 ms at 16 kHz.
 * Sans-IO. Owner: the media loop.
 */
@NullMarked
package dev.roomline.media.jitter;

import org.jspecify.annotations.NullMarked;

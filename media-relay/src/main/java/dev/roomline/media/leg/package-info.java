/**
 * One participant's ear and mouth: its address, keys, codecs, jitter buffer, assembled in the order
 * sound flows. Owner: the media loop.
 */
@NullMarked
package dev.roomline.media.leg;

import org.jspecify.annotations.NullMarked;

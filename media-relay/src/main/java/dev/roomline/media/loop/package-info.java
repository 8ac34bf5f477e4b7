/**
 * The media loops: sockets, timers, which rooms each holds; and the relay's face to the product,
 * {@link dev.roomline.media.loop.MediaRelay}.
 */
@NullMarked
package dev.roomline.media.loop;

import org.jspecify.annotations.NullMarked;

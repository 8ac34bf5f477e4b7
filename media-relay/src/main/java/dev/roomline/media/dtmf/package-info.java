/** Telephone events (RFC 4733) received and sent. Owner: the media loop. */
@NullMarked
package dev.roomline.media.dtmf;

import org.jspecify.annotations.NullMarked;

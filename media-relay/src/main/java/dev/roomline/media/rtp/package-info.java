/**
 * RTP packets as views over byte arrays (RFC 3550 §5, RFC 8285), sequence and timestamp arithmetic.
 * Owner: the media loop.
 */
@NullMarked
package dev.roomline.media.rtp;

import org.jspecify.annotations.NullMarked;

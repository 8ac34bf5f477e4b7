/**
 * DTLS-SRTP (RFC 5764) on Bouncy Castle: handshakes run on virtual threads, fed and read through
 * bounded queues.
 */
@NullMarked
package dev.roomline.media.dtls;

import org.jspecify.annotations.NullMarked;

/**
 * RTP packets as views over byte arrays (RFC 3550 §5, RFC 8285), sequence and timestamp arithmetic.
 * Start at {@link dev.roomline.media.rtp.RtpPacket} for what comes in, {@link
 * dev.roomline.media.rtp.RtpWriter} for what goes out. Owner: the media loop. Depends on nothing.
 */
@NullMarked
package dev.roomline.media.rtp;

import org.jspecify.annotations.NullMarked;

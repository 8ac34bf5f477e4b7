/** SRTP and SRTCP (RFC 3711, RFC 7714) on jitsi-srtp. Owner: the media loop. */
@NullMarked
package dev.roomline.media.srtp;

import org.jspecify.annotations.NullMarked;

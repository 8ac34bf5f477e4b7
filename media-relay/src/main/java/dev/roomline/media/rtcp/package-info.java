/**
 * RTCP packets and the statistics behind them (RFC 3550 §6 and appendix A, RFC 4585). Owner: the
 * media loop.
 */
@NullMarked
package dev.roomline.media.rtcp;

import org.jspecify.annotations.NullMarked;

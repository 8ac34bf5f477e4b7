/**
 * RTCP packets and the statistics behind them (RFC 3550 §6 and appendix A, RFC 4585). Start at
 * {@link dev.roomline.media.rtcp.RtcpParser}, {@link dev.roomline.media.rtcp.RtcpWriter} and {@link
 * dev.roomline.media.rtcp.ReceptionStatistics}. Owner: the media loop. Depends on {@code rtp}.
 */
@NullMarked
package dev.roomline.media.rtcp;

import org.jspecify.annotations.NullMarked;

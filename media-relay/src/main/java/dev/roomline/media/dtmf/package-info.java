/**
 * Pressed keys: as telephone events (RFC 4733) and as tones (ITU-T Q.23, Q.24), in and out. Start
 * at {@link dev.roomline.media.dtmf.DtmfReceiver} and {@link dev.roomline.media.dtmf.DtmfSender}.
 * Owner: the media loop. Depends on nothing.
 */
@NullMarked
package dev.roomline.media.dtmf;

import org.jspecify.annotations.NullMarked;

/**
 * Telephone events received (RFC 4733). Start at {@link dev.roomline.media.dtmf.DtmfReceiver}.
 * Owner: the media loop. Depends on nothing.
 */
@NullMarked
package dev.roomline.media.dtmf;

import org.jspecify.annotations.NullMarked;

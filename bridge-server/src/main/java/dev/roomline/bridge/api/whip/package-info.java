/**
 * WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep-03): whoever publishes into a room by one POST of
 * an offer, or hears its mix, is a participant as any other. Start at {@link
 * dev.roomline.bridge.api.whip.WhipEndpoint}. Virtual threads. May depend on {@code api}, {@code
 * room}, {@code store} and {@code peer}'s ICE servers.
 */
@NullMarked
package dev.roomline.bridge.api.whip;

import org.jspecify.annotations.NullMarked;

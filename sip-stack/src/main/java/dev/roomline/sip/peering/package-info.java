/**
 * What keeps us known to a peer and tells whether it lives: REGISTER ({@link
 * dev.roomline.sip.peering.Registration}) and OPTIONS ({@link dev.roomline.sip.peering.Ping}).
 * Sans-IO machines over the endpoint's commands. Owner thread: the signalling loop.
 *
 * <p>May depend on {@code endpoint}, {@code auth}, {@code message}. Specs: RFC 3261 §10.2, §11.1,
 * RFC 5626 §4.5 (how long to wait after a failure).
 */
@NullMarked
package dev.roomline.sip.peering;

import org.jspecify.annotations.NullMarked;

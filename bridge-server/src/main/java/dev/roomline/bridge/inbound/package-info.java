/**
 * Where a call comes in: who may call, which room, under what name; the refusals. Owner: the
 * signalling loop.
 */
@NullMarked
package dev.roomline.bridge.inbound;

import org.jspecify.annotations.NullMarked;

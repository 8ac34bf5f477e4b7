/**
 * Where a call goes that we place: which number is meant, whether it may be called, over which
 * trunk, under which caller id. Start at {@link dev.roomline.bridge.outbound.Dialer}. Owner: the
 * signalling loop. Specs: ITU-T E.164, RFC 3261 §8.1.1, RFC 3323, RFC 3325.
 */
@NullMarked
package dev.roomline.bridge.outbound;

import org.jspecify.annotations.NullMarked;

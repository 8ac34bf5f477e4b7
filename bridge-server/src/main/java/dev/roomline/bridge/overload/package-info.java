/**
 * When the server has enough: what strains it, when it says so, and what share of new calls is let
 * in meanwhile. Start at {@link dev.roomline.bridge.overload.OverloadControl}, which is sans-IO;
 * {@link dev.roomline.bridge.overload.Pulse} feeds it. Owner: the signalling loop.
 */
@NullMarked
package dev.roomline.bridge.overload;

import org.jspecify.annotations.NullMarked;

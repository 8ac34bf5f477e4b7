/**
 * The whole server against real peers: SIPp, baresip, Chromium, libwebrtc. {@link
 * dev.roomline.system.BridgeProcess} is where to start: it runs the built server as {@code
 * scripts/run} does, on free ports of the loopback, with a store of its own. Tests wait for
 * conditions; a peer that is not installed fails the test.
 */
@NullMarked
package dev.roomline.system;

import org.jspecify.annotations.NullMarked;

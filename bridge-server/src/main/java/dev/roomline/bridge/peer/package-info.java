/**
 * A browser's or a program's way into a room: the session over WebSocket and the join by one POST.
 * Runs on virtual threads, posts to the signalling loop.
 */
@NullMarked
package dev.roomline.bridge.peer;

import org.jspecify.annotations.NullMarked;

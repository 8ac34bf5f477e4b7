/**
 * Asking callers what they want, by voice and keys. Start at {@link
 * dev.roomline.bridge.ask.CodeDialogue}, a machine without sound and clock. Owner: the signalling
 * loop.
 */
@NullMarked
package dev.roomline.bridge.ask;

import org.jspecify.annotations.NullMarked;

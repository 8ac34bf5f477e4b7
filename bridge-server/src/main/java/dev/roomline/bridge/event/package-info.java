/**
 * What happens, told to whoever listens: start at {@link dev.roomline.bridge.event.EventBus}. Told
 * by the signalling loop, as a rule; read by any thread. Knows rows of the store and configuration
 * alone.
 */
@NullMarked
package dev.roomline.bridge.event;

import org.jspecify.annotations.NullMarked;

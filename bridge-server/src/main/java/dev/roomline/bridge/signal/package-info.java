/**
 * The signalling loop as the product sees it: run this there, run that later, what time it is.
 * Start at {@link dev.roomline.bridge.signal.Signal}.
 */
@NullMarked
package dev.roomline.bridge.signal;

import org.jspecify.annotations.NullMarked;

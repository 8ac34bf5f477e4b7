/** Readiness, drain and stop, and the log. */
@NullMarked
package dev.roomline.bridge.lifecycle;

import org.jspecify.annotations.NullMarked;

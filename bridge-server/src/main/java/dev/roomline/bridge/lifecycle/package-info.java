/** First start, readiness, drain and stop. */
@NullMarked
package dev.roomline.bridge.lifecycle;

import org.jspecify.annotations.NullMarked;

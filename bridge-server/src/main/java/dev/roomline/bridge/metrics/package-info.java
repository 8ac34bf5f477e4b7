/** Each metric declared once with its help text. */
@NullMarked
package dev.roomline.bridge.metrics;

import org.jspecify.annotations.NullMarked;

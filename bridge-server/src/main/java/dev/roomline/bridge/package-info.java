/** The product: {@code Roomline} is main, {@code Wiring} the one composition root. */
@NullMarked
package dev.roomline.bridge;

import org.jspecify.annotations.NullMarked;

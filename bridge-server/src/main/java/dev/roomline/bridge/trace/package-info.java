/** What was decided about a call and why, its SIP ladder, and the ring of refusals. */
@NullMarked
package dev.roomline.bridge.trace;

import org.jspecify.annotations.NullMarked;

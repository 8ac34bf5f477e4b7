/**
 * The four transaction machines of RFC 3261 §17 with RFC 6026, and their timers. Sans-IO: input and
 * nanoseconds in, effects out.
 */
@NullMarked
package dev.roomline.sip.transaction;

import org.jspecify.annotations.NullMarked;

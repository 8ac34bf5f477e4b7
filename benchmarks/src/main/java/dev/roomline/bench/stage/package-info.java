/**
 * Each stage of the way of sound and of a message, alone, by JMH: {@code scripts/bench stages}.
 * Every benchmark does what is done once: for one packet, one frame of 20 ms or one message. Owner
 * thread: JMH's, one at a time.
 */
@NullMarked
package dev.roomline.bench.stage;

import org.jspecify.annotations.NullMarked;

/**
 * 100ms' server-side API, version 2, as its clients know it: trunks, outbound calls, rooms, codes
 * and active rooms, each translated onto what {@code /v1} does too. Start at {@code HundredMs}.
 * Runs on virtual threads.
 */
@NullMarked
package dev.roomline.bridge.api.hundredms;

import org.jspecify.annotations.NullMarked;

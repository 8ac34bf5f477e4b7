/**
 * Every HTTP route on one page ({@code Routes}); problems (RFC 9457), limits and content types that
 * all dialects share. Runs on virtual threads.
 */
@NullMarked
package dev.roomline.bridge.api;

import org.jspecify.annotations.NullMarked;

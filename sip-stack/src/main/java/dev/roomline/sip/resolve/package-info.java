/**
 * Where a request goes: RFC 3263. Look-ups run on virtual threads and are posted back; nothing
 * blocks a loop.
 */
@NullMarked
package dev.roomline.sip.resolve;

import org.jspecify.annotations.NullMarked;

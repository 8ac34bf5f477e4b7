/**
 * Who hears whom: forwarding into slots, mixing, shared encodes, active speakers. Owner: the media
 * loop.
 */
@NullMarked
package dev.roomline.media.room;

import org.jspecify.annotations.NullMarked;

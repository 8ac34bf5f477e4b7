/**
 * Codecs: G.711 by tables, G.722 by its arithmetic, Opus by libopus through the foreign function
 * API. Start at {@link dev.roomline.media.codec.Codecs}. Owner: the media loop that opened the
 * state. Depends on nothing.
 */
@NullMarked
package dev.roomline.media.codec;

import org.jspecify.annotations.NullMarked;

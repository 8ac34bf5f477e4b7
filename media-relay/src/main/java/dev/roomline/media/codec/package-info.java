/**
 * Codecs: G.711 by tables, Opus by libopus through the foreign function API. Owner: the media loop
 * that opened the state.
 */
@NullMarked
package dev.roomline.media.codec;

import org.jspecify.annotations.NullMarked;

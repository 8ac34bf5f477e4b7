/**
 * Offers and answers (RFC 8866, RFC 3264, RFC 8829 as far as a lite server needs it) and the choice
 * of codecs. Pure functions; values may be read on any thread.
 */
@NullMarked
package dev.roomline.media.sdp;

import org.jspecify.annotations.NullMarked;

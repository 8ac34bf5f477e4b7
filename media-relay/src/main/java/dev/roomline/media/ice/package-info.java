/**
 * An ICE-lite agent (RFC 8445 §2.5) and its STUN messages (RFC 8489). Sans-IO. Owner: the media
 * loop.
 */
@NullMarked
package dev.roomline.media.ice;

import org.jspecify.annotations.NullMarked;

/**
 * Digest authentication (RFC 3261 §22, RFC 8760): the server's side with stateless nonces, the
 * back-off per source.
 */
@NullMarked
package dev.roomline.sip.auth;

import org.jspecify.annotations.NullMarked;

/**
 * Digest authentication (RFC 3261 §22, RFC 7616, RFC 8760): the server's side. Nonces cost no state
 * until somebody used one well; who guesses is slowed down per call and per source.
 *
 * <p>Start at {@link dev.roomline.sip.auth.DigestGuard}: it reads a request's credentials, the
 * caller looks the account up (which may take its time), then it says the verdict. Sans-IO but for
 * {@link dev.roomline.sip.auth.SecretKeyFile}. Owner: the signalling loop.
 */
@NullMarked
package dev.roomline.sip.auth;

import org.jspecify.annotations.NullMarked;

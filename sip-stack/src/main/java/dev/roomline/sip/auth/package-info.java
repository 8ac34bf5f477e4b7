/**
 * Digest authentication (RFC 3261 §22, RFC 7616, RFC 8760). As server nonces cost no state until
 * somebody used one well; who guesses is slowed down per call and per source. As client nobody but
 * our peer ever gets an answer.
 *
 * <p>Start at {@link dev.roomline.sip.auth.DigestGuard}: it reads a request's credentials, the
 * caller looks the account up (which may take its time), then it says the verdict. The client's
 * side is {@link dev.roomline.sip.auth.DigestSession} with {@link
 * dev.roomline.sip.auth.ClientIdentity}. Sans-IO but for {@link
 * dev.roomline.sip.auth.SecretKeyFile}. Owner: the signalling loop.
 */
@NullMarked
package dev.roomline.sip.auth;

import org.jspecify.annotations.NullMarked;

/**
 * The registrar (RFC 3261 §10.3): where an account's phones are now. Start at {@link
 * dev.roomline.sip.registrar.Registrar}. A sans-IO machine: who may register is decided before it
 * is asked. Owner thread: the signalling loop.
 *
 * <p>May depend on {@code endpoint}, {@code message}, {@code transaction}. Specs: RFC 3261 §10.3,
 * RFC 3581, RFC 5626 §3.5 (keep-alive), §6 (what names a phone).
 */
@NullMarked
package dev.roomline.sip.registrar;

import org.jspecify.annotations.NullMarked;

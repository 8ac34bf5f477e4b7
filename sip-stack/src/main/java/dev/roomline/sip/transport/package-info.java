/**
 * Sockets of SIP: Netty's UDP and TCP (TLS and WebSocket later), stream framing, limits, idle
 * time-outs, keep-alive. With {@code endpoint} the only place of this module that knows threads:
 * all of it runs on the one signalling loop.
 *
 * <p>Start at {@code SipTransports}. Specs: RFC 3261 §18, RFC 3581, RFC 5626 §3.5.1 and §4.4.1
 * (CRLF keep-alive).
 */
@NullMarked
package dev.roomline.sip.transport;

import org.jspecify.annotations.NullMarked;

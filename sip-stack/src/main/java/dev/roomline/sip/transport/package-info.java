/**
 * Sockets of SIP: Netty's UDP, TCP and TLS, and WebSockets that the HTTP side takes in; stream
 * framing, limits, idle time-outs, keep-alive. With {@code endpoint} the only place of this module
 * that knows threads: all of it runs on the one signalling loop, but what TLS handshakes compute.
 *
 * <p>Start at {@code SipTransports}. Specs: RFC 3261 §18, RFC 3581, RFC 5626 §3.5.1 and §4.4.1
 * (CRLF keep-alive), RFC 5922 and RFC 5923 (TLS), RFC 7118 (WebSocket).
 */
@NullMarked
package dev.roomline.sip.transport;

import org.jspecify.annotations.NullMarked;

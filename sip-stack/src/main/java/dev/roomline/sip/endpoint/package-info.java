/**
 * The core's face: messages to transactions to dialogs to the application. The application gives
 * {@link dev.roomline.sip.endpoint.SipCommand}s and receives {@link
 * dev.roomline.sip.endpoint.SipEvent}s; nothing here blocks, reads a clock, opens a socket or
 * starts a thread.
 *
 * <p>Start at {@link dev.roomline.sip.endpoint.SipEndpoint}: where a datagram or a stream's message
 * enters. A request then goes to {@code RequestIntake} (may it be served at all), {@code
 * UserAgentServer} (calls and what happens inside them), and what the application says comes back
 * through both it and {@code UserAgentClient}. What we place ourselves begins as a {@link
 * dev.roomline.sip.endpoint.ClientCommand} in {@code OutboundCall}, which takes it over targets and
 * challenges by {@code OutsideRequest}. Owner thread: the signalling loop.
 *
 * <p>May depend on {@code message}, {@code transaction}, {@code dialog}, {@code auth}. Specs: RFC
 * 3261 §8, §9, §11–§15, §18.2, RFC 3262, RFC 3263 §4.3, RFC 3581, RFC 6026.
 */
@NullMarked
package dev.roomline.sip.endpoint;

import org.jspecify.annotations.NullMarked;

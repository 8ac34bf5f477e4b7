/**
 * The core's face: messages to transactions to dialogs to the application. The application gives
 * {@link dev.roomline.sip.endpoint.SipCommand}s and receives {@link
 * dev.roomline.sip.endpoint.SipEvent}s; nothing here blocks, reads a clock, opens a socket or
 * starts a thread.
 *
 * <p>Start at {@code SipEndpoint}: where a datagram or a stream's message enters. Owner: the
 * signalling loop.
 */
@NullMarked
package dev.roomline.sip.endpoint;

import org.jspecify.annotations.NullMarked;

/**
 * Dialogs without the world: tags, CSeq order, route sets, remote targets ({@link
 * dev.roomline.sip.dialog.Dialog}, start there), the responses that are kept until their ACK or
 * PRACK ({@link dev.roomline.sip.dialog.Unacknowledged}), and how long a session lives ({@link
 * dev.roomline.sip.dialog.SessionTimer}). Sans-IO. Owner thread: the signalling loop.
 *
 * <p>May depend on {@code message} and on {@code transaction}'s timers. Specs: RFC 3261 §12–§15,
 * RFC 6141 §4 (when a target refresh counts), RFC 3262, RFC 4028.
 */
@NullMarked
package dev.roomline.sip.dialog;

import org.jspecify.annotations.NullMarked;

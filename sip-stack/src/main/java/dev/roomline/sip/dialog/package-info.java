/**
 * Dialogs without the world: tags, CSeq order, route sets, remote targets ({@link
 * dev.roomline.sip.dialog.Dialog}, start there), and the 2xx that is kept until its ACK ({@link
 * dev.roomline.sip.dialog.UnacknowledgedAnswer}). Sans-IO. Owner thread: the signalling loop.
 *
 * <p>May depend on {@code message} and on {@code transaction}'s timers. Specs: RFC 3261 §12–§15,
 * RFC 6141 §4 (when a target refresh counts).
 */
@NullMarked
package dev.roomline.sip.dialog;

import org.jspecify.annotations.NullMarked;

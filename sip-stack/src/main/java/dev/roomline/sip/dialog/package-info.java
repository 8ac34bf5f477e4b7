/**
 * Early and confirmed dialogs: tags, CSeq order, route sets, remote targets, the 2xx kept until its
 * ACK. Sans-IO. RFC 3261 §12–§15.
 */
@NullMarked
package dev.roomline.sip.dialog;

import org.jspecify.annotations.NullMarked;

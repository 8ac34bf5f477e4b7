/**
 * Transfers as SIP tells of them: what a REFER wants ({@link dev.roomline.sip.refer.ReferTo}), what
 * becomes of one of ours ({@link dev.roomline.sip.refer.Referral}, start there), and what we tell
 * of one of a peer's ({@link dev.roomline.sip.refer.ReferSubscription}). Both are usages of a
 * call's dialog (RFC 5057), and end without it. Sans-IO. Owner thread: the signalling loop.
 *
 * <p>May depend on {@code message}. Specs: RFC 3515, RFC 3420, RFC 3891, RFC 4488, RFC 6665.
 */
@NullMarked
package dev.roomline.sip.refer;

import org.jspecify.annotations.NullMarked;

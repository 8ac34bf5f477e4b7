/**
 * The four transaction machines of RFC 3261 §17 with RFC 6026, their timers and their matching.
 *
 * <p>Start at {@link dev.roomline.sip.transaction.InviteServerMachine}: each machine is one block
 * of state × event, pure and printable ({@code src/test/resources/transaction/*.txt} are the
 * printed tables). {@link dev.roomline.sip.transaction.Transaction} carries one out: it owns timers
 * and the message to repeat, and tells its {@link dev.roomline.sip.transaction.TransactionUser}.
 * Sans-IO. Owner thread: the signalling loop.
 *
 * <p>May depend on nothing but the JDK. Specs: RFC 3261 §17, RFC 6026, RFC 4320.
 */
@NullMarked
package dev.roomline.sip.transaction;

import org.jspecify.annotations.NullMarked;

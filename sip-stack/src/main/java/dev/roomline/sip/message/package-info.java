/**
 * SIP messages: bounds, parse, our own strictness, build and encode, on JAIN-SIP's message classes.
 * This is the only package that names those classes freely; everybody else sees {@link
 * dev.roomline.sip.message.SipRequest} and its kin.
 *
 * <p>Start at {@link dev.roomline.sip.message.SipParser}: a byte scan with bounds ({@code
 * HeaderBlock}), our own rules, then JAIN-SIP's parser for the headers that a user agent acts on
 * ({@code JainCodec}). {@link dev.roomline.sip.message.MessageWriter} builds what we send. Values
 * are immutable and may be read on any thread. May depend on JAIN-SIP and the JDK. Specs: RFC 3261
 * §7, §20, §25; RFC 3581; RFC 4475; RFC 3966.
 */
@NullMarked
package dev.roomline.sip.message;

import org.jspecify.annotations.NullMarked;

/**
 * SIP messages: bounds, parse, our own strictness, build and encode, on JAIN-SIP's message classes.
 * This is the only package that names those classes freely; everybody else sees {@link
 * dev.roomline.sip.message.SipRequest} and its kin.
 *
 * <p>Start at {@code SipParser}. Values are immutable and may be read on any thread. Specs: RFC
 * 3261 §7, §20, §25; RFC 4475; RFC 3966.
 */
@NullMarked
package dev.roomline.sip.message;

import org.jspecify.annotations.NullMarked;

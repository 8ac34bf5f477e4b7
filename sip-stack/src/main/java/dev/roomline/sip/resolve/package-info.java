/**
 * Where a request goes: RFC 3263. {@link dev.roomline.sip.resolve.TargetRules} says what has to be
 * asked, {@link dev.roomline.sip.resolve.DnsResolver} asks without blocking anybody and posts the
 * answer back; between the two {@code ServerSearch} goes from NAPTR over SRV to addresses.
 */
@NullMarked
package dev.roomline.sip.resolve;

import org.jspecify.annotations.NullMarked;

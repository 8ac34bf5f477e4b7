package dev.roomline.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * A From, To, Contact or P-Asserted-Identity value (RFC 3261 §20.10).
 *
 * @param displayName unquoted; null if absent
 * @param uri its address
 * @param tag the tag parameter; null if absent
 */
public record NameAddr(@Nullable String displayName, SipUri uri, @Nullable String tag) {}

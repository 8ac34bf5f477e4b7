package dev.roomline.sip.message;

/**
 * A name-addr with its URI as it was sent, for being sent back in a Request-URI or Route.
 *
 * @param uriText the URI alone, without angle brackets
 */
public record Address(NameAddr nameAddr, String uriText) {}

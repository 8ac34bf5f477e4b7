package dev.roomline.media.sdp;

/**
 * Negotiated telephone events (RFC 4733).
 *
 * @param payloadTypeSent on what we send
 * @param payloadTypeReceived on what comes in
 * @param clockRate Hz, the audio codec's own
 */
public record TelephoneEvent(int payloadTypeSent, int payloadTypeReceived, int clockRate) {}

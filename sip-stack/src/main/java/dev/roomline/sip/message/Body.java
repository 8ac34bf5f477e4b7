package dev.roomline.sip.message;

/**
 * A message body, opaque to this module.
 *
 * @param contentType the media type in lower case without parameters, as {@code application/sdp}
 * @param bytes the body as it stands on the wire; never modified by whoever holds it
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are handed over, never compared
public record Body(String contentType, byte[] bytes) {}

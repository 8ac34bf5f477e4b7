package dev.roomline.sip.message;

import java.nio.charset.Charset;
import java.util.List;

/**
 * What an answer copies from its request (RFC 3261 §8.2.6.2), text as it was sent; of a malformed
 * request, empty what it lacks.
 *
 * @param topVia taken apart
 * @param otherVias in order; each may hold several values
 * @param recordRoutes in order; each may hold several values
 * @param charset in which the texts were encoded
 */
public record RequestHead(
        String method,
        Via topVia,
        List<String> otherVias,
        String from,
        String to,
        String callId,
        String cseq,
        List<String> recordRoutes,
        Charset charset) {}

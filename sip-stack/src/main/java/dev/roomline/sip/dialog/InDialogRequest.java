package dev.roomline.sip.dialog;

import dev.roomline.sip.message.SipUri;
import java.util.List;

/**
 * A request's dialog part, as RFC 3261 §12.2.1.1 composes it.
 *
 * @param requestUri as text
 * @param routes Route values in order
 * @param nextHop the URI that tells where it goes: the first route, or the remote target
 * @param from our side with its tag
 * @param to the peer's with its tag
 */
public record InDialogRequest(
        String method,
        String requestUri,
        List<String> routes,
        SipUri nextHop,
        String from,
        String to,
        String callId,
        long cseq) {}

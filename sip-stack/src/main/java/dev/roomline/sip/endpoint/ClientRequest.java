package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.Via;
import org.jspecify.annotations.Nullable;

/** A living client transaction, as an answer finds it (RFC 3261 §17.1.3, §18.1.2). */
interface ClientRequest {
    /** Whether the top Via names us: what does not is not for us. */
    boolean isSentBy(Via via);

    String method();

    long cseq();

    String callId();

    /** For the trace; null outside a call. */
    @Nullable DialogId dialogId();

    void answered(ParsedResponse response, Flow flow, long nowNanos);

    /** A CANCEL has its INVITE's branch, and yet its own answers. */
    static String key(String branch, String method) {
        return method.equals("CANCEL") ? branch + " CANCEL" : branch;
    }

    default boolean isAnsweredBy(ParsedResponse response) {
        return !response.hasSeveralVias()
                && isSentBy(response.topVia())
                && method().equals(response.cseqMethod())
                && cseq() == response.cseq()
                && callId().equals(response.callId());
    }
}

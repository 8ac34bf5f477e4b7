package dev.roomline.sip.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * One target that a request was sent to in vain, or a name that led to none.
 *
 * @param host the name or address that was resolved
 * @param target null if the host led to none
 * @param detail what is known beyond {@code why}, as a sentence without a full stop; or empty
 */
public record Tried(String host, @Nullable Target target, Why why, String detail) {
    public Tried(String host, @Nullable Target target, Why why) {
        this(host, target, why, "");
    }

    /** Closed set: a metric label. */
    public enum Why {
        /** The name has no address that we can send to, or nobody could say. */
        NAME_UNKNOWN,
        /** No answer at all: for about four seconds with others left, for 64·T1 without. */
        NO_ANSWER,
        /** The message could not be sent: no route, connection refused, no such transport. */
        NOT_SENT,
        /** Connected, and no TLS came to be: above all a certificate that is not believed. */
        TLS_FAILED,
        /** 503: it is there but takes nothing now. */
        UNAVAILABLE
    }
}

package dev.roomline.sip.registrar;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.message.HeaderField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Registrar} wants done, in order. */
public interface RegistrarOutbox {

    /**
     * The final response to the REGISTER.
     *
     * @param phrase null for the status code's standard phrase
     */
    void answer(Answer why, int status, @Nullable String phrase, List<HeaderField> headers);

    /**
     * @param fresh false if it only lasts longer now, or is reached by another road
     */
    void bound(Binding binding, boolean fresh);

    void unbound(Binding binding, Unbound why);

    /** Send a few bytes that say nothing, so that a NAT keeps the way back open. */
    void keepAlive(Flow flow);

    /** What became of a REGISTER. A closed set: a metric label. */
    enum Answer {
        /** Contacts were bound, or last longer. */
        BOUND,
        /** Contacts were taken back. */
        REMOVED,
        /** It only asked. */
        QUERIED,
        /** 423. */
        TOO_BRIEF,
        /** 400. */
        MALFORMED,
        /** 500: older than what is known (RFC 3261 §10.3 step 7). */
        OUT_OF_ORDER,
        /** 503. */
        FULL
    }

    /** Why a binding ended. A closed set: a metric label. */
    enum Unbound {
        /** The phone took it back. */
        REMOVED,
        /** It was not refreshed in time. */
        EXPIRED,
        /** The connection that it came over was closed. */
        FLOW_ENDED,
        /** The account had too many. */
        REPLACED,
        /** The account is no more. */
        FORGOTTEN
    }
}

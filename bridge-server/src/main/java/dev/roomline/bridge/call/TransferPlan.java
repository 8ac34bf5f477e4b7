package dev.roomline.bridge.call;

import dev.roomline.sip.auth.ClientIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call's far end may be sent to somebody else, and as whom; knows whoever a call
 * came from by its trunk.
 */
@FunctionalInterface
public interface TransferPlan {
    /** Nobody is sent anywhere. */
    TransferPlan NONE = (_, _) -> new Target.Refused(CallEnd.unavailable(EndReason.OVERLOADED));

    /**
     * @param to as it was ordered: a number, {@code tel:}, {@code sip:}
     * @param moved who is to go there
     */
    Target target(String to, Caller moved);

    /** Who we are toward whoever a call came from, if it challenges our REFER; null: nobody. */
    default @Nullable ClientIdentity identity(Caller from) {
        return null;
    }

    /**
     * The host of the trunk that a call came from, which it must prove to be where it has to be
     * called back by TLS; empty: it came from none that could be called.
     */
    default String host(Caller from) {
        return "";
    }

    /** What became of the question. */
    sealed interface Target {
        /**
         * @param uri for Refer-To
         */
        record Named(String uri) implements Target {}

        record Refused(CallEnd end) implements Target {}
    }
}

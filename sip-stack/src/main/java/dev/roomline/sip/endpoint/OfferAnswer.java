package dev.roomline.sip.endpoint;

/**
 * One offer at a time (RFC 3264 §4): what of the peer's is served while something is under way, and
 * what of ours may leave. Stateless.
 *
 * <pre>
 *  under way                      its INVITE   its UPDATE with offer   its UPDATE without
 *  an INVITE of its own           500          500                     served
 *  an UPDATE of its own           500          500                     500
 *  an INVITE of ours              491          491                     served
 *  an UPDATE of ours with offer   491          491                     served
 *  an offer in our 2xx, no ACK    491          491                     served
 *  the offer of our INVITE        –            491                     served
 *  an offer in its 1xx or 2xx     500          500                     served
 * </pre>
 *
 * RFC 3261 §14.2, RFC 3311 §5.2, RFC 6337 §2.
 */
final class OfferAnswer {
    private OfferAnswer() {}

    /** What becomes of a request. */
    enum Verdict {
        SERVE,
        /** 491: both sides asked at once. */
        GLARE,
        /** 500 with Retry-After: the peer did not wait for our answer. */
        TOO_EARLY
    }

    static Verdict ofReinvite(LiveDialog live) {
        if (answersPeer(live) || live.peerUpdate != null || !live.confirmed()) {
            return Verdict.TOO_EARLY;
        }
        return weOffer(live) ? Verdict.GLARE : Verdict.SERVE;
    }

    static Verdict ofUpdate(LiveDialog live, boolean offer) {
        if (live.peerUpdate != null) {
            return Verdict.TOO_EARLY;
        }
        if (!offer) {
            return Verdict.SERVE;
        }
        if (weOffer(live)) {
            return Verdict.GLARE;
        }
        return answersPeer(live) ? Verdict.TOO_EARLY : Verdict.SERVE;
    }

    /** Its INVITE, or its offer in a response to ours, has no answer yet. */
    private static boolean answersPeer(LiveDialog live) {
        return live.peerInvite != null || live.answerOwed;
    }

    /** An offer of ours has no answer yet. */
    private static boolean weOffer(LiveDialog live) {
        OutboundRequest update = live.ownUpdate;
        return live.ownInvite != null
                || live.offerUnanswered
                || (update != null && update.body != null);
    }

    /** Whether a request of ours may leave now (§14.1, RFC 3311 §5.1); else it is as if 491. */
    static boolean maySend(LiveDialog live, String method, boolean offer) {
        return switch (method) {
            case "INVITE" -> !live.isExchanging();
            case "UPDATE" -> offer ? !live.isExchanging() : live.ownUpdate == null;
            default -> true;
        };
    }
}

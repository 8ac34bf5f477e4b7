package dev.roomline.media.sdp;

import org.jspecify.annotations.Nullable;

/**
 * Offer and answer with one SIP peer over the life of its dialog (RFC 3264). Owner: the media loop
 * of its leg.
 */
@SuppressWarnings({"DoNotCallSuggester", "ObjectToString", "DoNotCall", "UnusedVariable"})
public final class PhoneSession {

    /**
     * @param sessionId for {@code o=}: random, positive
     */
    public PhoneSession(PhoneTerms terms, long sessionId) {
        throw new UnsupportedOperationException(terms + " " + sessionId);
    }

    /** Answers the peer's offer, the first or a later one. */
    public PhoneOutcome answer(byte[] offer) {
        throw new UnsupportedOperationException("" + offer.length);
    }

    /** Our own offer: for an INVITE of ours, or one of theirs that brought none. */
    public byte[] offer() {
        throw new UnsupportedOperationException();
    }

    /** Takes the answer to our last {@link #offer}. */
    public PhoneOutcome answered(byte[] answer) {
        throw new UnsupportedOperationException("" + answer.length);
    }

    /** What holds; null before the first agreement. */
    public @Nullable PhoneMedia media() {
        throw new UnsupportedOperationException();
    }
}

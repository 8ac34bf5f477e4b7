package dev.roomline.media.sdp;

import dev.roomline.media.ice.IceCredentials;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers one browser's offers over the life of its session, as a lite agent (RFC 8829, RFC 8445
 * §2.5). Owner: the media loop of its leg.
 */
@SuppressWarnings({"DoNotCallSuggester", "ObjectToString", "DoNotCall", "UnusedVariable"})
public final class BrowserSession {

    /**
     * @param sessionId for {@code o=}: random, positive
     * @param credentials makes new local ICE credentials: for the first answer and after each ICE
     *     restart. The caller may make them so that the ufrag leads it back to this peer
     * @param ssrcs hands out SSRCs that are unused on this transport
     */
    public BrowserSession(
            BrowserTerms terms,
            long sessionId,
            Supplier<IceCredentials> credentials,
            IntSupplier ssrcs) {
        throw new UnsupportedOperationException("" + terms + sessionId + credentials + ssrcs);
    }

    /** Answers an offer, the first or a later one (ICE restart, more slots, a changed device). */
    public BrowserOutcome answer(byte[] offer) {
        throw new UnsupportedOperationException("" + offer.length);
    }

    /** What holds; null before the first agreement. */
    public @Nullable BrowserMedia media() {
        throw new UnsupportedOperationException();
    }
}

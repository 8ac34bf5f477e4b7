package dev.roomline.media.sdp;

import java.util.List;

/**
 * What we bring to a negotiation with a browser.
 *
 * @param fingerprint of our certificate
 * @param candidates what we may be reached at, best first
 * @param maxSlots how many of its receiving lines are served; further ones are answered inactive
 * @param dtx whether we ask for DTX on the uplink
 * @param most which way media flows at most, told from our side: {@code RECVONLY} from a publisher
 *     (RFC 9725), {@code SENDONLY} to a listener (draft-ietf-wish-whep); each has one audio line
 */
public record BrowserTerms(
        Fingerprint fingerprint,
        List<LocalCandidate> candidates,
        int maxSlots,
        boolean dtx,
        Direction most) {
    public BrowserTerms {
        candidates = List.copyOf(candidates);
    }

    /** Both ways. */
    public BrowserTerms(
            Fingerprint fingerprint, List<LocalCandidate> candidates, int maxSlots, boolean dtx) {
        this(fingerprint, candidates, maxSlots, dtx, Direction.SENDRECV);
    }

    boolean oneWay() {
        return most != Direction.SENDRECV;
    }
}

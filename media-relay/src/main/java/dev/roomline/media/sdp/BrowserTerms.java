package dev.roomline.media.sdp;

import java.util.List;

/**
 * What we bring to a negotiation with a browser.
 *
 * @param fingerprint of our certificate
 * @param candidates what we may be reached at, best first
 * @param maxSlots how many of its receiving lines are served; further ones are answered inactive
 * @param dtx whether we ask for DTX on the uplink
 */
public record BrowserTerms(
        Fingerprint fingerprint, List<LocalCandidate> candidates, int maxSlots, boolean dtx) {
    public BrowserTerms {
        candidates = List.copyOf(candidates);
    }
}

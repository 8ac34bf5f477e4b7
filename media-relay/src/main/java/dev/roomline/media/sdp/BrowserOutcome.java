package dev.roomline.media.sdp;

/** What became of a browser's offer. */
public sealed interface BrowserOutcome {

    /**
     * @param sdp our answer, complete with candidates
     * @param media what holds from now on
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Agreed(byte[] sdp, BrowserMedia media) implements BrowserOutcome {}

    /**
     * Nothing changed.
     *
     * @param detail what was wrong and what was expected, one sentence
     */
    record Refused(SdpRefusal reason, String detail) implements BrowserOutcome {}
}

package dev.roomline.media.sdp;

/** What became of a SIP peer's description. */
public sealed interface PhoneOutcome {

    /**
     * @param sdp what we answer, complete; empty after an answer to our own offer
     * @param media what holds from now on
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Agreed(byte[] sdp, PhoneMedia media) implements PhoneOutcome {}

    /**
     * Nothing changed.
     *
     * @param detail what was wrong and what was expected, one sentence
     */
    record Refused(SdpRefusal reason, String detail) implements PhoneOutcome {}
}

package dev.roomline.media.sdp;

import dev.roomline.media.sdp.PhoneOutcome.Refused;

/** Why no line of a SIP peer's offer can be served, told as precisely as the offer allows. */
final class PhoneRefusal {

    private PhoneRefusal() {}

    static boolean isLiveAudio(MediaDescription section) {
        return section.kind().equals("audio") && section.port() != 0;
    }

    static Refused of(SessionDescription offer) {
        boolean audio = false;
        boolean plain = false;
        String other = "";
        for (MediaDescription section : offer.media()) {
            if (isLiveAudio(section)) {
                audio = true;
                plain |= PhoneLine.isPlain(section.protocol());
                if (!PhoneLine.isPlain(section.protocol())) {
                    other = section.protocol();
                }
            }
        }
        if (!audio) {
            return new Refused(SdpRefusal.NO_AUDIO_LINE, "the offer has no audio line with a port");
        }
        if (plain) {
            return new Refused(
                    SdpRefusal.NO_COMMON_CODEC, "none of the offered codecs is served here");
        }
        if (other.endsWith("SAVP") || other.endsWith("SAVPF")) {
            return new Refused(
                    SdpRefusal.ENCRYPTION_REQUIRED,
                    "the offer asks for SRTP alone; encryption on SIP legs is not served yet,"
                            + " expected RTP/AVP");
        }
        return new Refused(
                SdpRefusal.UNSUPPORTED,
                "the audio line's transport is neither RTP/AVP nor RTP/AVPF");
    }
}

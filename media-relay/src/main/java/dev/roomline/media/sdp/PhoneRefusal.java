package dev.roomline.media.sdp;

import dev.roomline.media.sdp.PhoneOutcome.Refused;

/** Why no line of a SIP peer's offer can be served, told as precisely as the offer allows. */
final class PhoneRefusal {

    private PhoneRefusal() {}

    static boolean isLiveAudio(MediaDescription section) {
        return section.kind().equals("audio") && section.port() != 0;
    }

    static Refused of(SessionDescription offer, PhoneLine line) {
        boolean audio = false;
        boolean couldBeProtected = false;
        PhoneSecurity.Declined declined = null;
        for (MediaDescription section : offer.media()) {
            if (isLiveAudio(section)) {
                audio = true;
                switch (line.protection(offer, section, null)) {
                    case PhoneSecurity.Taken _ -> couldBeProtected = true;
                    case PhoneSecurity.Declined why -> declined = declined == null ? why : declined;
                }
            }
        }
        if (!audio) {
            return new Refused(SdpRefusal.NO_AUDIO_LINE, "the offer has no audio line with a port");
        }
        return couldBeProtected || declined == null
                ? new Refused(
                        SdpRefusal.NO_COMMON_CODEC, "none of the offered codecs is served here")
                : new Refused(declined.reason(), declined.why());
    }
}

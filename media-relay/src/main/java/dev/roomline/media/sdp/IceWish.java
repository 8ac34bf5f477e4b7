package dev.roomline.media.sdp;

import java.nio.charset.StandardCharsets;

/** Whether a SIP peer's first offer asks for ICE: what our answer needs is made only then. */
public enum IceWish {
    NONE,
    /** With candidates of one address family. */
    ONE_FAMILY,
    /** Of both, so that we may be reached over either. */
    BOTH_FAMILIES;

    /** Of its bytes; who cannot be parsed wishes nothing. */
    public static IceWish of(byte[] offer) {
        boolean named = new String(offer, StandardCharsets.ISO_8859_1).contains("ice-ufrag");
        if (!named || !(SdpParser.parse(offer) instanceof SdpParser.Parsed parsed)) {
            return NONE;
        }
        for (MediaDescription section : parsed.description().media()) {
            IceWish wish = wish(parsed.description(), section);
            if (wish != NONE) {
                return wish;
            }
        }
        return NONE;
    }

    private static IceWish wish(SessionDescription offer, MediaDescription section) {
        if (!section.kind().equals("audio")) {
            return NONE;
        }
        return switch (IceOffer.of(offer, section)) {
            case IceOffer.None _ -> NONE;
            // it is told so, which only who serves ICE does
            case IceOffer.Mismatched _ -> ONE_FAMILY;
            case IceOffer.Usable ice -> ice.ipv4() && ice.ipv6() ? BOTH_FAMILIES : ONE_FAMILY;
        };
    }
}

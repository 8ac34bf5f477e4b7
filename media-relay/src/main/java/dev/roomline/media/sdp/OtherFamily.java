package dev.roomline.media.sdp;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A SIP peer whose sound goes over another address family than its signalling: a phone behind a
 * proxy that has both. What our answer needs is known before it is made.
 */
public final class OtherFamily {
    private OtherFamily() {}

    /** Where the first offer wants its sound; null where that is of the signalling's family. */
    public static @Nullable InetAddress of(byte[] offer, InetAddress signalling) {
        // most offers name no other at all, and are parsed once
        boolean named =
                new String(offer, StandardCharsets.ISO_8859_1)
                        .contains(Connection.of(signalling).ipv6() ? "IN IP4" : "IN IP6");
        if (!named || !(SdpParser.parse(offer) instanceof SdpParser.Parsed parsed)) {
            return null;
        }
        for (MediaDescription section : parsed.description().media()) {
            if (section.kind().equals("audio") && section.port() > 0) {
                Connection connection = parsed.description().connectionOf(section);
                InetAddress address = connection == null ? null : connection.literal();
                return address == null
                                || address.isAnyLocalAddress()
                                || address.getClass().equals(signalling.getClass())
                        ? null
                        : address;
            }
        }
        return null;
    }
}

package dev.roomline.media.sdp;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * A UDP host candidate of ours (RFC 8839 §5.1). Priorities follow from its place in the list.
 *
 * @param address resolved; a port of reports is the one above
 */
public record LocalCandidate(InetSocketAddress address) {

    /**
     * Its line; its priority falls with its place (RFC 8445 §5.1.2.1).
     *
     * @param component 1 for sound, 2 for reports
     */
    Attribute attribute(int place, int component) {
        long priority = (126L << 24) + ((65_535L - place) << 8) + 256 - component;
        int family = address.getAddress() instanceof Inet6Address ? 6 : 4;
        return Attribute.of(
                "candidate",
                family
                        + ""
                        + place
                        + " "
                        + component
                        + " udp "
                        + priority
                        + " "
                        + Connection.of(address.getAddress()).address()
                        + " "
                        + (address.getPort() + component - 1)
                        + " typ host");
    }
}

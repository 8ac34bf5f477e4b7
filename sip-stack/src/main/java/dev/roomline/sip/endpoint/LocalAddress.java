package dev.roomline.sip.endpoint;

import java.net.InetSocketAddress;

/**
 * What address we tell a peer to reach us at, in Via and Contact: the configured public address for
 * peers outside private ranges, else the local one, with the port on which that transport listens.
 */
@FunctionalInterface
public interface LocalAddress {
    /**
     * @param flow the road of the message that will carry it; its {@code local} may be a wildcard
     *     when we open the road, its {@code connection} 0
     * @return a resolved address and the listening port
     */
    InetSocketAddress toldTo(Flow flow);
}

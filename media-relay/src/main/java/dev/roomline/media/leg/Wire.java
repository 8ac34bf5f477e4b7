package dev.roomline.media.leg;

import java.net.InetSocketAddress;

/** Where a leg's packets leave: its loop's sockets. The octets are copied before a call returns. */
public interface Wire {
    /** Sends a datagram on the leg's media port. */
    void send(InetSocketAddress to, byte[] bytes, int offset, int length);

    /** Sends a datagram on the leg's RTCP port; a leg that muxes never calls it. */
    void sendRtcp(InetSocketAddress to, byte[] bytes, int offset, int length);
}

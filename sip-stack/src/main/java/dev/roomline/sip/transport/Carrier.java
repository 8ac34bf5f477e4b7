package dev.roomline.sip.transport;

import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.TransportKind;
import java.io.IOException;
import java.net.InetAddress;

/**
 * One transport with its sockets. {@link #bind} blocks a thread of its own; the rest is the loop's.
 */
interface Carrier {

    TransportKind transport();

    /**
     * @param onlyIpv6 whether an IPv6 socket leaves IPv4 to another
     * @return the port that it got
     */
    int bind(InetAddress address, int port, boolean onlyIpv6) throws IOException;

    /** Closes what {@link #bind} bound, to try again. Blocks. */
    void unbind();

    void send(Hop hop, byte[] message, long ticket);

    /** Closes everything. */
    void close();
}

package dev.roomline.sip.endpoint;

import dev.roomline.sip.message.SipUri;
import java.net.InetSocketAddress;

/**
 * Where a message came from, and by which road an answer goes back.
 *
 * @param transport its carrier
 * @param local the address that it was received on (the socket's, resolved: never a wildcard)
 * @param remote the source address and port as seen on the wire
 * @param connection identifies a stream's connection; 0 for UDP
 */
public record Flow(
        TransportKind transport,
        InetSocketAddress local,
        InetSocketAddress remote,
        long connection) {

    /**
     * Whether this URI, which came by this road, does not name its source: a NAT stands between.
     */
    public boolean isRewritten(SipUri uri) {
        int port = uri.port() > 0 ? uri.port() : transport.defaultPort();
        return port != remote.getPort()
                || !remote.getAddress().equals(Addresses.literal(uri.host()));
    }
}

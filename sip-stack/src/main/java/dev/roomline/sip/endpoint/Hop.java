package dev.roomline.sip.endpoint;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The road on which a message leaves.
 *
 * @param transport its carrier
 * @param local the bound address to send from (an answer leaves from where its request came to);
 *     null: whichever routes to {@code remote}
 * @param remote for UDP the destination; for a stream the address to connect to when {@code
 *     connection} is 0 or is no longer open (RFC 3261 §18.2.2)
 * @param connection the stream's connection to use; 0 for UDP, and for a stream that must be opened
 *     (or found open to {@code remote})
 * @param name whom the peer of a new TLS connection must prove to be: the domain that was resolved,
 *     before any SRV (RFC 5922 §4); empty: its address
 */
public record Hop(
        TransportKind transport,
        @Nullable InetSocketAddress local,
        InetSocketAddress remote,
        long connection,
        String name) {
    public Hop(
            TransportKind transport,
            @Nullable InetSocketAddress local,
            InetSocketAddress remote,
            long connection) {
        this(transport, local, remote, connection, "");
    }
}

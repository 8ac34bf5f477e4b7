package dev.roomline.sip.transport;

import java.net.InetAddress;
import java.util.List;

/**
 * Where SIP is served.
 *
 * @param bind one socket per transport and address; {@code ::} serves IPv6 alone when an IPv4
 *     address stands beside it
 * @param publicAddresses told to peers outside private ranges instead of our own address; the first
 *     of the peer's family counts; empty: our own
 * @param udpPort {@link #OFF}, {@link #ANY_FREE_PORT} or 1–65535
 * @param tcpPort as {@code udpPort}
 * @param udpReceiveBufferBytes asked of the kernel for each UDP socket
 * @param streams limits of TCP connections, and of TLS connections apart
 * @param tls where and with what TLS is served
 */
public record TransportSettings(
        List<InetAddress> bind,
        List<InetAddress> publicAddresses,
        int udpPort,
        int tcpPort,
        int udpReceiveBufferBytes,
        StreamLimits streams,
        TlsSettings tls) {

    public static final int OFF = -1;
    public static final int ANY_FREE_PORT = 0;

    public TransportSettings {
        bind = List.copyOf(bind);
        publicAddresses = List.copyOf(publicAddresses);
        if (bind.isEmpty()) {
            throw new IllegalArgumentException("at least one address to bind is needed");
        }
    }

    /** The same with TLS. */
    public TransportSettings with(TlsSettings other) {
        return new TransportSettings(
                bind, publicAddresses, udpPort, tcpPort, udpReceiveBufferBytes, streams, other);
    }

    /** With buffers of 4 MiB and the usual limits, and without TLS. */
    public static TransportSettings of(
            List<InetAddress> bind, List<InetAddress> publicAddresses, int udpPort, int tcpPort) {
        return new TransportSettings(
                bind,
                publicAddresses,
                udpPort,
                tcpPort,
                4 << 20,
                StreamLimits.usual(),
                TlsSettings.NONE);
    }
}

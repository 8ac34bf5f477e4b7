package dev.roomline.sip.transport;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * With what TLS connections are made. Without a certificate none can be served, and those that we
 * open show none.
 *
 * @param port {@link TransportSettings#OFF}, {@link TransportSettings#ANY_FREE_PORT} or 1–65535
 * @param certificates PEM: of each file ours first, then those that lead to its authority; who
 *     calls us by a name is shown the one for it, others the first
 * @param keys PEM: PKCS #8, PKCS #1 or SEC 1, not encrypted; one for each certificate, in their
 *     order
 * @param authorities PEM files of whose authorities' certificates those that exist are trusted
 *     beside the JDK's own
 * @param handshakeTime from a connection's begin to its first encrypted byte
 * @param handshakes of peers under way at once; beyond it the oldest makes room if it has taken
 *     longer than it should
 * @param handshakesPerSource of one IPv4 address or IPv6 /64
 */
public record TlsSettings(
        int port,
        List<Path> certificates,
        List<Path> keys,
        Authorities authorities,
        Duration handshakeTime,
        int handshakes,
        int handshakesPerSource) {

    public TlsSettings {
        certificates = List.copyOf(certificates);
        keys = List.copyOf(keys);
    }

    /** Serves none, shows no certificate. */
    public static final TlsSettings NONE = of(TransportSettings.OFF, List.of(), List.of());

    /** With the machine's own authorities and the usual limits. */
    public static TlsSettings of(int port, List<Path> certificates, List<Path> keys) {
        return new TlsSettings(
                port,
                certificates,
                keys,
                Authorities.ofThisMachine(),
                Duration.ofSeconds(5),
                256,
                64);
    }
}

package dev.roomline.sip.transport;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * With what TLS connections are made. Without a certificate none can be served, and those that we
 * open show none.
 *
 * @param port {@link TransportSettings#OFF}, {@link TransportSettings#ANY_FREE_PORT} or 1–65535
 * @param certificate PEM: ours first, then those that lead to its authority
 * @param key PEM: PKCS #8, PKCS #1 or SEC 1, not encrypted
 * @param authorities PEM files of whose authorities' certificates those that exist are trusted
 *     beside the JDK's own
 * @param handshakeTime from a connection's begin to its first encrypted byte
 * @param handshakes of peers under way at once; beyond it the oldest makes room if it has taken
 *     longer than it should
 * @param handshakesPerSource of one IPv4 address or IPv6 /64
 */
public record TlsSettings(
        int port,
        Optional<Path> certificate,
        Optional<Path> key,
        Authorities authorities,
        Duration handshakeTime,
        int handshakes,
        int handshakesPerSource) {

    /** Serves none, shows no certificate. */
    public static final TlsSettings NONE =
            of(TransportSettings.OFF, Optional.empty(), Optional.empty());

    /** With the machine's own authorities and the usual limits. */
    public static TlsSettings of(int port, Optional<Path> certificate, Optional<Path> key) {
        return new TlsSettings(
                port,
                certificate,
                key,
                Authorities.ofThisMachine(),
                Duration.ofSeconds(5),
                256,
                64);
    }
}

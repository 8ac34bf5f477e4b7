package dev.roomline.bridge.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The whole configuration: one record per section of {@code config/reference.yaml}, one component
 * per key. Immutable; paths are absolute. What the file declares (keys, accounts, rooms, trunks,
 * routes, webhooks) stands in {@link Declared}.
 *
 * @param dataDir folder of the store and of keys that the server makes
 * @param roles what a room code lets one do, by role name; the three built-in ones are always there
 */
public record RoomlineConfig(
        Path dataDir,
        Network network,
        Sip sip,
        Media media,
        Http http,
        Map<String, Set<Permission>> roles,
        Declared declared,
        Limits limits,
        Calls calls,
        Shutdown shutdown,
        Database database,
        Hep hep,
        Log log) {
    public RoomlineConfig {
        roles = Map.copyOf(roles);
    }

    /**
     * @param bind where all sockets bind; wildcards allowed
     * @param publicAddresses told to peers outside private ranges
     * @param publicByStun {@code host:port} of STUN servers that discover further public addresses
     */
    public record Network(
            List<InetAddress> bind, List<InetAddress> publicAddresses, List<String> publicByStun) {
        public Network {
            bind = List.copyOf(bind);
            publicAddresses = List.copyOf(publicAddresses);
            publicByStun = List.copyOf(publicByStun);
        }
    }

    /**
     * @param udp port; 0: off
     * @param tcp port; 0: off
     * @param tls port; 0: off
     * @param domains empty: a request's host part is not checked
     * @param challenge 407 or 401
     * @param digest {@code md5}, {@code sha-256}, in the order in which they are offered
     */
    public record Sip(
            int udp,
            int tcp,
            int tls,
            boolean ws,
            List<Path> tlsCertificates,
            List<Path> tlsKeys,
            List<String> domains,
            String realm,
            int challenge,
            List<String> digest,
            Duration sessionExpires) {
        public Sip {
            tlsCertificates = List.copyOf(tlsCertificates);
            tlsKeys = List.copyOf(tlsKeys);
            domains = List.copyOf(domains);
            digest = List.copyOf(digest);
        }
    }

    /**
     * @param loops 0: one per core
     * @param codecs of opus, g722, pcmu, pcma in our order of preference
     * @param silenceTimeout zero: never
     */
    public record Media(
            PortRange rtpPorts,
            int webrtcPort,
            int loops,
            List<String> codecs,
            Passthrough passthrough,
            int opusComplexity,
            Encryption encryption,
            Duration silenceTimeout,
            boolean noiseSuppression,
            boolean autoGain) {
        public Media {
            codecs = List.copyOf(codecs);
        }
    }

    /**
     * @param port 0: any free one
     * @param tls absent: plain HTTP
     * @param cors origins whose pages may use the API; {@code *} is all
     */
    public record Http(
            int port,
            Optional<HttpTls> tls,
            List<String> cors,
            MetricsAccess metrics,
            List<IceServer> iceServers) {
        public Http {
            cors = List.copyOf(cors);
            iceServers = List.copyOf(iceServers);
        }
    }

    /** How pages are served over https. */
    public sealed interface HttpTls {
        /** A certificate that the server makes for itself. */
        record SelfSigned() implements HttpTls {}

        /** PEM files. */
        record Pem(Path certificate, Path key) implements HttpTls {}
    }

    /**
     * Handed to browsers. Either {@code username} and {@code credential} as they are, or {@code
     * secret} from which each browser's own are derived (TURN REST).
     */
    public record IceServer(List<String> urls, String username, Secret credential, Secret secret) {
        public IceServer {
            urls = List.copyOf(urls);
        }
    }

    /**
     * @param maxCalls 0: no fixed limit
     * @param invitesPerSecond 0: no fixed limit
     */
    public record Limits(
            int maxCalls,
            int invitesPerSecond,
            Duration maxCallDuration,
            Duration ringTimeout,
            List<String> allowedPrefixes,
            List<String> deniedPrefixes,
            boolean emergencyNumbers) {
        public Limits {
            allowedPrefixes = List.copyOf(allowedPrefixes);
            deniedPrefixes = List.copyOf(deniedPrefixes);
        }
    }

    /**
     * @param keep how long ended calls stay in the store
     * @param traceKeep how long their traces do
     */
    public record Calls(Duration keep, Trace trace, Duration traceKeep) {}

    /**
     * @param grace how long calls may go on by themselves when the server is stopped
     */
    public record Shutdown(Duration grace) {}

    /**
     * @param url empty: SQLite in {@code dataDir}; else a JDBC address, which may hold a password
     * @param key keys in Base64 that secrets are sealed with, the first of which seals; empty:
     *     those of {@code dataDir/store.key}
     */
    public record Database(Secret url, Secret key) {}

    /**
     * Where SIP messages are sent to be watched.
     *
     * @param host of a Homer server; empty: nothing is sent
     * @param captureId what it knows this server by
     */
    public record Hep(String host, int port, int captureId, Secret password) {}

    public record Log(LogFormat format) {}

    /** What a role lets one do. */
    public enum Permission {
        SPEAK,
        DIAL,
        MODERATE
    }

    public enum Passthrough {
        AUTO,
        ALWAYS,
        NEVER
    }

    public enum Encryption {
        DISABLE,
        ALLOW,
        REQUIRE
    }

    /** Who may read {@code /metrics} without a key; {@code LOCAL} is loopback and private. */
    public enum MetricsAccess {
        LOCAL,
        ALL,
        NONE
    }

    public enum Trace {
        ALL,
        FAILED,
        NONE
    }

    public enum LogFormat {
        TEXT,
        JSON
    }
}

package dev.roomline.bridge.api;

import dev.roomline.bridge.auth.Credentials;
import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.config.RoomlineConfig.MetricsAccess;
import dev.roomline.bridge.metrics.Metrics;
import java.net.InetAddress;

/** {@code /metrics}: without a key for whom {@code http.metrics} names, for others with one. */
final class MetricsPage implements Endpoint {
    private final Metrics metrics;
    private final MetricsAccess access;
    private final Credentials credentials;

    MetricsPage(Metrics metrics, MetricsAccess access, Credentials credentials) {
        this.metrics = metrics;
        this.access = access;
        this.credentials = credentials;
    }

    @Override
    public Answer answer(Ask ask) {
        if (!open(ask.peer())) {
            switch (credentials.check(ask.header("authorization").orElse(null))) {
                case Credentials.Verdict.Unknown unknown -> {
                    return Answer.problem(401, unknown.detail()).with("WWW-Authenticate", "Bearer");
                }
                case Credentials.Verdict.Known known -> {
                    if (!known.caller().may(Scope.ADMIN, true)) {
                        return Answer.problem(403, "This key lacks the scope read.");
                    }
                }
            }
        }
        return Answer.text(200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape());
    }

    private boolean open(InetAddress peer) {
        return switch (access) {
            case ALL -> true;
            case NONE -> false;
            case LOCAL ->
                    peer.isLoopbackAddress()
                            || peer.isSiteLocalAddress()
                            || peer.isLinkLocalAddress()
                            || isUniqueLocal(peer);
        };
    }

    // RFC 4193: fc00::/7
    private static boolean isUniqueLocal(InetAddress peer) {
        byte[] bytes = peer.getAddress();
        return bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
    }
}

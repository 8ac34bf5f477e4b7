package dev.roomline.bridge.api;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What browsers are told: security headers on everything, CORS for the configured origins. */
final class Browsers {
    private static final String PAGES =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self' ws: wss:; media-src 'self' blob:; font-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final List<String> origins;

    /**
     * @param origins {@code http.cors}
     */
    Browsers(List<String> origins) {
        this.origins = origins;
    }

    /** First of all handlers. */
    void headers(RoutingContext context) {
        HttpServerResponse response = context.response();
        response.putHeader("X-Content-Type-Options", "nosniff");
        response.putHeader("Referrer-Policy", "no-referrer");
        response.putHeader("Content-Security-Policy", PAGES);
        response.putHeader("Permissions-Policy", "microphone=(self), camera=(), geolocation=()");
        response.putHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.putHeader("Cross-Origin-Resource-Policy", "same-origin");
        String origin = context.request().getHeader("Origin");
        if (origin != null && listed(origin)) {
            response.putHeader("Access-Control-Allow-Origin", origins.contains("*") ? "*" : origin);
            response.putHeader("Vary", "Origin");
            response.putHeader(
                    "Access-Control-Expose-Headers", "Location, Retry-After, ETag, Link");
            if (context.request().method().name().equals("OPTIONS")
                    && context.request().getHeader("Access-Control-Request-Method") != null) {
                response.putHeader(
                        "Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE, OPTIONS");
                response.putHeader(
                        "Access-Control-Allow-Headers",
                        "Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID");
                response.putHeader("Access-Control-Max-Age", "600");
                if (!WhipRoutes.serves(context.request().path())) {
                    response.setStatusCode(204).end();
                    return;
                }
            }
        }
        context.next();
    }

    private boolean listed(String origin) {
        return origins.contains("*") || origins.contains(origin);
    }

    /**
     * A WebSocket is not under CORS, so its Origin is looked at here: our own page's, a listed one,
     * or none (a program).
     */
    boolean maySpeakToUs(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return origin == null || listed(origin) || isOurs(origin, request.getHeader("Host"));
    }

    private static boolean isOurs(String origin, @Nullable String host) {
        return host != null
                && (origin.equalsIgnoreCase("http://" + host)
                        || origin.equalsIgnoreCase("https://" + host));
    }
}

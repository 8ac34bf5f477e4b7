package dev.roomline.bridge.api;

import dev.roomline.bridge.peer.SessionRoute;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Handlers that other packages bring. Each is called on the HTTP event loop and must not block it.
 *
 * @param start {@code GET /}
 * @param room {@code GET /join/:code}; the path parameter is {@code code}, not yet checked
 * @param docs {@code GET /docs}
 * @param asset {@code GET /roomline.js}, {@code /roomline.d.ts} and {@code /assets/*}
 * @param session a browser's WebSocket at {@code /v1/session}; its Origin has been checked
 * @param sip SIP over WebSocket at {@code /sip}; its Origin has been checked; empty: not served
 */
public record Pages(
        Handler<RoutingContext> start,
        Handler<RoutingContext> room,
        Handler<RoutingContext> docs,
        Handler<RoutingContext> asset,
        SessionRoute session,
        Optional<SessionRoute> sip) {}

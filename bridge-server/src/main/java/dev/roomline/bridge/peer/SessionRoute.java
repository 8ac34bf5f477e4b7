package dev.roomline.bridge.peer;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * A path that is upgraded to WebSocket: {@code GET /v1/session} for browsers' sessions, {@code GET
 * /sip} for SIP. The route hands every request of that path to it, plain ones too.
 */
public interface SessionRoute extends Handler<RoutingContext> {}

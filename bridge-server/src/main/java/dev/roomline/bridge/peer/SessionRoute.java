package dev.roomline.bridge.peer;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /v1/session}: upgrades to WebSocket and speaks the session protocol. The route hands
 * every request of that path to it, plain ones too.
 */
public interface SessionRoute extends Handler<RoutingContext> {}

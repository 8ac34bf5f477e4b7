package dev.roomline.bridge.console;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The pages that the server itself shows: the start page, the room page, and {@code /roomline.js}
 * by which any other page joins a room. All are static and read from the class path once; what they
 * show of a room comes over {@code /v1/session}. Immutable; its handlers never block and may run on
 * any thread. The routes set the security headers (no inline script or style).
 */
public final class Console {
    /** Where each path's bytes lie; nothing else is served. */
    private static final Map<String, String> FILES =
            Map.of(
                    "/roomline.js", "roomline.js",
                    "/roomline.d.ts", "roomline.d.ts",
                    "/assets/room.js", "assets/room.js",
                    "/assets/start.js", "assets/start.js",
                    "/assets/docs.js", "assets/docs.js",
                    "/assets/docs.css", "assets/docs.css",
                    "/assets/style.css", "assets/style.css",
                    "/assets/icon.svg", "assets/icon.svg");

    private final StaticFile start;
    private final StaticFile room;
    private final StaticFile docs;
    private final Map<String, StaticFile> assets;

    /**
     * @param sipPort the port that phones dial, shown on the pages where it is not 5060
     */
    public Console(int sipPort) {
        String shown = sipPort == 5060 ? "" : ":" + sipPort;
        start = StaticFile.load("start.html").with("{{sip_port}}", shown);
        room = StaticFile.load("room.html").with("{{sip_port}}", shown);
        docs = StaticFile.load("docs.html");
        assets =
                FILES.entrySet().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey, e -> StaticFile.load(e.getValue())));
    }

    /** {@code GET /}. */
    public Handler<RoutingContext> start() {
        return start::answer;
    }

    /** {@code GET /join/:code}: the same page for every code, known or not. */
    public Handler<RoutingContext> room() {
        return room::answer;
    }

    /** {@code GET /docs}: the API, drawn from {@code /openapi.json}. */
    public Handler<RoutingContext> docs() {
        return docs::answer;
    }

    /** {@code GET /roomline.js}, {@code /roomline.d.ts}, {@code /assets/*}. */
    public Handler<RoutingContext> asset() {
        return context -> {
            StaticFile file = assets.get(context.request().path());
            if (file == null) {
                context.response()
                        .setStatusCode(404)
                        .putHeader("content-type", "text/plain; charset=utf-8")
                        .end("Nothing is here.\n");
            } else {
                file.answer(context);
            }
        };
    }
}

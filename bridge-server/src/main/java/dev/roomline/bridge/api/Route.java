package dev.roomline.bridge.api;

import dev.roomline.bridge.config.Declared.Scope;
import java.util.Set;

/**
 * One line of the page of routes.
 *
 * @param path Vert.x's form, {@code /v1/rooms/:room}
 * @param scopes of which a caller must hold one; none: anybody may ask
 * @param bodyLimit octets; 0: a body is not read
 */
record Route(String method, String path, Set<Scope> scopes, int bodyLimit, Endpoint endpoint) {
    Route {
        scopes = Set.copyOf(scopes);
    }

    /** As OpenAPI writes it, {@code /v1/rooms/{room}}. */
    String template() {
        return path.replaceAll(":([a-z]+)", "{$1}");
    }
}

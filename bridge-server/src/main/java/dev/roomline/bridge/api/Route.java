package dev.roomline.bridge.api;

import dev.roomline.bridge.config.Declared.Scope;
import java.util.Optional;

/**
 * One line of the page of routes.
 *
 * @param path Vert.x's form, {@code /v1/rooms/:room}
 * @param scope what a caller must hold; absent: anybody may ask
 * @param bodyLimit octets; 0: a body is not read
 */
record Route(String method, String path, Optional<Scope> scope, int bodyLimit, Endpoint endpoint) {

    /** As OpenAPI writes it, {@code /v1/rooms/{room}}. */
    String template() {
        return path.replaceAll(":([a-z]+)", "{$1}");
    }
}

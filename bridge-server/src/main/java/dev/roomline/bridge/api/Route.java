package dev.roomline.bridge.api;

import dev.roomline.bridge.config.Declared.Scope;
import java.util.List;
import java.util.Set;

/**
 * One line of the page of routes.
 *
 * @param path Vert.x's form, {@code /v1/rooms/:room}
 * @param scopes of which a caller must hold one; none: anybody may ask
 * @param bodyLimit octets; 0: a body is not read
 * @param dialect whose clients ask
 * @param waits its answer may be a minute away: it does not count among those in work
 */
record Route(
        String method,
        String path,
        Set<Scope> scopes,
        int bodyLimit,
        Endpoint endpoint,
        Dialect dialect,
        boolean waits) {
    Route {
        scopes = Set.copyOf(scopes);
    }

    Route(String method, String path, Set<Scope> scopes, int bodyLimit, Endpoint endpoint) {
        this(method, path, scopes, bodyLimit, endpoint, Dialect.NATIVE, false);
    }

    /** The same for the clients of a hosted product. */
    Route in(Dialect hosted) {
        return new Route(method, path, scopes, bodyLimit, endpoint, hosted, waits);
    }

    /** The same, with an answer that may be a minute away. */
    Route waiting() {
        return new Route(method, path, scopes, bodyLimit, endpoint, dialect, true);
    }

    /** What a parameter of the path names: {@code :id} of {@code /v1/trunks/:id} a trunk. */
    String noun(String parameter) {
        if (parameter.equals("secret")) {
            return WhipRoutes.serves(path) ? "session" : "participant";
        }
        if (!parameter.equals("id")) {
            return parameter;
        }
        List<String> segments = List.of(path.split("/"));
        String kind = segments.get(segments.indexOf(":id") - 1);
        return kind.endsWith("s") ? kind.substring(0, kind.length() - 1) : kind;
    }

    /** As OpenAPI writes it, {@code /v1/rooms/{room}}. */
    String template() {
        return path.replaceAll(":([a-z]+)", "{$1}");
    }
}

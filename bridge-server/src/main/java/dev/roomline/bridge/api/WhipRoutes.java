package dev.roomline.bridge.api;

import dev.roomline.bridge.api.whip.WhipEndpoint;
import dev.roomline.bridge.api.whip.WhipSession;
import dev.roomline.bridge.config.Declared.Scope;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The routes of WHIP and WHEP; the path is the credential. */
final class WhipRoutes {
    private static final int SDP = 64 * 1024;
    private static final int NONE = 0;
    private static final Set<Scope> OPEN = Set.of();

    private WhipRoutes() {}

    /** Its preflights are answered by its own OPTIONS (RFC 9725 §4.2). */
    static boolean serves(String path) {
        return path.startsWith("/whip/") || path.startsWith("/whep/");
    }

    static List<Route> all(WhipEndpoint publishers, WhipEndpoint listeners, WhipSession sessions) {
        return Stream.concat(
                        of("/whip/:room", publishers, sessions),
                        of("/whep/:room", listeners, sessions))
                .toList();
    }

    private static Stream<Route> of(String path, WhipEndpoint endpoint, WhipSession sessions) {
        String session = path + "/:participant/:secret";
        return Stream.of(
                new Route("POST", path, OPEN, SDP, endpoint::create),
                new Route("OPTIONS", path, OPEN, NONE, endpoint::options),
                new Route("PATCH", session, OPEN, SDP, sessions::patch),
                new Route("DELETE", session, OPEN, NONE, sessions::delete),
                new Route("OPTIONS", session, OPEN, NONE, sessions::options));
    }
}

package dev.roomline.bridge.api;

import dev.roomline.bridge.api.indus.PassthroughCalls;
import dev.roomline.bridge.api.indus.PassthroughTrunks;
import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.entry.Desk;
import dev.roomline.bridge.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** What Indus Net's clients ask for, on one page. */
final class IndusRoutes {
    private static final int JSON = 64 * 1024;
    private static final int NONE = 0;
    private static final Set<Scope> CALLS = Set.of(Scope.CALLS);
    private static final Set<Scope> ADMIN = Set.of(Scope.ADMIN);

    /** Where a call may last for ever, its room's token does not. */
    private static final Duration LONGEST_TOKEN = Duration.ofDays(1);

    private IndusRoutes() {}

    static List<Route> all(
            RoomlineConfig config,
            Store store,
            LiveSide live,
            Desk desk,
            Aliases aliases,
            InstantSource clock,
            Dialect dialect) {
        Duration longestCall = config.limits().maxCallDuration();
        Duration ringTimeout = config.limits().ringTimeout();
        PassthroughTrunks trunks =
                new PassthroughTrunks(
                        desk.trunks(),
                        store.trunks(),
                        desk.webhooks(),
                        store.webhooks(),
                        store.passthrough(),
                        aliases);
        PassthroughCalls calls =
                new PassthroughCalls(
                        store,
                        live.calls(),
                        aliases,
                        ringTimeout,
                        longestCall.isZero() ? LONGEST_TOKEN : longestCall.plus(ringTimeout),
                        clock);
        String create = "/sip/create-outbound-trunk";
        String off = "/sip/deactivate/:trunk";
        return List.of(
                        new Route("POST", create, ADMIN, JSON, trunks::create),
                        new Route("GET", "/sip/list", ADMIN, NONE, trunks::list),
                        new Route("DELETE", off, ADMIN, NONE, trunks::deactivate),
                        new Route("POST", "/call/outbound_passthrough", CALLS, JSON, calls::place),
                        new Route("GET", "/call/queue/:queue", CALLS, NONE, calls::queue),
                        new Route("GET", "/call/records", CALLS, NONE, calls::records))
                .stream()
                .map(route -> route.in(dialect))
                .toList();
    }
}

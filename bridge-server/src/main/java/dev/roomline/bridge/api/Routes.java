package dev.roomline.bridge.api;

import dev.roomline.bridge.api.v1.CallsApi;
import dev.roomline.bridge.api.v1.DeliveriesApi;
import dev.roomline.bridge.api.v1.EntriesApi;
import dev.roomline.bridge.api.v1.EventsApi;
import dev.roomline.bridge.api.v1.ParticipantsApi;
import dev.roomline.bridge.api.v1.PlacingApi;
import dev.roomline.bridge.api.v1.ReloadApi;
import dev.roomline.bridge.api.v1.RoomsApi;
import dev.roomline.bridge.api.v1.ServerApi;
import dev.roomline.bridge.api.v1.TracesApi;
import dev.roomline.bridge.api.v1.TransfersApi;
import dev.roomline.bridge.api.v1.TrunkTestApi;
import dev.roomline.bridge.config.Declared.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The server's own HTTP routes, on one page ({@link WhipRoutes} and {@link HostedRoutes} speak
 * other protocols). What is not here is a 404 problem. {@code /}, {@code /join/:code}, {@code
 * /docs}, {@code /roomline.js}, {@code /assets/*} and the WebSocket {@code /v1/session} stand in
 * {@link WebServer}: others bring their handlers.
 */
final class Routes {
    private static final int JSON = 64 * 1024;
    private static final int SDP = 64 * 1024;
    private static final int NONE = 0;

    private static final Set<Scope> OPEN = Set.of();
    private static final Set<Scope> ROOMS = Set.of(Scope.ROOMS);
    private static final Set<Scope> CALLS = Set.of(Scope.CALLS);
    private static final Set<Scope> ADMIN = Set.of(Scope.ADMIN);
    private static final Set<Scope> ANY = Set.of(Scope.ROOMS, Scope.CALLS, Scope.READ);

    private Routes() {}

    static List<Route> all(
            RoomsApi rooms,
            ParticipantsApi people,
            CallsApi calls,
            PlacingApi placing,
            TransfersApi moving,
            TracesApi traces,
            ServerApi server,
            List<EntriesApi> entries,
            DeliveriesApi deliveries,
            EventsApi events,
            TrunkTestApi trunkTest,
            ReloadApi reload,
            Idempotency idempotency,
            Endpoint metrics,
            Endpoint openApi) {
        String room = "/v1/rooms/:room";
        String person = room + "/participants/:participant";
        Endpoint createRoom = ask -> idempotency.once("rooms", ask, rooms::create);
        Endpoint createCode = ask -> idempotency.once("codes", ask, rooms::addCode);
        String hook = "/v1/webhooks/:id";
        String again = hook + "/deliveries/:delivery/redeliver";
        Endpoint placeCall = ask -> idempotency.once("calls", ask, placing::create);
        List<Route> routes = new ArrayList<>();
        entries.forEach(kind -> entries(kind, idempotency, routes));
        routes.addAll(
                List.of(
                        new Route("POST", "/v1/rooms", ROOMS, JSON, createRoom),
                        new Route("GET", "/v1/rooms", ROOMS, NONE, rooms::list),
                        new Route("GET", room, ROOMS, NONE, rooms::get),
                        new Route("PATCH", room, ROOMS, JSON, rooms::patch),
                        new Route("DELETE", room, ROOMS, NONE, rooms::delete),
                        new Route("POST", room + "/codes", ROOMS, JSON, createCode),
                        new Route("GET", room + "/codes", ROOMS, NONE, rooms::codes),
                        new Route("GET", room + "/codes/:code", ROOMS, NONE, rooms::code),
                        new Route("PATCH", room + "/codes/:code", ROOMS, JSON, rooms::patchCode),
                        new Route("POST", room + "/participants", OPEN, SDP, people::join),
                        new Route("GET", room + "/participants", ROOMS, NONE, people::list),
                        new Route("GET", person, ROOMS, NONE, people::get),
                        new Route("PATCH", person, ROOMS, JSON, people::patch),
                        new Route("DELETE", person, ROOMS, NONE, people::remove),
                        new Route("DELETE", person + "/:secret", OPEN, NONE, people::leave),
                        new Route("POST", "/v1/calls", CALLS, JSON, placeCall).waiting(),
                        new Route("GET", "/v1/calls", CALLS, NONE, calls::list),
                        new Route("GET", "/v1/calls/:call", CALLS, NONE, calls::get),
                        new Route("DELETE", "/v1/calls/:call", CALLS, NONE, calls::hangUp),
                        new Route("POST", "/v1/calls/:call/dtmf", CALLS, JSON, calls::press),
                        new Route("POST", "/v1/calls/:call/transfer", CALLS, JSON, moving::create)
                                .waiting(),
                        new Route("GET", "/v1/calls/:call/trace", CALLS, NONE, traces::get),
                        new Route("GET", "/v1/refusals", CALLS, NONE, server::refusals),
                        new Route("POST", "/v1/trunks/:id/test", ADMIN, JSON, trunkTest::test)
                                .waiting(),
                        new Route("GET", "/v1/events", ANY, NONE, events::stream),
                        new Route("POST", hook + "/test", ADMIN, NONE, deliveries::test),
                        new Route("GET", hook + "/deliveries", ADMIN, NONE, deliveries::list),
                        new Route("POST", again, ADMIN, NONE, deliveries::redeliver),
                        new Route("GET", "/v1/server", ADMIN, NONE, server::server),
                        new Route("POST", "/v1/server/drain", ADMIN, NONE, server::drain),
                        new Route("POST", "/v1/server/reload", ADMIN, NONE, reload::reload),
                        new Route("DELETE", "/v1/server/drain", ADMIN, NONE, server::resume),
                        new Route("GET", "/metrics", OPEN, NONE, metrics),
                        new Route("GET", "/healthz", OPEN, NONE, server::alive),
                        new Route("GET", "/readyz", OPEN, NONE, server::ready),
                        new Route("GET", "/openapi.json", OPEN, NONE, OpenApi::json),
                        new Route("GET", "/openapi.yaml", OPEN, NONE, openApi)));
        return List.copyOf(routes);
    }

    /** {@code /v1/accounts}, {@code keys}, {@code routes}, {@code trunks}, {@code webhooks}. */
    private static void entries(EntriesApi kind, Idempotency idempotency, List<Route> routes) {
        String path = kind.path();
        String one = path + "/:id";
        Endpoint create = ask -> idempotency.once(path, ask, kind::create);
        routes.add(new Route("POST", path, ADMIN, JSON, create));
        routes.add(new Route("GET", path, ADMIN, NONE, kind::list));
        routes.add(new Route("GET", one, ADMIN, NONE, kind::get));
        routes.add(new Route("PATCH", one, ADMIN, JSON, kind::patch));
        routes.add(new Route("DELETE", one, ADMIN, NONE, kind::delete));
    }
}

package dev.roomline.bridge.api;

import dev.roomline.bridge.api.videosdk.RoomResource;
import dev.roomline.bridge.api.videosdk.Sessions;
import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.store.Store;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What VideoSDK's clients ask for, on one page. */
final class VideoSdkRoutes {
    private static final int JSON = 64 * 1024;
    private static final int NONE = 0;
    private static final Set<Scope> ROOMS = Set.of(Scope.ROOMS);

    private VideoSdkRoutes() {}

    /** Literal paths first: {@code /v2/rooms/deactivate} is no room of 100ms. */
    static List<Route> all(
            Store store, LiveSide live, Aliases aliases, InstantSource clock, Dialect dialect) {
        List<Route> routes = new ArrayList<>();
        rooms(
                new RoomResource(store.rooms(), aliases),
                new Sessions(store.rooms(), live.rooms(), aliases, clock),
                routes);
        return routes.stream().map(route -> route.in(dialect)).toList();
    }

    private static void rooms(RoomResource rooms, Sessions sessions, List<Route> routes) {
        String session = "/v2/sessions";
        routes.add(new Route("POST", "/v2/rooms/deactivate", ROOMS, JSON, rooms::deactivate));
        routes.add(new Route("GET", "/v2/rooms/validate/:room", ROOMS, NONE, rooms::get));
        routes.add(new Route("POST", "/v2/rooms", ROOMS, JSON, rooms::create));
        routes.add(new Route("GET", "/v2/rooms", ROOMS, NONE, rooms::list));
        routes.add(new Route("GET", "/v2/rooms/:room", ROOMS, NONE, rooms::get));
        routes.add(new Route("POST", session + "/end", ROOMS, JSON, sessions::end));
        routes.add(
                new Route("POST", session + "/participants/remove", ROOMS, JSON, sessions::remove));
    }
}

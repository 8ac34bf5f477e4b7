package dev.roomline.bridge.api;

import dev.roomline.bridge.api.videosdk.CallLookup;
import dev.roomline.bridge.api.videosdk.Gateways;
import dev.roomline.bridge.api.videosdk.Peers;
import dev.roomline.bridge.api.videosdk.RoomResource;
import dev.roomline.bridge.api.videosdk.RoutingRules;
import dev.roomline.bridge.api.videosdk.Sessions;
import dev.roomline.bridge.api.videosdk.SipCalls;
import dev.roomline.bridge.api.videosdk.SipTrunks;
import dev.roomline.bridge.api.videosdk.WebhookKey;
import dev.roomline.bridge.api.videosdk.WebhookResource;
import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.entry.Desk;
import dev.roomline.bridge.store.Store;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What VideoSDK's clients ask for, on one page. */
final class VideoSdkRoutes {
    private static final int JSON = 64 * 1024;
    private static final int NONE = 0;
    private static final Set<Scope> OPEN = Set.of();
    private static final Set<Scope> ROOMS = Set.of(Scope.ROOMS);
    private static final Set<Scope> CALLS = Set.of(Scope.CALLS);
    private static final Set<Scope> ADMIN = Set.of(Scope.ADMIN);

    private VideoSdkRoutes() {}

    /** Literal paths first: {@code /v2/rooms/deactivate} is no room of 100ms. */
    static List<Route> all(
            RoomlineConfig config,
            Store store,
            LiveSide live,
            Desk desk,
            Aliases aliases,
            NamedRooms named,
            InstantSource clock,
            Dialect dialect) {
        List<Route> routes = new ArrayList<>();
        RoomResource rooms = new RoomResource(store.rooms(), named, aliases);
        Peers peers = new Peers(store, desk);
        RoutingRules rules =
                new RoutingRules(desk.routes(), store.notes(), store.rooms(), aliases, clock);
        calls(
                new SipCalls(
                        store,
                        live.calls(),
                        aliases,
                        peers,
                        rooms,
                        rules,
                        config.limits().ringTimeout()),
                new CallLookup(store, live.calls(), live.rooms(), aliases, peers),
                routes);
        rooms(rooms, new Sessions(store.rooms(), live.rooms(), aliases, clock), routes);
        resources(
                peers,
                new WebhookResource(desk.webhooks(), new WebhookKey(store.serverKeys())),
                rules,
                routes);
        return routes.stream().map(route -> route.in(dialect)).toList();
    }

    private static void resources(
            Peers peers, WebhookResource webhooks, RoutingRules rules, List<Route> routes) {
        List<String> whole = List.of("PUT");
        List<String> both = List.of("PUT", "PATCH");
        Resource in = Gateways.inbound(peers);
        Resource out = Gateways.outbound(peers);
        routes.addAll(new SipTrunks(peers).routes("/v2/sip-trunk", "id", ADMIN, JSON, whole));
        routes.addAll(in.routes("/v2/sip/inbound-gateways", "id", ADMIN, JSON, both));
        routes.addAll(out.routes("/v2/sip/outbound-gateways", "id", ADMIN, JSON, both));
        routes.addAll(webhooks.routes("/v2/sip/webhooks", "webhook", ADMIN, JSON, both));
        // their documentation writes it in the plural too
        for (String all : List.of("/v2/sip/routing-rule", "/v2/sip/routing-rules")) {
            routes.addAll(rules.routes(all, "rule", ADMIN, JSON, both));
        }
        routes.add(new Route("GET", "/v2/public/rsa-public-key", OPEN, NONE, webhooks::publicKey));
    }

    private static void calls(SipCalls calls, CallLookup lookup, List<Route> routes) {
        String path = "/v2/sip/call";
        routes.add(
                new Route("POST", "/v2/sip/outbound-call", CALLS, JSON, calls::outboundCall)
                        .waiting());
        routes.add(new Route("POST", path, CALLS, JSON, calls::create).waiting());
        routes.add(new Route("GET", path, CALLS, NONE, lookup::list));
        routes.add(new Route("GET", path + "/:call", CALLS, NONE, lookup::get));
        routes.add(new Route("POST", path + "/end", CALLS, JSON, lookup::end));
        routes.add(new Route("POST", path + "/transfer", CALLS, JSON, lookup::transfer).waiting());
        routes.add(new Route("POST", path + "/switch-room", CALLS, JSON, lookup::switchRoom));
    }

    private static void rooms(RoomResource rooms, Sessions sessions, List<Route> routes) {
        String session = "/v2/sessions";
        routes.add(new Route("POST", "/v2/rooms/deactivate", ROOMS, JSON, rooms::deactivate));
        routes.add(new Route("GET", "/v2/rooms/validate/:room", ROOMS, NONE, rooms::get));
        routes.add(new Route("POST", "/v2/rooms", ROOMS, JSON, rooms::create));
        routes.add(new Route("GET", "/v2/rooms", ROOMS, NONE, rooms::list));
        routes.add(new Route("GET", "/v2/rooms/:room", ROOMS, NONE, rooms::get));
        routes.add(new Route("GET", session + "/:session", ROOMS, NONE, sessions::get));
        routes.add(new Route("POST", session + "/end", ROOMS, JSON, sessions::end));
        routes.add(
                new Route("POST", session + "/participants/remove", ROOMS, JSON, sessions::remove));
    }
}

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
            InstantSource clock,
            Dialect dialect) {
        List<Route> routes = new ArrayList<>();
        RoomResource rooms = new RoomResource(store.rooms(), aliases);
        Peers peers = new Peers(store, desk);
        trunks(new SipTrunks(peers), routes);
        gateways("/v2/sip/inbound-gateways", Gateways.inbound(peers), routes);
        gateways("/v2/sip/outbound-gateways", Gateways.outbound(peers), routes);
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
        webhooks(new WebhookResource(desk.webhooks(), new WebhookKey(store.serverKeys())), routes);
        rules(rules, routes);
        return routes.stream().map(route -> route.in(dialect)).toList();
    }

    private static void webhooks(WebhookResource webhooks, List<Route> routes) {
        String all = "/v2/sip/webhooks";
        String one = all + "/:webhook";
        routes.add(new Route("GET", "/v2/public/rsa-public-key", OPEN, NONE, webhooks::publicKey));
        routes.add(new Route("POST", all, ADMIN, JSON, webhooks::create));
        routes.add(new Route("GET", all, ADMIN, NONE, webhooks::list));
        routes.add(new Route("GET", one, ADMIN, NONE, webhooks::get));
        routes.add(new Route("PUT", one, ADMIN, JSON, webhooks::update));
        routes.add(new Route("PATCH", one, ADMIN, JSON, webhooks::update));
        routes.add(new Route("DELETE", one, ADMIN, NONE, webhooks::delete));
    }

    /** Their documentation writes it in the plural too. */
    private static void rules(RoutingRules rules, List<Route> routes) {
        for (String all : List.of("/v2/sip/routing-rule", "/v2/sip/routing-rules")) {
            String one = all + "/:rule";
            routes.add(new Route("POST", all, ADMIN, JSON, rules::create));
            routes.add(new Route("GET", all, ADMIN, NONE, rules::list));
            routes.add(new Route("GET", one, ADMIN, NONE, rules::get));
            routes.add(new Route("PATCH", one, ADMIN, JSON, rules::update));
            routes.add(new Route("PUT", one, ADMIN, JSON, rules::update));
            routes.add(new Route("DELETE", one, ADMIN, NONE, rules::delete));
        }
    }

    private static void trunks(SipTrunks trunks, List<Route> routes) {
        String one = "/v2/sip-trunk/:id";
        routes.add(new Route("POST", "/v2/sip-trunk", ADMIN, JSON, trunks::create));
        routes.add(new Route("GET", "/v2/sip-trunk", ADMIN, NONE, trunks::list));
        routes.add(new Route("GET", one, ADMIN, NONE, trunks::get));
        routes.add(new Route("PUT", one, ADMIN, JSON, trunks::update));
        routes.add(new Route("DELETE", one, ADMIN, NONE, trunks::delete));
    }

    private static void gateways(String path, Gateways gateways, List<Route> routes) {
        String one = path + "/:id";
        routes.add(new Route("POST", path, ADMIN, JSON, gateways::create));
        routes.add(new Route("GET", path, ADMIN, NONE, gateways::list));
        routes.add(new Route("GET", one, ADMIN, NONE, gateways::get));
        routes.add(new Route("PATCH", one, ADMIN, JSON, gateways::update));
        routes.add(new Route("PUT", one, ADMIN, JSON, gateways::update));
        routes.add(new Route("DELETE", one, ADMIN, NONE, gateways::delete));
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
        routes.add(new Route("POST", path + "/transfer", CALLS, JSON, lookup::transfer));
        routes.add(new Route("POST", path + "/switch-room", CALLS, JSON, lookup::switchRoom));
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

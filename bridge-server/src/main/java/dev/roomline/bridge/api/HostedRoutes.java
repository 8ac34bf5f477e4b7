package dev.roomline.bridge.api;

import dev.roomline.bridge.api.hundredms.ActiveRooms;
import dev.roomline.bridge.api.hundredms.HundredMs;
import dev.roomline.bridge.api.hundredms.OutboundCalls;
import dev.roomline.bridge.api.hundredms.OutboundTrunks;
import dev.roomline.bridge.api.hundredms.RoomCodes;
import dev.roomline.bridge.api.hundredms.RoomResource;
import dev.roomline.bridge.api.indus.Indus;
import dev.roomline.bridge.api.videosdk.VideoSdk;
import dev.roomline.bridge.auth.Credentials;
import dev.roomline.bridge.auth.Credentials.Kind;
import dev.roomline.bridge.auth.JoinTokens;
import dev.roomline.bridge.config.Declared.Scope;
import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.entry.Desk;
import dev.roomline.bridge.store.Rooms;
import dev.roomline.bridge.store.Store;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The routes that clients of hosted products know, on one page: docs/hosted-apis.md. */
final class HostedRoutes {
    private static final int JSON = 64 * 1024;
    private static final int NONE = 0;

    static final String UNSERVED = "Nothing is served at this path.";

    private static final Set<Scope> OPEN = Set.of();
    private static final Set<Scope> ROOMS = Set.of(Scope.ROOMS);
    private static final Set<Scope> CALLS = Set.of(Scope.CALLS);
    private static final Set<Scope> ADMIN = Set.of(Scope.ADMIN);

    private static final Dialect HUNDRED_MS = new HundredMs();
    private static final Dialect VIDEO_SDK = new VideoSdk();
    private static final Dialect INDUS = new Indus();

    private HostedRoutes() {}

    /** What VideoSDK's clients alone ask for. */
    private static final List<String> OF_VIDEO_SDK =
            List.of("/v2/sip-trunk", "/v2/sip/", "/v2/public/");

    /** What belongs to both of them, each in its own way. */
    private static final Pattern SHARED = Pattern.compile("/v2/(rooms|sessions)(/.*)?");

    /**
     * In whose words one is told that nothing is served there: as the token says, else as the path
     * does.
     *
     * @param authorization the header's value; null when absent
     */
    static Dialect of(String path, @Nullable String authorization) {
        if (!path.startsWith("/v2/")) {
            return path.startsWith("/sip/") || path.startsWith("/call/") ? INDUS : Dialect.NATIVE;
        }
        Kind usual =
                !path.startsWith("/v2/sip/outbound/")
                                && !path.equals("/v2/sip/dtmf")
                                && OF_VIDEO_SDK.stream().anyMatch(path::startsWith)
                        ? Kind.VIDEOSDK
                        : Kind.HUNDRED_MS;
        return Credentials.claimed(authorization).orElse(usual) == Kind.VIDEOSDK
                ? VIDEO_SDK
                : HUNDRED_MS;
    }

    /** Those that are asked for in the same way stand together, in the order of the page. */
    static List<List<Route>> byRequest(List<Route> routes) {
        Map<String, List<Route>> requests = new LinkedHashMap<>();
        for (Route route : routes) {
            requests.computeIfAbsent(route.method() + " " + route.path(), _ -> new ArrayList<>())
                    .add(route);
        }
        return List.copyOf(requests.values());
    }

    /**
     * Whose of the products that share a request: the token's claim decides, and without one the
     * answer is 100ms'. Who does not serve it says so to whom it knows.
     */
    static Route spoken(List<Route> same, @Nullable String authorization) {
        Route first = same.getFirst();
        if (!SHARED.matcher(first.path()).matches()) {
            return first;
        }
        Kind claimed = Credentials.claimed(authorization).orElse(Kind.HUNDRED_MS);
        Dialect dialect = claimed == Kind.VIDEOSDK ? VIDEO_SDK : HUNDRED_MS;
        return same.stream()
                .filter(route -> route.dialect().equals(dialect))
                .findFirst()
                .orElseGet(
                        () ->
                                new Route(
                                                first.method(),
                                                first.path(),
                                                first.scopes(),
                                                first.bodyLimit(),
                                                _ -> Answer.problem(404, UNSERVED))
                                        .in(dialect));
    }

    static List<Route> all(
            RoomlineConfig config, Store store, LiveSide live, Desk desk, InstantSource clock) {
        Rooms rooms = store.rooms();
        NamedRooms named = new NamedRooms(rooms);
        Aliases aliases = new Aliases(rooms, store.trunks());
        List<Route> routes =
                new ArrayList<>(
                        VideoSdkRoutes.all(
                                config, store, live, desk, aliases, named, clock, VIDEO_SDK));
        routes.addAll(IndusRoutes.all(config, store, live, desk, aliases, clock, INDUS));
        routes.addAll(
                hundredMs(
                        new OutboundTrunks(desk.trunks(), aliases),
                        new OutboundCalls(
                                live.calls(),
                                live.rooms(),
                                aliases,
                                new JoinTokens(store.apiKeys(), clock),
                                config.limits().ringTimeout(),
                                OutboundCalls.LONGEST),
                        new RoomResource(rooms, store.notes(), named, aliases),
                        new RoomCodes(rooms, aliases, config.roles().keySet()),
                        new ActiveRooms(rooms, live.rooms(), aliases)));
        return List.copyOf(routes);
    }

    private static List<Route> hundredMs(
            OutboundTrunks trunks,
            OutboundCalls calls,
            RoomResource rooms,
            RoomCodes codes,
            ActiveRooms active) {
        String sip = "/v2/sip/outbound";
        String code = "/v2/room-codes/room/:room";
        String live = "/v2/active-rooms/:room";
        List<Route> others =
                List.of(
                        new Route("POST", sip + "/call", CALLS, JSON, calls::place).waiting(),
                        new Route("POST", "/v2/sip/dtmf", OPEN, JSON, calls::press),
                        new Route("POST", "/v2/rooms", ROOMS, JSON, rooms::create),
                        new Route("GET", "/v2/rooms", ROOMS, NONE, rooms::list),
                        new Route("GET", "/v2/rooms/:room", ROOMS, NONE, rooms::get),
                        new Route("POST", "/v2/rooms/:room", ROOMS, JSON, rooms::update),
                        new Route("POST", code, ROOMS, JSON, codes::createAll),
                        new Route("GET", code, ROOMS, NONE, codes::list),
                        new Route("POST", code + "/role/:role", ROOMS, JSON, codes::create),
                        new Route("POST", "/v2/room-codes/code", ROOMS, JSON, codes::enable),
                        new Route("GET", live, ROOMS, NONE, active::get),
                        new Route("GET", live + "/peers", ROOMS, NONE, active::peers),
                        new Route("GET", live + "/peers/:peer", ROOMS, NONE, active::peer),
                        new Route("POST", live + "/remove-peers", ROOMS, JSON, active::removePeers),
                        new Route("POST", live + "/end-room", ROOMS, JSON, active::end));
        return Stream.concat(
                        trunks
                                .routes(sip + "/trunks", "trunk", ADMIN, JSON, List.of("POST"))
                                .stream(),
                        others.stream())
                .map(route -> route.in(HUNDRED_MS))
                .toList();
    }
}

package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.store.RouteRow;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Several numbers that lead to one place: a route of ours for each number, and what the client says
 * of them all. A route that was entered elsewhere is a rule of one number.
 *
 * @param id {@code rr_…}, or that of the route
 * @param kept what is shown as it was given
 * @param routes number to route; of an outbound rule none
 */
record RoutingRule(
        String id, Instant createdAt, Map<String, Object> kept, Map<String, RouteRow> routes) {
    static final String INBOUND = "inbound";
    static final String NEW_ROOM = "new";

    /** Of an outbound rule what it said, as {@link RuleWish} keeps it. */
    static final String ROOM = "room";

    private static final String ROUTES = "routes";
    private static final String CREATED = "created";

    /** A rule of which nothing but its route is known. */
    static RoutingRule of(RouteRow route) {
        Map<String, Object> kept = new LinkedHashMap<>();
        kept.put("name", route.route().number());
        kept.put("type", INBOUND);
        return new RoutingRule(
                route.id(), route.createdAt(), kept, Map.of(route.route().number(), route));
    }

    /** As {@link #note} wrote it; a route that is gone is no longer of it. */
    static RoutingRule read(String id, Map<String, Object> note, Map<String, RouteRow> all) {
        Map<String, Object> kept = new LinkedHashMap<>(note);
        Map<String, RouteRow> routes = new LinkedHashMap<>();
        if (kept.remove(ROUTES) instanceof List<?> ids) {
            for (Object route : ids) {
                RouteRow row = all.get(String.valueOf(route));
                if (row != null) {
                    routes.put(row.route().number(), row);
                }
            }
        }
        Instant created = Instant.parse(String.valueOf(kept.remove(CREATED)));
        return new RoutingRule(id, created, kept, routes);
    }

    Map<String, Object> note() {
        Map<String, Object> note = new LinkedHashMap<>(kept);
        note.put(ROUTES, routes.values().stream().map(RouteRow::id).toList());
        note.put(CREATED, createdAt.toString());
        return note;
    }

    boolean isInbound() {
        return INBOUND.equals(kept.get("type"));
    }

    /** Of an outbound rule those that were given. */
    List<?> numbers() {
        if (isInbound()) {
            return List.copyOf(routes.keySet());
        }
        return kept.get("numbers") instanceof List<?> given ? given : List.of();
    }

    /** Where the calls of an outbound rule go that name no room; empty: into one that is made. */
    String outboundRoom() {
        return kept.get(ROOM) instanceof Map<?, ?> room && room.get("id") instanceof String id
                ? id
                : "";
    }

    /** {@code static} or {@code dynamic}; empty where the caller or an application decides. */
    Optional<String> roomType() {
        return routes.values().stream()
                .map(row -> row.route().room())
                .filter(room -> !room.isEmpty())
                .findFirst()
                .map(room -> room.equals(NEW_ROOM) ? "dynamic" : "static");
    }

    /**
     * @param rooms by code
     */
    Map<String, @Nullable Object> view(Function<String, Optional<RoomRow>> rooms) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", id);
        view.put("name", kept.get("name"));
        view.put("type", kept.get("type"));
        view.put("numbers", numbers());
        view.put("room", isInbound() ? room(rooms) : kept.get(ROOM));
        view.put("hidePhoneNumber", kept.getOrDefault("hidePhoneNumber", false));
        view.put("includeHeaders", kept.getOrDefault("includeHeaders", "NONE"));
        String headers = isInbound() ? "headersToAttributes" : "headers";
        view.put(headers, kept.getOrDefault(headers, Map.of()));
        view.put("metadata", kept.getOrDefault("metadata", Map.of()));
        view.put("tags", kept.getOrDefault("tags", List.of()));
        view.put("createdAt", VideoSdk.time(createdAt));
        return view;
    }

    private @Nullable Map<String, @Nullable Object> room(
            Function<String, Optional<RoomRow>> rooms) {
        Optional<String> type = roomType();
        if (type.isEmpty()) {
            return null;
        }
        Map<String, @Nullable Object> room = new LinkedHashMap<>();
        room.put("type", type.get());
        room.put("prefix", kept.get("prefix"));
        String code = routes.values().iterator().next().route().room();
        Optional<RoomRow> row = code.equals(NEW_ROOM) ? Optional.empty() : rooms.apply(code);
        room.put("id", row.map(it -> Aliases.dashed12(it.id())).orElse(null));
        room.put(
                "pin", row.flatMap(it -> pin(it, code)).filter(pin -> !pin.isEmpty()).orElse(null));
        return room;
    }

    private static Optional<String> pin(RoomRow room, String code) {
        return room.codes().stream()
                .filter(one -> one.code().equalsIgnoreCase(code))
                .map(CodeRow::pin)
                .findFirst();
    }

    /** Whether a search finds it: its name or one of its numbers holds the text. */
    boolean matches(String text) {
        String all =
                kept.get("name")
                        + "\n"
                        + numbers().stream().map(String::valueOf).collect(Collectors.joining("\n"));
        return all.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }
}

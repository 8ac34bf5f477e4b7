package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.Texts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of a routing rule.
 *
 * @param kept what is shown as it was given
 */
record RuleWish(
        Optional<String> type,
        Optional<List<String>> numbers,
        Optional<Room> room,
        Map<String, Object> kept) {
    private static final int NAME = 100;
    private static final int NUMBERS = 100;
    private static final int TAGS = 50;
    private static final int HEADERS = 20;
    private static final int ATTRIBUTE = 255;

    /** RFC 3261 §25.1. */
    private static final String HEADER_NAME = "[A-Za-z0-9.!%*_+`'~-]{1,64}";

    private static final List<String> INCLUDED = List.of("ALL", "SIP_X_HEADERS", "NONE");

    /**
     * @param type {@code static} or {@code dynamic}
     * @param id of the static room
     * @param pin digits; empty: none
     */
    record Room(String type, String id, String pin, String prefix) {
        /** As it is shown where no route says it. */
        Map<String, @Nullable Object> view() {
            Map<String, @Nullable Object> view = new LinkedHashMap<>();
            view.put("type", type);
            view.put("prefix", prefix.isEmpty() ? null : prefix);
            view.put("id", id.isEmpty() ? null : id);
            view.put("pin", pin.isEmpty() ? null : pin);
            return view;
        }
    }

    static RuleWish read(Loose body) {
        Map<String, Object> kept = new LinkedHashMap<>();
        body.text("name", NAME).ifPresent(name -> kept.put("name", name));
        Optional<String> type = body.oneOf("type", List.of(RoutingRule.INBOUND, "outbound"));
        Optional<List<String>> numbers = body.texts("phoneNumbers", NUMBERS);
        if (numbers.filter(List::isEmpty).isPresent()) {
            body.fault("phoneNumbers must hold at least one number");
        }
        Optional<Room> room = body.object("room").map(RuleWish::room);
        room.filter(it -> !it.prefix().isEmpty()).ifPresent(it -> kept.put("prefix", it.prefix()));
        body.flag("hidePhoneNumber").ifPresent(hide -> kept.put("hidePhoneNumber", hide));
        body.oneOf("includeHeaders", INCLUDED)
                .ifPresent(included -> kept.put("includeHeaders", included));
        if (body.has("headers")) {
            kept.put("headers", CallOrders.headers(body));
        }
        if (body.has("headersToAttributes")) {
            kept.put("headersToAttributes", attributes(body));
        }
        body.free("metadata").ifPresent(metadata -> kept.put("metadata", metadata));
        body.texts("tags", TAGS).ifPresent(tags -> kept.put("tags", tags));
        return new RuleWish(type, numbers, room, kept);
    }

    /** Names of headers, and of what becomes of them. */
    private static Map<String, String> attributes(Loose body) {
        Map<String, String> attributes = body.map("headersToAttributes", HEADERS);
        boolean plain =
                attributes.entrySet().stream()
                        .allMatch(
                                it ->
                                        it.getKey().matches(HEADER_NAME)
                                                && Texts.plain(it.getValue(), ATTRIBUTE));
        if (!plain) {
            body.fault(
                    "headersToAttributes must be names of headers and texts of at most "
                            + ATTRIBUTE
                            + " characters");
        }
        return attributes;
    }

    private static Room room(Loose room) {
        String type = room.oneOf("type", List.of("static", "dynamic")).orElse("");
        if (type.isEmpty()) {
            room.fault("room.type must be static or dynamic");
        }
        String id = room.text("id", NAME).orElse("");
        if (type.equals("static") && id.isEmpty()) {
            room.fault("room.id is required");
        }
        String pin = room.text("pin", 12).orElse("");
        if (!pin.isEmpty() && (!pin.matches("\\d{4,12}") || !type.equals("static"))) {
            room.fault("room.pin must be 4 to 12 digits, of a static room");
        }
        return new Room(type, id, pin, room.text("prefix", NAME).orElse(""));
    }

    /** A rule that is made needs all that makes one. */
    void demandAll(Loose body) {
        body.required("name", NAME);
        body.required("type", NAME);
        if (numbers.isEmpty()) {
            body.fault("phoneNumbers is required");
        }
        if (type.filter(RoutingRule.INBOUND::equals).isPresent() && room.isEmpty()) {
            body.fault("room is required");
        }
        type.flatMap(this::misplaced).ifPresent(body::fault);
    }

    /** What is wrong with it as a change of that rule. */
    Optional<String> faultOf(RoutingRule rule) {
        String is = String.valueOf(rule.kept().get("type"));
        return type.filter(wanted -> !wanted.equals(is)).isPresent()
                ? Optional.of("type cannot be changed")
                : misplaced(is);
    }

    private Optional<String> misplaced(String direction) {
        boolean inbound = direction.equals(RoutingRule.INBOUND);
        String other = inbound ? "headers" : "headersToAttributes";
        return kept.containsKey(other)
                ? Optional.of(other + " is not allowed in an " + direction + " rule")
                : Optional.empty();
    }

    /** What is to be shown, over what was. */
    Map<String, Object> over(Map<String, Object> was) {
        Map<String, Object> all = new LinkedHashMap<>(was);
        all.putAll(kept);
        boolean inbound = RoutingRule.INBOUND.equals(all.get("type"));
        if (!inbound) {
            numbers.ifPresent(given -> all.put("numbers", given));
            room.ifPresent(given -> all.put(RoutingRule.ROOM, given.view()));
        }
        return all;
    }
}

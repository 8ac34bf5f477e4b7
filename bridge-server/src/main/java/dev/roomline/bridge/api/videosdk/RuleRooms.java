package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.entry.Result;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.store.Rooms;
import dev.roomline.bridge.store.RouteRow;
import java.util.Optional;

/** Where the routes of a rule lead: to {@code new}, or to a code of a room. Virtual threads. */
record RuleRooms(Rooms rooms, Aliases aliases) {
    private static final String ROLE = "guest";

    Optional<RoomRow> byCode(String code) {
        return rooms.find(code);
    }

    /** What the wish says of the room, else where the rule leads now. */
    Result<String> target(RoutingRule rule, RuleWish wish) {
        if (wish.room().isEmpty()) {
            return rule.routes().values().stream()
                    .findFirst()
                    .map(RouteRow::route)
                    .filter(route -> !route.room().isEmpty())
                    .<Result<String>>map(route -> new Result.Done<>(route.room()))
                    .orElseGet(() -> Result.invalid("room", "named again: no number leads there"));
        }
        RuleWish.Room wanted = wish.room().get();
        if (!wanted.type().equals("static")) {
            return new Result.Done<>(RoutingRule.NEW_ROOM);
        }
        return RoomResource.find(rooms, aliases, wanted.id())
                .map(room -> code(room, wanted.pin()))
                .orElseGet(() -> Result.invalid("room", "the id of a room"));
    }

    /** One that telephones may enter by with this PIN; made where there is none. */
    private Result<String> code(RoomRow room, String pin) {
        Optional<CodeRow> there =
                room.codes().stream()
                        .filter(code -> code.enabled() && !code.entry().equals("browser"))
                        .filter(code -> code.pin().equals(pin))
                        .findFirst();
        return there.isPresent()
                ? new Result.Done<>(there.get().code())
                : Result.of(
                        rooms.addCode(
                                room.id(), new Rooms.NewCode(Optional.empty(), ROLE, pin, "phone")),
                        CodeRow::code);
    }
}

package dev.roomline.bridge.api.hundredms;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.entry.Result;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.store.Rooms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;

/** {@code /v2/room-codes}: what is dialled, one code for each role. Virtual threads. */
public final class RoomCodes {
    private final Rooms rooms;
    private final Aliases aliases;
    private final Set<String> roles;

    /**
     * @param roles which a code may have
     */
    public RoomCodes(Rooms rooms, Aliases aliases, Set<String> roles) {
        this.rooms = rooms;
        this.aliases = aliases;
        this.roles = new TreeSet<>(roles);
    }

    /** A code for every role; where there is one, that one. */
    public Answer createAll(Ask ask) {
        Optional<RoomRow> room = aliases.room(ask.path("room"));
        if (room.isEmpty()) {
            return RoomResource.unknown();
        }
        List<Map<String, Object>> data = new ArrayList<>();
        for (String role : roles) {
            switch (code(room.get(), role)) {
                case Result.Done<CodeRow>(CodeRow code) -> data.add(view(room.get(), code));
                case Result<CodeRow> refused -> {
                    return HundredMs.answer("room", refused, _ -> RoomResource.unknown());
                }
            }
        }
        return Answer.json(200, Map.of("data", data));
    }

    public Answer create(Ask ask) {
        Optional<RoomRow> room = aliases.room(ask.path("room"));
        if (room.isEmpty()) {
            return RoomResource.unknown();
        }
        String role = ask.path("role");
        return roles.contains(role)
                ? HundredMs.answer(
                        "room",
                        code(room.get(), role),
                        code -> Answer.json(200, view(room.get(), code)))
                : Answer.problem(404, "role not found");
    }

    private Result<CodeRow> code(RoomRow room, String role) {
        Optional<CodeRow> there =
                room.codes().stream().filter(c -> c.role().equals(role)).findFirst();
        if (there.isPresent()) {
            return new Result.Done<>(there.get());
        }
        Change<CodeRow> made =
                rooms.addCode(room.id(), new Rooms.NewCode(Optional.empty(), role, "", "both"));
        return Result.of(made, code -> code);
    }

    public Answer list(Ask ask) {
        return aliases.room(ask.path("room"))
                .map(
                        room ->
                                Answer.json(
                                        200,
                                        Map.of(
                                                "data",
                                                room.codes().stream()
                                                        .map(code -> view(room, code))
                                                        .toList())))
                .orElseGet(RoomResource::unknown);
    }

    /** {@code {"code", "enabled"}}. */
    public Answer enable(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    Optional<String> code = body.text("code", 64);
                    Optional<Boolean> enabled = body.flag("enabled");
                    if (body.fault().isPresent()) {
                        return Answer.problem(400, body.fault().get());
                    }
                    if (code.isEmpty()) {
                        return HundredMs.mandatory("code");
                    }
                    if (enabled.isEmpty()) {
                        return HundredMs.mandatory("enabled");
                    }
                    Optional<RoomRow> room = rooms.find(code.get());
                    return room.isEmpty()
                            ? Answer.problem(404, "room code not found")
                            : HundredMs.answer(
                                    "room code",
                                    Result.of(
                                            rooms.enableCode(
                                                    room.get().id(), code.get(), enabled.get()),
                                            row -> row),
                                    row -> Answer.json(200, view(room.get(), row)));
                });
    }

    private static Map<String, Object> view(RoomRow room, CodeRow code) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("code", code.code());
        view.put("room_id", Aliases.hex24(room.id()));
        view.put("role", code.role());
        view.put("enabled", code.enabled());
        view.put("created_at", HundredMs.time(room.createdAt()));
        view.put("updated_at", HundredMs.time(room.createdAt()));
        return view;
    }
}

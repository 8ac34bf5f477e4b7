package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.NamedRooms;
import dev.roomline.bridge.api.RoomSwitch;
import dev.roomline.bridge.entry.Result;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.store.Rooms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * {@code /v2/rooms}. A {@code customRoomId} is the room's name; a {@code roomId} is a code too, so
 * that browsers and telephones enter by it. Virtual threads.
 */
public final class RoomResource {
    private static final int NAME = 100;
    private static final String ROLE = "guest";

    private final Rooms rooms;
    private final NamedRooms named;
    private final Aliases aliases;

    public RoomResource(Rooms rooms, NamedRooms named, Aliases aliases) {
        this.rooms = rooms;
        this.named = named;
        this.aliases = aliases;
    }

    /** Who asks for a {@code customRoomId} that is there gets the room that is there. */
    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    Optional<String> name = body.text("customRoomId", NAME);
                    if (body.fault().isPresent()) {
                        return VideoSdk.invalid(body.fault().get());
                    }
                    return answer(ask, named.once(name, () -> made(name)));
                });
    }

    /** With its {@code roomId} as a second code. */
    Change<RoomRow> made(Optional<String> name) {
        Change<RoomRow> change = named.create(name);
        if (change instanceof Change.Done<RoomRow>(RoomRow room)) {
            Change<CodeRow> code =
                    rooms.addCode(
                            room.id(),
                            new Rooms.NewCode(
                                    Optional.of(Aliases.dashed12(room.id())), ROLE, "", "both"));
            if (code instanceof Change.Taken<CodeRow>(String taken)) {
                return new Change.Taken<>(taken);
            }
        }
        return change;
    }

    /** By {@code roomId}, by {@code customRoomId}, or by any name that another dialect gives it. */
    static Optional<RoomRow> find(Rooms rooms, Aliases aliases, String name) {
        return aliases.room(name).or(() -> new NamedRooms(rooms).find(name));
    }

    private static Answer answer(Ask ask, Change<RoomRow> change) {
        return VideoSdk.answer(
                "Room",
                Map.of(),
                Result.of(change, row -> row),
                row -> Answer.json(200, view(row, ask)));
    }

    private static Map<String, Object> view(RoomRow room, Ask ask) {
        String id = Aliases.dashed12(room.id());
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("roomId", id);
        view.put("customRoomId", room.name());
        view.put("userId", Aliases.hex24("customer"));
        view.put("disabled", !RoomSwitch.isOn(room));
        view.put("createdAt", VideoSdk.time(room.createdAt()));
        view.put("updatedAt", VideoSdk.time(room.createdAt()));
        view.put("id", Aliases.hex24(room.id()));
        view.put("links", links(id, ask));
        return view;
    }

    /** As the client reached us. */
    static Map<String, String> links(String roomId, Ask ask) {
        String base = ask.origin() + "/v2";
        Map<String, String> links = new LinkedHashMap<>();
        links.put("get_room", base + "/rooms/" + roomId);
        links.put("get_session", base + "/sessions/" + roomId);
        return links;
    }

    public Answer get(Ask ask) {
        return find(rooms, aliases, ask.path("room"))
                .map(room -> Answer.json(200, view(room, ask)))
                .orElseGet(RoomResource::unknown);
    }

    static Answer unknown() {
        return VideoSdk.unknown("Room");
    }

    /** Newest first. */
    public Answer list(Ask ask) throws TimeoutException, InterruptedException {
        return PageNumbers.read(ask, page -> list(ask, page));
    }

    private Answer list(Ask ask, PageNumbers page) {
        List<RoomRow> rows = page.of((after, limit) -> rooms.list(null, after, limit));
        return Answer.json(200, page.view(rooms.count(), rows, room -> view(room, ask)));
    }

    /** Nobody enters any more; who is there stays. */
    public Answer deactivate(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    String name = body.required("roomId", NAME);
                    if (body.fault().isPresent()) {
                        return VideoSdk.invalid(body.fault().get());
                    }
                    Optional<RoomRow> room = find(rooms, aliases, name);
                    if (room.isEmpty()) {
                        return unknown();
                    }
                    return RoomSwitch.turn(rooms, room.get(), false)
                            ? rooms.find(room.get().id())
                                    .map(row -> Answer.json(200, view(row, ask)))
                                    .orElseGet(RoomResource::unknown)
                            : answer(ask, new Change.DeclaredInFile<>());
                });
    }
}

package dev.roomline.bridge.api.hundredms;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.RoomSwitch;
import dev.roomline.bridge.entry.Result;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v2/rooms}. A room is enabled as long as one of its codes is. What we keep nothing of
 * (description, template, region) is shown as it would be in a room of defaults. Virtual threads.
 */
public final class RoomResource {
    private static final int NAME = 100;
    private static final int USUAL_LIMIT = 10;
    private static final int MOST = 100;
    private static final int MOST_PARTICIPANTS = 100;

    private final Rooms rooms;
    private final Aliases aliases;

    /** Two who make a room of one name at once get the same. */
    private final ReentrantLock making = new ReentrantLock();

    public RoomResource(Rooms rooms, Aliases aliases) {
        this.rooms = rooms;
        this.aliases = aliases;
    }

    /** Who asks for a name that is there gets the room that is there. */
    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    Optional<String> name = body.text("name", NAME);
                    if (body.fault().isPresent()) {
                        return Answer.problem(400, body.fault().get());
                    }
                    making.lock();
                    try {
                        Optional<RoomRow> there =
                                name.flatMap(
                                        wanted ->
                                                rooms.list(wanted, null, 1).items().stream()
                                                        .findFirst());
                        return there.isPresent()
                                ? Answer.json(200, view(there.get()))
                                : answer(rooms.create(wanted(name.orElse("Room"))));
                    } finally {
                        making.unlock();
                    }
                });
    }

    private static Rooms.NewRoom wanted(String name) {
        return new Rooms.NewRoom(name, List.of(), "code", MOST_PARTICIPANTS, List.of(), true);
    }

    private static Answer answer(Change<RoomRow> change) {
        return HundredMs.answer(
                "room", Result.of(change, row -> row), row -> Answer.json(200, view(row)));
    }

    static Map<String, Object> view(RoomRow room) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", Aliases.hex24(room.id()));
        view.put("name", room.name());
        view.put("enabled", RoomSwitch.isOn(room));
        view.put("description", "");
        view.put("customer_id", HundredMs.CUSTOMER);
        view.put("app_id", HundredMs.APP);
        view.put("template_id", HundredMs.TEMPLATE);
        view.put("template", "roomline");
        view.put("region", "auto");
        view.put("created_at", HundredMs.time(room.createdAt()));
        view.put("updated_at", HundredMs.time(room.createdAt()));
        return view;
    }

    /** {@code ?limit=&start=&name=&enabled=}. */
    public Answer list(Ask ask) {
        String wanted = ask.query("limit").orElse(Integer.toString(USUAL_LIMIT));
        if (!wanted.matches("[1-9]\\d{0,2}") || Integer.parseInt(wanted) > MOST) {
            return Answer.problem(400, "limit must be a number from 1 to " + MOST);
        }
        int limit = Integer.parseInt(wanted);
        Page.@Nullable Cursor after = null;
        if (ask.query("start").isPresent()) {
            Optional<RoomRow> start = aliases.room(ask.query("start").get());
            if (start.isEmpty()) {
                return Answer.problem(400, "start must be what an earlier answer gave as last");
            }
            after = new Page.Cursor(start.get().createdAt().toEpochMilli(), start.get().id());
        }
        List<RoomRow> page = rooms.list(ask.query("name").orElse(null), after, limit).items();
        Optional<String> enabled = ask.query("enabled");
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("limit", limit);
        list.put(
                "data",
                page.stream()
                        .filter(
                                room ->
                                        enabled.isEmpty()
                                                || enabled.get()
                                                        .equals(
                                                                Boolean.toString(
                                                                        RoomSwitch.isOn(room))))
                        .map(RoomResource::view)
                        .toList());
        list.put("last", page.isEmpty() ? "" : Aliases.hex24(page.getLast().id()));
        return Answer.json(200, list);
    }

    public Answer get(Ask ask) {
        return aliases.room(ask.path("room"))
                .map(room -> Answer.json(200, view(room)))
                .orElseGet(RoomResource::unknown);
    }

    static Answer unknown() {
        return Answer.problem(404, "room not found");
    }

    /** {@code {"name"?, "enabled"?}}. */
    public Answer update(Ask ask) throws TimeoutException, InterruptedException {
        Optional<RoomRow> room = aliases.room(ask.path("room"));
        return room.isEmpty()
                ? unknown()
                : Loose.read(
                        ask,
                        body -> {
                            Optional<String> name = body.text("name", NAME);
                            Optional<Boolean> enabled = body.flag("enabled");
                            if (body.fault().isPresent()) {
                                return Answer.problem(400, body.fault().get());
                            }
                            if (enabled.isPresent()
                                    && !RoomSwitch.turn(rooms, room.get(), enabled.get())) {
                                return declared();
                            }
                            return answer(
                                    rooms.update(
                                            room.get().id(),
                                            new Rooms.RoomPatch(
                                                    name,
                                                    Optional.empty(),
                                                    Optional.empty(),
                                                    Optional.empty(),
                                                    Optional.empty())));
                        });
    }

    static Answer declared() {
        return Answer.problem(409, "this room is declared in the configuration file");
    }
}

package dev.roomline.bridge.api.hundredms;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.NamedRooms;
import dev.roomline.bridge.api.RoomSwitch;
import dev.roomline.bridge.entry.Result;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.Notes;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v2/rooms}. A room is enabled as long as one of its codes is. Its description, template
 * and region are kept and shown, and decide nothing. Virtual threads.
 */
public final class RoomResource {
    private static final int NAME = 100;
    private static final int USUAL_LIMIT = 10;
    private static final int MOST = 100;
    private static final int TOGETHER = 200;

    /** Notes of rooms: what was said of them, by the names of the dialect. */
    private static final String NOTE = "100ms.room";

    /** What is kept for the client, and how it is shown where it said nothing of it. */
    private static final Map<String, String> SHOWN =
            Map.of("description", "", "template_id", HundredMs.TEMPLATE, "region", "auto");

    private static final int TEXT = 255;

    private final Rooms rooms;
    private final Notes notes;
    private final NamedRooms named;
    private final Aliases aliases;

    public RoomResource(Rooms rooms, Notes notes, NamedRooms named, Aliases aliases) {
        this.rooms = rooms;
        this.notes = notes;
        this.named = named;
        this.aliases = aliases;
    }

    /** Who asks for a name that is there gets the room that is there. */
    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    Optional<String> name = body.text("name", NAME);
                    Map<String, Object> kept = kept(body);
                    if (body.fault().isPresent()) {
                        return Answer.problem(400, body.fault().get());
                    }
                    return answer(named.once(name, () -> made(name, kept)));
                });
    }

    private Change<RoomRow> made(Optional<String> name, Map<String, Object> kept) {
        Change<RoomRow> change = named.create(name);
        if (change instanceof Change.Done<RoomRow>(RoomRow room)) {
            keep(room, kept);
        }
        return change;
    }

    /** What it says that means nothing to us, to be shown again. */
    private static Map<String, Object> kept(Loose body) {
        Map<String, Object> kept = new LinkedHashMap<>();
        for (String name : SHOWN.keySet()) {
            body.text(name, TEXT).ifPresent(text -> kept.put(name, text));
        }
        return kept;
    }

    private void keep(RoomRow room, Map<String, Object> more) {
        if (!more.isEmpty()) {
            Map<String, Object> note = new LinkedHashMap<>(note(room));
            note.putAll(more);
            notes.put(NOTE, room.id(), note);
        }
    }

    private Map<String, Object> note(RoomRow room) {
        return notes.find(NOTE, room.id()).orElse(Map.of());
    }

    private Answer answer(Change<RoomRow> change) {
        return HundredMs.answer(
                "room", Result.of(change, row -> row), row -> Answer.json(200, view(row)));
    }

    private Map<String, Object> view(RoomRow room) {
        Map<String, Object> note = note(room);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", Aliases.hex24(room.id()));
        view.put("name", room.name());
        view.put("enabled", RoomSwitch.isOn(room));
        view.put("customer_id", HundredMs.CUSTOMER);
        view.put("app_id", HundredMs.APP);
        view.put("template", "roomline");
        SHOWN.forEach((name, usual) -> view.put(name, note.getOrDefault(name, usual)));
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
        if (ask.query("enabled").filter(it -> !it.matches("true|false")).isPresent()) {
            return Answer.problem(400, "enabled must be true or false");
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
        List<RoomRow> page = page(ask, after, limit);
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("limit", limit);
        list.put("data", page.stream().map(this::view).toList());
        list.put("last", page.isEmpty() ? "" : Aliases.hex24(page.getLast().id()));
        return Answer.json(200, list);
    }

    /** Full as long as there are rooms that are asked for: who pages ends at an empty one. */
    private List<RoomRow> page(Ask ask, Page.@Nullable Cursor from, int limit) {
        Optional<String> enabled = ask.query("enabled");
        List<RoomRow> rows = new ArrayList<>();
        Page.@Nullable Cursor after = from;
        do {
            Page<RoomRow> next = rooms.list(ask.query("name").orElse(null), after, TOGETHER);
            next.items().stream()
                    .filter(room -> enabled.isEmpty() || enabled.get().equals(isOn(room)))
                    .limit(limit - rows.size())
                    .forEach(rows::add);
            after = next.next().orElse(null);
        } while (after != null && rows.size() < limit);
        return rows;
    }

    private static String isOn(RoomRow room) {
        return Boolean.toString(RoomSwitch.isOn(room));
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
                            Map<String, Object> kept = kept(body);
                            if (body.fault().isPresent()) {
                                return Answer.problem(400, body.fault().get());
                            }
                            if (enabled.isPresent()
                                    && !RoomSwitch.turn(rooms, room.get(), enabled.get())) {
                                return declared();
                            }
                            keep(room.get(), kept);
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

package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Answer.Fault;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Bodies;
import dev.roomline.bridge.api.Fields;
import dev.roomline.bridge.api.Paging;
import dev.roomline.bridge.api.Query;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.store.Change;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** {@code /v1/rooms} and their codes. Virtual threads. */
public final class RoomsApi {
    private static final int NAME = 100;
    private final Rooms rooms;
    private final LiveRooms live;
    private final Set<String> roles;

    /**
     * @param roles which roles a code may have
     */
    public RoomsApi(Rooms rooms, LiveRooms live, Set<String> roles) {
        this.rooms = rooms;
        this.live = live;
        this.roles = roles;
    }

    public Answer create(Ask ask) throws TimeoutException, InterruptedException {
        return switch (Bodies.object(ask, this::newRoom)) {
            case Bodies.Read.Bad<Rooms.NewRoom> bad -> bad.answer();
            case Bodies.Read.Good<Rooms.NewRoom> good ->
                    changed(
                            rooms.create(good.value()),
                            row ->
                                    Answer.json(201, Views.room(row, null))
                                            .with("Location", "/v1/rooms/" + row.id()));
        };
    }

    private Rooms.NewRoom newRoom(Fields fields) {
        return new Rooms.NewRoom(
                fields.text("name", NAME).orElse("Room"),
                fields.each("codes", 50, this::newCode),
                "code",
                fields.integer("max_participants", 1, 10_000).orElse(100),
                fields.texts("visible_attributes", 64, 255).orElse(List.of()),
                fields.flag("hide_numbers").orElse(true));
    }

    private Rooms.NewCode newCode(Fields fields) {
        Optional<String> code = fields.text("code", 64);
        if (code.isPresent()
                && (!code.get().matches("[A-Za-z0-9_-]{3,64}") || code.get().startsWith("room_"))) {
            fields.fault(
                    "code", "must be 3 to 64 letters, digits, _ or -, not beginning with room_");
        }
        Optional<String> role = fields.text("role", 32);
        if (role.isEmpty() || !roles.contains(role.get())) {
            fields.fault(
                    "role",
                    "must be one of " + String.join(", ", roles.stream().sorted().toList()));
        }
        String pin = fields.text("pin", 16).orElse("");
        if (!pin.matches("\\d{0,16}")) {
            fields.fault("pin", "must be up to 16 digits");
        }
        return new Rooms.NewCode(code, role.orElse("guest"), pin, "both");
    }

    public Answer list(Ask ask) throws TimeoutException, InterruptedException {
        Query query = new Query(ask);
        Paging paging = Paging.of(query);
        Optional<String> name = query.text("name", NAME);
        boolean onlyLive = query.flag("live").orElse(false);
        List<Fault> faults = query.finish();
        if (!faults.isEmpty()) {
            return Answer.invalid(faults);
        }
        Map<String, LiveRooms.Live> now = Await.on(live.live());
        Page<RoomRow> page =
                onlyLive
                        ? liveOnly(now, name, paging)
                        : rooms.list(name.orElse(null), paging.after(), paging.limit());
        return Paging.answer(page, row -> Views.room(row, now.get(row.id())));
    }

    private Page<RoomRow> liveOnly(
            Map<String, LiveRooms.Live> now, Optional<String> name, Paging paging) {
        Page.Cursor after = paging.after();
        List<RoomRow> found =
                now.keySet().stream()
                        .flatMap(id -> rooms.find(id).stream())
                        .filter(row -> name.isEmpty() || row.name().equals(name.get()))
                        .sorted(
                                Comparator.comparing(RoomRow::createdAt)
                                        .thenComparing(RoomRow::id)
                                        .reversed())
                        .filter(row -> after == null || comesAfter(row, after))
                        .toList();
        if (found.size() <= paging.limit()) {
            return new Page<>(found, Optional.empty());
        }
        RoomRow last = found.get(paging.limit() - 1);
        return new Page<>(
                found.subList(0, paging.limit()),
                Optional.of(new Page.Cursor(last.createdAt().toEpochMilli(), last.id())));
    }

    private static boolean comesAfter(RoomRow row, Page.Cursor cursor) {
        long at = row.createdAt().toEpochMilli();
        return at < cursor.epochMillis()
                || (at == cursor.epochMillis() && row.id().compareTo(cursor.id()) < 0);
    }

    public Answer get(Ask ask) throws TimeoutException, InterruptedException {
        Optional<RoomRow> room = rooms.find(ask.path("room"));
        if (room.isEmpty()) {
            return unknown();
        }
        return Answer.json(200, Views.room(room.get(), Await.on(live.live()).get(room.get().id())));
    }

    static Answer unknown() {
        return Answer.problem(404, "There is no such room.");
    }

    public Answer patch(Ask ask) throws TimeoutException, InterruptedException {
        return switch (Bodies.object(ask, RoomsApi::roomPatch)) {
            case Bodies.Read.Bad<Rooms.RoomPatch> bad -> bad.answer();
            case Bodies.Read.Good<Rooms.RoomPatch> good -> {
                Map<String, LiveRooms.Live> now = Await.on(live.live());
                yield changed(
                        rooms.update(ask.path("room"), good.value()),
                        row -> Answer.json(200, Views.room(row, now.get(row.id()))));
            }
        };
    }

    private static Rooms.RoomPatch roomPatch(Fields fields) {
        return new Rooms.RoomPatch(
                fields.text("name", NAME),
                fields.integer("max_participants", 1, 10_000),
                fields.texts("visible_attributes", 64, 255),
                fields.flag("hide_numbers"),
                Optional.empty());
    }

    /** The codes die first, so that nobody comes back while the room is emptied. */
    public Answer delete(Ask ask) throws TimeoutException, InterruptedException {
        Change<RoomRow> change = rooms.delete(ask.path("room"));
        if (change instanceof Change.Done<RoomRow> done) {
            Await.on(live.end(done.row().id()));
        }
        return changed(change, row -> Answer.noContent());
    }

    public Answer addCode(Ask ask) {
        return switch (Bodies.object(ask, this::newCode)) {
            case Bodies.Read.Bad<Rooms.NewCode> bad -> bad.answer();
            case Bodies.Read.Good<Rooms.NewCode> good ->
                    changed(
                            rooms.addCode(ask.path("room"), good.value()),
                            code -> Answer.json(201, Views.code(code)));
        };
    }

    public Answer codes(Ask ask) {
        return rooms.find(ask.path("room"))
                .map(room -> Paging.answer(new Page<>(room.codes(), Optional.empty()), Views::code))
                .orElseGet(RoomsApi::unknown);
    }

    public Answer code(Ask ask) {
        return rooms.find(ask.path("room"))
                .flatMap(
                        room ->
                                room.codes().stream()
                                        .filter(c -> c.code().equalsIgnoreCase(ask.path("code")))
                                        .findFirst())
                .map(code -> Answer.json(200, Views.code(code)))
                .orElseGet(() -> Answer.problem(404, "There is no such code in this room."));
    }

    public Answer patchCode(Ask ask) {
        return switch (Bodies.object(ask, RoomsApi::enabled)) {
            case Bodies.Read.Bad<Boolean> bad -> bad.answer();
            case Bodies.Read.Good<Boolean> good ->
                    changed(
                            rooms.enableCode(ask.path("room"), ask.path("code"), good.value()),
                            code -> Answer.json(200, Views.code(code)));
        };
    }

    private static Boolean enabled(Fields fields) {
        Optional<Boolean> enabled = fields.flag("enabled");
        if (enabled.isEmpty()) {
            fields.fault("enabled", "must be true or false");
        }
        return enabled.orElse(true);
    }

    private static <T> Answer changed(Change<T> change, Function<T, Answer> done) {
        return switch (change) {
            case Change.Done<T> there -> done.apply(there.row());
            case Change.Missing<T> ignored ->
                    Answer.problem(404, "There is no such room, or no such code in it.");
            case Change.DeclaredInFile<T> ignored ->
                    Answer.problem(
                            409, "The configuration file declares this room; change it there.");
            case Change.Taken<T> taken ->
                    Answer.problem(409, "The code " + taken.value() + " is taken.");
            case Change.InUse<T> used -> Answer.problem(409, "It is used by " + used.by() + ".");
        };
    }
}

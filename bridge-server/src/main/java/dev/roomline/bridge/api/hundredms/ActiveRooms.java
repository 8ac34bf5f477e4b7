package dev.roomline.bridge.api.hundredms;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.RoomSwitch;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.room.ParticipantView;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** {@code /v2/active-rooms}: who is there now, and out with them. Virtual threads. */
public final class ActiveRooms {
    private static final int REASON = 255;

    private final Rooms rooms;
    private final LiveRooms live;
    private final Aliases aliases;

    public ActiveRooms(Rooms rooms, LiveRooms live, Aliases aliases) {
        this.rooms = rooms;
        this.live = live;
        this.aliases = aliases;
    }

    /** A room in which somebody is. */
    private record Active(RoomRow room, LiveRooms.Live now, List<ParticipantView> people) {}

    private Optional<Active> active(Ask ask) throws TimeoutException, InterruptedException {
        Optional<RoomRow> room = aliases.room(ask.path("room"));
        if (room.isEmpty()) {
            return Optional.empty();
        }
        LiveRooms.Live now = Await.on(live.live()).get(room.get().id());
        return now == null
                ? Optional.empty()
                : Optional.of(
                        new Active(room.get(), now, Await.on(live.participants(room.get().id()))));
    }

    private static Answer inactive() {
        return Answer.problem(404, "active room not found");
    }

    public Answer get(Ask ask) throws TimeoutException, InterruptedException {
        return active(ask)
                .map(
                        active -> {
                            Map<String, Object> session = new LinkedHashMap<>();
                            session.put(
                                    "id",
                                    Aliases.session(active.room().id(), active.now().since()));
                            session.put("created_at", HundredMs.time(active.now().since()));
                            session.put(
                                    "peers",
                                    active.people().stream().map(ParticipantView::id).toList());
                            Map<String, Object> view = new LinkedHashMap<>();
                            view.put("id", Aliases.hex24(active.room().id()));
                            view.put("name", active.room().name());
                            view.put("customer_id", HundredMs.CUSTOMER);
                            view.put("session", session);
                            return Answer.json(200, view);
                        })
                .orElseGet(ActiveRooms::inactive);
    }

    public Answer peers(Ask ask) throws TimeoutException, InterruptedException {
        return active(ask)
                .map(
                        active -> {
                            Map<String, Object> peers = new LinkedHashMap<>();
                            active.people().forEach(p -> peers.put(p.id(), view(p)));
                            return Answer.json(200, Map.of("peers", peers));
                        })
                .orElseGet(ActiveRooms::inactive);
    }

    public Answer peer(Ask ask) throws TimeoutException, InterruptedException {
        Optional<Active> active = active(ask);
        if (active.isEmpty()) {
            return inactive();
        }
        return active.get().people().stream()
                .filter(p -> p.id().equals(ask.path("peer")))
                .findFirst()
                .map(p -> Answer.json(200, view(p)))
                .orElseGet(() -> Answer.problem(404, "peer not found"));
    }

    private static Map<String, Object> view(ParticipantView person) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", person.id());
        view.put("name", person.name());
        view.put("user_id", person.userId());
        view.put("metadata", "");
        view.put("role", person.role());
        view.put("type", person.kind().equals("phone") ? "sip" : "regular");
        view.put("joined_at", HundredMs.time(person.joinedAt()));
        view.put(
                "tracks",
                Map.of(
                        person.id() + "-audio",
                        Map.of(
                                "id",
                                person.id() + "-audio",
                                "type",
                                "audio",
                                "source",
                                "regular",
                                "mute",
                                person.muted())));
        return view;
    }

    /** One of them, those of a role, or all. */
    public Answer removePeers(Ask ask) throws TimeoutException, InterruptedException {
        Optional<Active> active = active(ask);
        return active.isEmpty()
                ? inactive()
                : Loose.read(ask, body -> removePeers(active.get(), body));
    }

    private Answer removePeers(Active active, Loose body)
            throws TimeoutException, InterruptedException {
        Optional<String> id = body.text("peer_id", 80);
        Optional<String> role = body.text("role", 32);
        body.text("reason", REASON);
        if (body.fault().isPresent()) {
            return Answer.problem(400, body.fault().get());
        }
        List<ParticipantView> out =
                active.people().stream()
                        .filter(p -> id.isEmpty() || p.id().equals(id.get()))
                        .filter(p -> role.isEmpty() || p.role().equals(role.get()))
                        .toList();
        if (out.isEmpty()) {
            return Answer.problem(404, "peer not found");
        }
        for (ParticipantView person : out) {
            Await.on(live.remove(active.room().id(), person.id()));
        }
        return Answer.json(200, Map.of("message", "peer remove request submitted"));
    }

    /** {@code {"reason", "lock"}}: a locked room's codes lead nowhere from now on. */
    public Answer end(Ask ask) throws TimeoutException, InterruptedException {
        Optional<Active> active = active(ask);
        return active.isEmpty() ? inactive() : Loose.read(ask, body -> end(active.get(), body));
    }

    private Answer end(Active active, Loose body) throws TimeoutException, InterruptedException {
        body.text("reason", REASON);
        boolean lock = body.flag("lock").orElse(false);
        if (body.fault().isPresent()) {
            return Answer.problem(400, body.fault().get());
        }
        if (lock && !RoomSwitch.turn(rooms, active.room(), false)) {
            return RoomResource.declared();
        }
        Await.on(live.end(active.room().id()));
        return Answer.json(200, Map.of("message", "session is ending"));
    }
}

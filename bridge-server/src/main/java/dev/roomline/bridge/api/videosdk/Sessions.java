package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.room.ParticipantView;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v2/sessions}: who is in a room now; a room is ended, or somebody is put out of it.
 * Virtual threads.
 */
public final class Sessions {
    private static final int NAME = 100;
    private static final int PARTICIPANT = 255;

    private final Rooms rooms;
    private final LiveRooms live;
    private final Aliases aliases;
    private final InstantSource clock;

    public Sessions(Rooms rooms, LiveRooms live, Aliases aliases, InstantSource clock) {
        this.rooms = rooms;
        this.live = live;
        this.aliases = aliases;
        this.clock = clock;
    }

    /** A room in which somebody is. */
    private record Session(RoomRow room, Instant since, List<ParticipantView> people) {
        String id() {
            return Aliases.session(room.id(), since);
        }
    }

    private Optional<Session> session(RoomRow room) throws TimeoutException, InterruptedException {
        LiveRooms.Live now = Await.on(live.live()).get(room.id());
        return now == null
                ? Optional.empty()
                : Optional.of(
                        new Session(room, now.since(), Await.on(live.participants(room.id()))));
    }

    /** By its own id, or the last of a room: where {@code links} lead. */
    public Answer get(Ask ask) throws TimeoutException, InterruptedException {
        String name = ask.path("session");
        Optional<RoomRow> room = RoomResource.find(rooms, aliases, name);
        if (room.isEmpty()) {
            room = ofSession(name);
        }
        Optional<Session> session = room.isEmpty() ? Optional.empty() : session(room.get());
        return session.map(it -> Answer.json(200, view(it, "ongoing", Set.of(), ask)))
                .orElseGet(() -> VideoSdk.unknown("Session"));
    }

    private Optional<RoomRow> ofSession(String id) throws TimeoutException, InterruptedException {
        return Await.on(live.live()).entrySet().stream()
                .filter(it -> Aliases.session(it.getKey(), it.getValue().since()).equals(id))
                .findFirst()
                .flatMap(it -> rooms.find(it.getKey()));
    }

    /** What is done with the session that a body names. */
    private interface Deed {
        Answer on(Session session) throws TimeoutException, InterruptedException;
    }

    private Answer found(String roomId, Optional<String> sessionId, Deed deed)
            throws TimeoutException, InterruptedException {
        Optional<RoomRow> room = RoomResource.find(rooms, aliases, roomId);
        if (room.isEmpty()) {
            return RoomResource.unknown();
        }
        Optional<Session> session = session(room.get());
        if (session.isEmpty()
                || (sessionId.isPresent() && !sessionId.get().equals(session.get().id()))) {
            return VideoSdk.unknown("Session");
        }
        return deed.on(session.get());
    }

    /** {@code {"roomId", "sessionId"?}}: everybody is put out. */
    public Answer end(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    String room = body.required("roomId", NAME);
                    Optional<String> id = body.text("sessionId", NAME);
                    return body.fault().isPresent()
                            ? VideoSdk.invalid(body.fault().get())
                            : found(room, id, session -> end(session, ask));
                });
    }

    private Answer end(Session session, Ask ask) throws TimeoutException, InterruptedException {
        Await.on(live.end(session.room().id()));
        Set<String> all =
                session.people().stream().map(ParticipantView::id).collect(Collectors.toSet());
        return Answer.json(200, view(session, "ended", all, ask));
    }

    /** {@code {"participantId", "roomId", "sessionId"?}}. */
    public Answer remove(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    String person = body.required("participantId", PARTICIPANT);
                    String room = body.required("roomId", NAME);
                    Optional<String> id = body.text("sessionId", NAME);
                    return body.fault().isPresent()
                            ? VideoSdk.invalid(body.fault().get())
                            : found(room, id, session -> remove(session, person, ask));
                });
    }

    /** Several of one name all go: they are one to who gave it. */
    private Answer remove(Session session, String name, Ask ask)
            throws TimeoutException, InterruptedException {
        Set<String> out =
                session.people().stream()
                        .filter(p -> p.id().equals(name) || p.userId().equals(name))
                        .map(ParticipantView::id)
                        .collect(Collectors.toSet());
        if (out.isEmpty()) {
            return VideoSdk.unknown("Participant");
        }
        for (String id : out) {
            Await.on(live.remove(session.room().id(), id));
        }
        String status = out.size() == session.people().size() ? "ended" : "ongoing";
        return Answer.json(200, view(session, status, out, ask));
    }

    /**
     * @param gone who has left just now, by id
     */
    private Map<String, @Nullable Object> view(
            Session session, String status, Set<String> gone, Ask ask) {
        String now = VideoSdk.time(clock.instant());
        String room = Aliases.dashed12(session.room().id());
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("start", VideoSdk.time(session.since()));
        view.put("end", status.equals("ended") ? now : null);
        view.put(
                "participants",
                session.people().stream()
                        .map(p -> participant(p, gone.contains(p.id()) ? now : null))
                        .toList());
        view.put("id", session.id());
        view.put("roomId", room);
        view.put("status", status);
        view.put("links", RoomResource.links(room, ask));
        return view;
    }

    /** By the name that its application gave it, where it gave one. */
    static String name(String id, @Nullable String userId) {
        return userId == null || userId.isEmpty() ? id : userId;
    }

    private static Map<String, Object> participant(ParticipantView person, @Nullable String left) {
        Map<String, @Nullable Object> stay = new LinkedHashMap<>();
        stay.put("start", VideoSdk.time(person.joinedAt()));
        stay.put("end", left);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("participantId", name(person.id(), person.userId()));
        view.put("name", person.name());
        view.put("timelog", List.of(stay));
        return view;
    }
}

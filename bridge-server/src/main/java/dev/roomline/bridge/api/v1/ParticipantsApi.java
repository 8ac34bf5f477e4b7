package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Answer.Fault;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Bodies;
import dev.roomline.bridge.api.Fields;
import dev.roomline.bridge.api.Paging;
import dev.roomline.bridge.api.Query;
import dev.roomline.bridge.auth.JoinTokens;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.room.LiveRooms.BrowserJoin;
import dev.roomline.bridge.room.LiveRooms.JoinOutcome;
import dev.roomline.bridge.room.LiveRooms.ParticipantPatch;
import dev.roomline.bridge.room.ParticipantView;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** {@code /v1/rooms/{room}/participants}: who is there, and the join by one POST. */
public final class ParticipantsApi {
    private static final int NAME = 100;
    private static final int USER_ID = 255;

    private final Rooms rooms;
    private final LiveRooms live;
    private final JoinTokens tokens;

    public ParticipantsApi(Rooms rooms, LiveRooms live, JoinTokens tokens) {
        this.rooms = rooms;
        this.live = live;
        this.tokens = tokens;
    }

    public Answer list(Ask ask) throws TimeoutException, InterruptedException {
        Optional<RoomRow> room = rooms.find(ask.path("room"));
        if (room.isEmpty()) {
            return RoomsApi.unknown();
        }
        List<ParticipantView> all = Await.on(live.participants(room.get().id()));
        return Paging.answer(new Page<>(all, Optional.empty()), Views::participant);
    }

    public Answer get(Ask ask) throws TimeoutException, InterruptedException {
        Optional<RoomRow> room = rooms.find(ask.path("room"));
        if (room.isEmpty()) {
            return RoomsApi.unknown();
        }
        return view(Await.on(live.participant(room.get().id(), ask.path("participant"))));
    }

    private static Answer view(Optional<ParticipantView> found) {
        return found.map(p -> Answer.json(200, Views.participant(p)))
                .orElseGet(ParticipantsApi::unknown);
    }

    private static Answer unknown() {
        return Answer.problem(404, "There is no such participant.");
    }

    public Answer patch(Ask ask) throws TimeoutException, InterruptedException {
        Optional<RoomRow> room = rooms.find(ask.path("room"));
        if (room.isEmpty()) {
            return RoomsApi.unknown();
        }
        return switch (Bodies.object(ask, ParticipantsApi::patch)) {
            case Bodies.Read.Bad<ParticipantPatch> bad -> bad.answer();
            case Bodies.Read.Good<ParticipantPatch> good ->
                    view(
                            Await.on(
                                    live.update(
                                            room.get().id(),
                                            ask.path("participant"),
                                            good.value())));
        };
    }

    private static ParticipantPatch patch(Fields fields) {
        return new ParticipantPatch(
                fields.flag("muted"),
                fields.number("volume_db", -40, 20),
                fields.flag("held"),
                fields.text("name", NAME));
    }

    public Answer remove(Ask ask) throws TimeoutException, InterruptedException {
        Optional<RoomRow> room = rooms.find(ask.path("room"));
        if (room.isEmpty()) {
            return RoomsApi.unknown();
        }
        return Await.on(live.remove(room.get().id(), ask.path("participant")))
                ? Answer.noContent()
                : unknown();
    }

    /** By the secret of the {@code Location} that the join gave. */
    public Answer leave(Ask ask) throws TimeoutException, InterruptedException {
        Optional<RoomRow> room = rooms.find(ask.path("room"));
        boolean left =
                room.isPresent()
                        && Await.on(
                                live.leave(
                                        room.get().id(),
                                        ask.path("participant"),
                                        ask.path("secret")));
        return left ? Answer.noContent() : unknown();
    }

    public Answer join(Ask ask) throws TimeoutException, InterruptedException {
        if (!ask.mediaType().equals("application/sdp")) {
            return Answer.problem(415, "Send the offer as application/sdp.");
        }
        Query query = new Query(ask);
        String name = query.text("name", NAME).orElse("");
        String userId = query.text("user_id", USER_ID).orElse("");
        List<Fault> faults = query.finish();
        if (!faults.isEmpty()) {
            return Answer.invalid(faults);
        }
        // What is no code cannot be one of ours, and must not reach the Location header.
        if (!ask.path("room").matches("[A-Za-z0-9_-]{3,80}")) {
            return Answer.problem(404, "No room answers to this code.");
        }
        if (ask.body().length == 0) {
            return Answer.problem(422, "The body holds no offer.");
        }
        Optional<String> bearer =
                ask.header("authorization")
                        .filter(h -> h.regionMatches(true, 0, "Bearer ", 0, 7))
                        .map(h -> h.substring(7).strip());
        if (bearer.isPresent()) {
            return joinByToken(ask, bearer.get(), name, userId);
        }
        return joined(
                ask, Await.on(live.join(join(ask, ask.path("room"), null, null, name, userId))));
    }

    private Answer joinByToken(Ask ask, String token, String name, String userId)
            throws TimeoutException, InterruptedException {
        return switch (tokens.verify(token)) {
            case JoinTokens.Verdict.Refused refused ->
                    Answer.problem(401, refused.detail()).with("WWW-Authenticate", "Bearer");
            case JoinTokens.Verdict.Valid valid -> {
                Optional<String> room = rooms.find(valid.room()).map(RoomRow::id);
                Optional<String> asked = rooms.find(ask.path("room")).map(RoomRow::id);
                if (room.isEmpty() || !room.equals(asked)) {
                    yield Answer.problem(403, "The token is for another room.");
                }
                String user = valid.userId().isEmpty() ? userId : valid.userId();
                yield joined(
                        ask,
                        Await.on(live.join(join(ask, null, room.get(), valid.role(), name, user))));
            }
        };
    }

    private static BrowserJoin join(
            Ask ask,
            @org.jspecify.annotations.Nullable String code,
            @org.jspecify.annotations.Nullable String room,
            @org.jspecify.annotations.Nullable String role,
            String name,
            String userId) {
        return new BrowserJoin(
                code,
                room,
                role,
                name.isEmpty() ? "Guest" : name,
                userId,
                "program",
                ask.body(),
                ask.peer(),
                ask.peer().isLoopbackAddress());
    }

    private static Answer joined(Ask ask, JoinOutcome outcome) {
        return switch (outcome) {
            case JoinOutcome.Joined joined ->
                    new Answer(
                            201,
                            "application/sdp",
                            joined.answer(),
                            java.util.Map.of(
                                    "Location",
                                    "/v1/rooms/"
                                            + ask.path("room")
                                            + "/participants/"
                                            + joined.participant().id()
                                            + "/"
                                            + joined.secret()));
            case JoinOutcome.UnknownCode ignored ->
                    Answer.problem(404, "No room answers to this code.");
            case JoinOutcome.TooFast fast ->
                    Answer.problem(429, "Too many wrong codes came from your address.")
                            .retryAfter(fast.retryAfter());
            case JoinOutcome.Full ignored -> Answer.problem(409, "The room is full.");
            case JoinOutcome.Unavailable unavailable ->
                    Answer.problem(503, unavailable.detail()).retryAfter(Duration.ofSeconds(5));
            case JoinOutcome.BadOffer bad -> Answer.problem(422, bad.detail());
        };
    }
}

package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Bodies;
import dev.roomline.bridge.api.Fields;
import dev.roomline.bridge.api.JoinByOffer;
import dev.roomline.bridge.api.Paging;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.room.LiveRooms.ParticipantPatch;
import dev.roomline.bridge.room.ParticipantView;
import dev.roomline.bridge.store.Page;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import dev.roomline.media.loop.MediaRoom.Flow;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** {@code /v1/rooms/{room}/participants}: who is there, and the join by one POST. */
public final class ParticipantsApi {
    private static final int NAME = 100;
    private final Rooms rooms;
    private final LiveRooms live;
    private final JoinByOffer joins;

    public ParticipantsApi(Rooms rooms, LiveRooms live, JoinByOffer joins) {
        this.rooms = rooms;
        this.live = live;
        this.joins = joins;
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
        String folder = "/v1/rooms/" + ask.path("room") + "/participants/";
        return joins.join(ask, Flow.BOTH_WAYS, joined -> JoinByOffer.created(folder, joined));
    }
}

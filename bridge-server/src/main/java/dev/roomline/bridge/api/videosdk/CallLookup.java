package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.api.v1.TransfersApi;
import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.call.LiveCalls.Transferring;
import dev.roomline.bridge.call.Transfer;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Store;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** {@code /v2/sip/call}: calls that were placed or came in, and their end. Virtual threads. */
public final class CallLookup {
    private static final int ID = 255;

    /** How long a REFER may stay without an answer, and some. */
    private static final Duration LONGEST_TAKING = Duration.ofSeconds(40);

    private final Store store;
    private final LiveCalls calls;
    private final LiveRooms rooms;
    private final Aliases aliases;
    private final CallView view;

    public CallLookup(Store store, LiveCalls calls, LiveRooms rooms, Aliases aliases, Peers peers) {
        this.store = store;
        this.calls = calls;
        this.rooms = rooms;
        this.aliases = aliases;
        this.view = new CallView(store.notes(), peers);
    }

    /** {@code ?roomId=&page=&perPage=}, newest first. */
    public Answer list(Ask ask) throws TimeoutException, InterruptedException {
        return PageNumbers.read(ask, page -> list(ask, page));
    }

    private Answer list(Ask ask, PageNumbers page) throws TimeoutException, InterruptedException {
        Optional<String> named = ask.query("roomId");
        Optional<RoomRow> room =
                named.flatMap(name -> RoomResource.find(store.rooms(), aliases, name));
        if (named.isPresent() && room.isEmpty()) {
            return RoomResource.unknown();
        }
        Calls.Filter filter =
                new Calls.Filter(
                        room.map(RoomRow::id).orElse(null), null, null, null, null, null, null);
        Map<String, CallRow> now = new LinkedHashMap<>();
        Await.on(calls.list()).forEach(row -> now.put(row.id(), row));
        Map<String, LiveRooms.Live> live = Await.on(rooms.live());
        List<CallRow> rows =
                page.of((after, limit) -> store.calls().list(filter, after, limit)).stream()
                        .map(row -> Objects.requireNonNullElse(now.get(row.id()), row))
                        .toList();
        long total = store.calls().count(filter);
        return Answer.json(200, page.view(total, rows, row -> view.whole(row, session(row, live))));
    }

    /** Of a call that lives in a room that lives. */
    private static @Nullable String session(CallRow row, Map<String, LiveRooms.Live> live) {
        String room = row.room();
        LiveRooms.Live now = room == null || row.endedAt() != null ? null : live.get(room);
        return room == null || now == null ? null : Aliases.session(room, now.since());
    }

    private Optional<CallRow> find(String id) throws TimeoutException, InterruptedException {
        Optional<CallRow> now = Await.on(calls.get(id));
        return now.isPresent() ? now : store.calls().find(id);
    }

    public Answer get(Ask ask) throws TimeoutException, InterruptedException {
        Optional<CallRow> row = find(ask.path("call"));
        return row.isEmpty()
                ? VideoSdk.unknown("Call")
                : told(row.get(), "Call fetched successfully");
    }

    private Answer told(CallRow row, String message) throws TimeoutException, InterruptedException {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("message", message);
        answer.put("data", view.whole(row, session(row, Await.on(rooms.live()))));
        return Answer.json(200, answer);
    }

    /** {@code {"callId"}}: hung up, or given up where it was not answered yet. */
    public Answer end(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    String id = body.required("callId", ID);
                    return body.fault().isPresent()
                            ? VideoSdk.invalid(body.fault().get())
                            : end(id);
                });
    }

    private Answer end(String id) throws TimeoutException, InterruptedException {
        if (!Await.on(calls.hangUp(id))) {
            return gone(id);
        }
        Optional<CallRow> row = find(id);
        return row.isEmpty()
                ? VideoSdk.unknown("Call")
                : told(row.get(), "Call ended successfully");
    }

    /** {@code {"callId", "transferTo"}}: the far end is sent there; answered when it takes that. */
    public Answer transfer(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    String id = body.required("callId", ID);
                    String to = body.required("transferTo", ID);
                    if (body.fault().isEmpty() && !TransfersApi.isTarget(to)) {
                        return VideoSdk.invalid("transferTo must be a number or a SIP address");
                    }
                    return body.fault().isPresent()
                            ? VideoSdk.invalid(body.fault().get())
                            : transfer(id, to);
                });
    }

    private Answer transfer(String id, String to) throws TimeoutException, InterruptedException {
        return switch (Await.on(calls.transfer(id, to))) {
            case Transferring.Begun begun -> taken(id, Await.on(begun.taken(), LONGEST_TAKING));
            case Transferring.NotTalking _ -> Answer.problem(409, "The call is not answered.");
            case Transferring.UnderWay _ ->
                    Answer.problem(409, "The call is being transferred already.");
            case Transferring.Refused refused -> refused(refused.why());
            case Transferring.NoSuchCall _ -> gone(id);
        };
    }

    private Answer taken(String id, Transfer step) throws TimeoutException, InterruptedException {
        if (step.failed()) {
            return refused(step.failure());
        }
        Optional<CallRow> row = find(id);
        return row.isEmpty()
                ? VideoSdk.unknown("Call")
                : told(row.get(), "Call transfer initiated successfully");
    }

    private static Answer refused(CallEnd why) {
        int status = why.reason().httpStatus();
        return Answer.problem(status == 0 ? 409 : status, why.text());
    }

    private Answer gone(String id) {
        return store.calls().find(id).isPresent()
                ? Answer.problem(409, "The call is over already.")
                : VideoSdk.unknown("Call");
    }

    /** {@code {"callId", "roomId", "participantId"?}}: the call goes on in another room. */
    public Answer switchRoom(Ask ask) throws TimeoutException, InterruptedException {
        return Loose.read(
                ask,
                body -> {
                    String id = body.required("callId", ID);
                    String room = body.required("roomId", ID);
                    String person = body.text("participantId", ID).orElse("");
                    return body.fault().isPresent()
                            ? VideoSdk.invalid(body.fault().get())
                            : switchRoom(id, room, person);
                });
    }

    private Answer switchRoom(String id, String named, String person)
            throws TimeoutException, InterruptedException {
        Optional<RoomRow> room = RoomResource.find(store.rooms(), aliases, named);
        if (room.isEmpty()) {
            return RoomResource.unknown();
        }
        return switch (Await.on(calls.move(id, room.get(), person))) {
            case DONE -> {
                Optional<CallRow> row = find(id);
                yield row.isEmpty()
                        ? VideoSdk.unknown("Call")
                        : told(row.get(), "Call room switched successfully");
            }
            case NO_SUCH_CALL -> gone(id);
            case NOT_TALKING -> Answer.problem(409, "The call is not answered, or on its way.");
            case FULL -> Answer.problem(409, "The room is full.");
        };
    }
}

package dev.roomline.bridge.api.videosdk;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Loose;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.Calls;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Store;
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
            return store.calls().find(id).isPresent()
                    ? Answer.problem(409, "The call is over already.")
                    : VideoSdk.unknown("Call");
        }
        Optional<CallRow> row = find(id);
        return row.isEmpty()
                ? VideoSdk.unknown("Call")
                : told(row.get(), "Call ended successfully");
    }

    /** Nothing is changed: the call goes on as it is. */
    public Answer transfer(Ask ask) {
        return unserved("/v2/sip/call/transfer");
    }

    /** Nothing is changed: the call goes on as it is. */
    public Answer switchRoom(Ask ask) {
        return unserved("/v2/sip/call/switch-room");
    }

    private static Answer unserved(String what) {
        return Answer.problem(
                501, what + " is not served by this version: the call goes on as it is.");
    }
}

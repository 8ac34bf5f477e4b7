package dev.roomline.bridge.api.v1;

import dev.roomline.bridge.api.Answer;
import dev.roomline.bridge.api.Ask;
import dev.roomline.bridge.api.Await;
import dev.roomline.bridge.api.Bodies;
import dev.roomline.bridge.api.Fields;
import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.CallOrder;
import dev.roomline.bridge.call.LiveCalls;
import dev.roomline.bridge.outbound.Destination;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.Rooms;
import dev.roomline.bridge.store.TrunkRow;
import dev.roomline.bridge.store.Trunks;
import dev.roomline.bridge.trace.TraceJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * {@code POST /v1/trunks/{id}/test}: places a call over one trunk into a room of its own, hangs up
 * when it is answered, and says what happened on the way. Virtual threads.
 */
public final class TrunkTestApi {
    private static final Duration RING = Duration.ofSeconds(30);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Trunks trunks;
    private final Rooms rooms;
    private final LiveCalls live;

    public TrunkTestApi(Trunks trunks, Rooms rooms, LiveCalls live) {
        this.trunks = trunks;
        this.rooms = rooms;
        this.live = live;
    }

    public Answer test(Ask ask) throws TimeoutException, InterruptedException {
        Optional<TrunkRow> trunk = trunks.find(ask.path("id"));
        if (trunk.isEmpty()) {
            return Answer.problem(404, "There is no such trunk.");
        }
        if (trunk.get().trunk().direction().equals("inbound")) {
            return Answer.problem(409, "This trunk takes no outbound calls.");
        }
        return switch (Bodies.object(ask, TrunkTestApi::to)) {
            case Bodies.Read.Bad<String>(Answer answer) -> answer;
            case Bodies.Read.Good<String>(String to) -> called(trunk.get().id(), to);
        };
    }

    private static String to(Fields fields) {
        Optional<String> to = fields.text("to", 255);
        if (to.flatMap(Destination::read).isEmpty()) {
            fields.fault("to", "must be a number, or sip:… within the trunk's domain");
        }
        return to.orElse("");
    }

    /** The room is the call's alone, and goes with it. */
    private Answer called(String trunk, String to) throws TimeoutException, InterruptedException {
        RoomRow room =
                rooms.createForCall(
                        new Rooms.NewRoom(
                                "Test of trunk " + trunk, List.of(), "token", 2, List.of(), true));
        try {
            return placed(
                    new CallOrder(
                            to,
                            room,
                            "listener",
                            trunk,
                            "",
                            "",
                            "",
                            Map.of(),
                            RING,
                            LONGEST_CALL,
                            "",
                            false));
        } finally {
            var _ = rooms.delete(room.id());
        }
    }

    private Answer placed(CallOrder order) throws TimeoutException, InterruptedException {
        LiveCalls.Placing placing = live.place(order);
        try {
            Optional<CallEnd> end = Await.on(placing.answered(), RING.plus(PATIENCE));
            Optional<LiveCalls.Traced> traced = Await.on(live.trace(placing.callId()));
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("call", placing.callId());
            view.put("answered", end.isEmpty());
            view.put("end", end.map(TrunkTestApi::view).orElse(null));
            view.put(
                    "decisions",
                    traced.map(t -> TraceJson.decisions(t.trace().decisions())).orElse(List.of()));
            return Answer.json(200, view);
        } finally {
            // answered, given up, or its client gone: nobody shall listen to an empty room
            var _ = live.hangUp(placing.callId());
        }
    }

    private static Map<String, Object> view(CallEnd end) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("culprit", end.culprit().label());
        view.put("reason", end.reason().label());
        view.put("sip_status", end.sipStatus() == 0 ? null : end.sipStatus());
        view.put("text", end.text());
        return view;
    }
}

package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Two phones dial into an empty room at the same moment: both are answered, in every order. */
final class FirstJoinersTest {
    private static final int STEPS = 4;

    private final CallBench bench = new CallBench();
    private final Map<Integer, CompletableFuture<Screening>> doors = new HashMap<>();
    private final Map<Integer, CompletableFuture<Outcome>> media = new HashMap<>();
    private final Map<Integer, CompletableFuture<Void>> rows = new HashMap<>();
    private final int[] done = new int[2];
    private int acting;

    @Test
    void bothAreAnsweredInEveryOrder() {
        List<String> orders = new ArrayList<>();
        collect("", 0, 0, orders);
        assertThat(orders).hasSize(70);
        for (String order : orders) {
            new FirstJoinersTest().play(order);
        }
    }

    private static void collect(String order, int first, int second, List<String> orders) {
        if (first == STEPS && second == STEPS) {
            orders.add(order);
            return;
        }
        if (first < STEPS) {
            collect(order + "0", first + 1, second, orders);
        }
        if (second < STEPS) {
            collect(order + "1", first, second + 1, orders);
        }
    }

    private void play(String order) {
        bench.switchboard.connect(
                bench.sent::add, (_, _, _, _) -> doors.computeIfAbsent(acting, _ -> pending()));
        bench.media.outcome = () -> media.computeIfAbsent(acting, _ -> pending());
        bench.store = () -> rows.computeIfAbsent(acting, _ -> pending());
        order.chars().forEach(call -> step(call - '0'));

        assertThat(bench.sent)
                .as(order)
                .hasSize(2)
                .allMatch(command -> command instanceof SipCommand.Respond r && r.status() == 200);
        assertThat(bench.media.asked).as(order).containsOnlyOnce("openRoom");
        assertThat(bench.media.openRooms).as(order).isEqualTo(1);
        assertThat(bench.rooms.participantCount()).as(order).isEqualTo(2);
    }

    private static <T> CompletableFuture<T> pending() {
        return new CompletableFuture<>();
    }

    private void step(int call) {
        acting = call;
        switch (done[call]++) {
            case 0 ->
                    bench.switchboard.raised(
                            new SipEvent.InviteReceived(
                                    new RequestId(call + 1),
                                    new DialogId(call + 1),
                                    Invites.invite("sip:abc-defg-hij@host.test"),
                                    Invites.from("192.0.2.7")));
            case 1 -> doors.getOrDefault(call, pending()).complete(admitted());
            case 2 ->
                    media.getOrDefault(call, pending())
                            .complete(FakeMedia.accepted("ours").toCompletableFuture().join());
            case 3 -> rows.getOrDefault(call, pending()).complete(null);
            default -> throw new IllegalStateException("four steps");
        }
        bench.signal.run();
    }

    private static Screening admitted() {
        Caller caller =
                new Caller("alice", "abc-defg-hij", "Alice", "", Map.of(), null, "alice", null);
        return new Screening.Admitted(
                new Admission(
                        caller.into(CallBench.ROOM),
                        FakeRooms.room(CallBench.ROOM, 10, FakeRooms.code("abc-defg-hij")),
                        "guest",
                        new AnswerTerms(List.of(), List.of(), Encryption.ALLOW, Map.of()),
                        false));
    }
}

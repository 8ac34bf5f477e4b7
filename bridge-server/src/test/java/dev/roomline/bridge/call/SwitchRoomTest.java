package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.LiveCalls.Moving;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.bridge.room.LiveRooms.ParticipantPatch;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.media.loop.MediaRoom;
import dev.roomline.media.loop.MediaRoom.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** An answered call goes from room to room: seats, events, record. Virtual time. */
final class SwitchRoomTest {
    private static final RoomRow OTHER = FakeRooms.room("room_2", 1, FakeRooms.code("other-room"));

    private final CallBench call = new CallBench();
    private final List<String> news = new ArrayList<>();

    private void talking() {
        call.rooms.tell(this::told);
        call.switchboard.tell(this::told);
        call.talking();
        news.clear();
    }

    private void told(Happening event) {
        String more =
                switch (event) {
                    case Happening.OfMove move -> " " + move.step().state();
                    case Happening.OfParticipant one -> " " + one.reason();
                    default -> "";
                };
        news.add((event.type().label() + " " + event.room() + more).strip());
    }

    private CompletableFuture<Moving> move(RoomRow to) {
        CompletableFuture<Moving> moved =
                call.switchboard.live().move(call.row().id(), to, "u9").toCompletableFuture();
        call.signal.run();
        return moved;
    }

    @Test
    void whoWasThereSeesItLeaveAndWhoIsHereSeesItJoin() {
        talking();
        assertThat(move(OTHER)).isCompletedWithValue(Moving.DONE);
        assertThat(news)
                .containsExactly(
                        "call.moved room_1 initiated",
                        "room.started room_2",
                        "participant.left room_1 moved",
                        "room.ended room_1",
                        "participant.joined room_2",
                        "call.moved room_2 completed");
        assertThat(call.participants(CallBench.ROOM)).isEmpty();
        assertThat(call.participants("room_2"))
                .singleElement()
                .satisfies(
                        person -> {
                            assertThat(person.state()).isEqualTo("joined");
                            assertThat(person.name()).isEqualTo("Alice");
                            assertThat(person.userId()).isEqualTo("u9");
                            assertThat(person.call()).isEqualTo(call.row().id());
                        });
        assertThat(call.row().room()).isEqualTo("room_2");
        assertThat(call.row().participant()).isEqualTo(call.participants("room_2").getFirst().id());
        assertThat(call.row().detail())
                .contains(
                        "\"state\":\"completed\",\"from_room\":\"room_1\",\"to_room\":\"room_2\"");
        assertThat(call.sent).as("its phone hears nothing of it").isEmpty();
        assertThat(call.media.asked).contains("move", "forget").doesNotContain("remove");
        assertThat(call.media.openRooms).isEqualTo(1);
    }

    @Test
    void afterwardsItIsACallOfThatRoom() {
        talking();
        var _ = move(OTHER);
        call.bye("SIP;cause=200");
        assertThat(call.media.open).isEmpty();
        assertThat(call.media.openRooms).isZero();
        assertThat(news)
                .endsWith(
                        "participant.left room_2 hangup_caller",
                        "room.ended room_2",
                        "call.ended room_2");
        assertThat(call.row().room()).isEqualTo("room_2");
    }

    @Test
    void muteAndHoldGoWithIt() {
        talking();
        var _ =
                call.api.update(
                        CallBench.ROOM,
                        call.participants(CallBench.ROOM).getFirst().id(),
                        new ParticipantPatch(
                                Optional.of(true),
                                OptionalDouble.empty(),
                                Optional.of(true),
                                Optional.empty()));
        call.signal.run();
        var _ = move(OTHER);
        assertThat(call.participants("room_2").getFirst().muted()).isTrue();
        assertThat(call.participants("room_2").getFirst().state()).isEqualTo("held");
    }

    @Test
    void aFullRoomTakesItNotAndItStays() {
        talking();
        RoomRow full = FakeRooms.room("room_3", 0, FakeRooms.code("full-room"));
        assertThat(move(full)).isCompletedWithValue(Moving.FULL);
        assertThat(call.participants(CallBench.ROOM)).hasSize(1);
        assertThat(news).containsExactly("call.moved room_1 initiated", "call.moved room_1 failed");
        assertThat(call.row().room()).isEqualTo(CallBench.ROOM);
    }

    @Test
    void itGoesThereAndBack() {
        talking();
        RoomRow first = FakeRooms.room(CallBench.ROOM, 10, FakeRooms.code("abc-defg-hij"));
        var _ = move(OTHER);
        assertThat(move(first)).isCompletedWithValue(Moving.DONE);
        assertThat(call.participants(CallBench.ROOM)).hasSize(1);
        assertThat(call.participants("room_2")).isEmpty();
        news.clear();
        assertThat(move(first)).as("it is there").isCompletedWithValue(Moving.DONE);
        assertThat(news).isEmpty();
    }

    @Test
    void aCallThatEndsOnTheWayLeavesNoSeatBehind() {
        talking();
        CompletableFuture<MediaRoom.Outcome> onTheWay = new CompletableFuture<>();
        call.media.outcome = () -> onTheWay;
        CompletableFuture<Moving> moved = move(OTHER);
        assertThat(move(OTHER)).as("one way at a time").isCompletedWithValue(Moving.NOT_TALKING);
        call.bye("SIP;cause=200");
        onTheWay.complete(accepted());
        call.signal.run();
        assertThat(moved).isCompletedWithValue(Moving.NOT_TALKING);
        assertThat(call.participants("room_2")).isEmpty();
        assertThat(call.participants(CallBench.ROOM)).isEmpty();
        assertThat(call.media.openRooms).isZero();
        assertThat(call.media.open).isEmpty();
    }

    private static MediaRoom.Outcome accepted() {
        CompletionStage<MediaRoom.Outcome> yes = FakeMedia.accepted("");
        return yes.toCompletableFuture().join();
    }

    @Test
    void mediaThatIsGoneStaysWhereItWas() {
        talking();
        call.media.outcome = () -> FakeMedia.refused(Refusal.NO_SUCH_LEG);
        assertThat(move(OTHER)).isCompletedWithValue(Moving.NOT_TALKING);
        assertThat(call.participants("room_2")).isEmpty();
        assertThat(call.participants(CallBench.ROOM)).hasSize(1);
        assertThat(news).last().isEqualTo("call.moved room_1 failed");
    }

    @Test
    void aCallThatIsNotAnsweredStaysWhereItIs() {
        call.store = CompletableFuture::new;
        call.invite(Invites.SDP);
        call.admit();
        assertThat(move(OTHER)).isCompletedWithValue(Moving.NOT_TALKING);
    }
}

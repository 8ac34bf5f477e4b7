package dev.roomline.bridge.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.RoomlineConfig.Permission;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.room.LiveRooms.BrowserJoin;
import dev.roomline.bridge.room.LiveRooms.Described;
import dev.roomline.bridge.room.LiveRooms.JoinOutcome;
import dev.roomline.bridge.room.LiveRooms.Reoffered;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.media.loop.MediaRoom.Flow;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Who only publishes or only listens: its place, and the ICE restarts of it. */
final class OneWayJoinTest {
    private static final RoomRow ROOM =
            FakeRooms.room(
                    "room_1",
                    9,
                    FakeRooms.code("abc-defg-hij"),
                    new CodeRow("quiet", "listener", "", "both", true));

    private final VirtualSignal signal = new VirtualSignal();
    private final FakeMedia media = new FakeMedia();
    private final LocalRooms rooms =
            new LocalRooms(
                    media,
                    signal,
                    new Permissions(Map.of("guest", Set.of(Permission.SPEAK))),
                    new Ids(new Random(1)));
    private final PostedRooms live =
            new PostedRooms(
                    rooms,
                    new Joining(
                            rooms,
                            new CodeBook(new FakeRooms().with(ROOM), Runnable::run),
                            RoomDirectory.single(),
                            signal,
                            () -> Joining.Closed.NO,
                            Counters.NONE),
                    signal);

    private <T> T now(CompletionStage<T> stage) {
        signal.run();
        return stage.toCompletableFuture().join();
    }

    private JoinOutcome join(String code, Flow flow) {
        return now(
                live.join(
                        new BrowserJoin(
                                code,
                                null,
                                null,
                                "Ann",
                                "",
                                "program",
                                octets("first offer"),
                                InetAddress.getLoopbackAddress(),
                                true,
                                flow)));
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Optional<Described> described(JoinOutcome.Joined who) {
        return now(live.described("room_1", who.participant().id(), who.secret()));
    }

    private CompletionStage<Reoffered> reoffer(
            JoinOutcome.Joined who, Described before, String offer) {
        return live.reoffer("room_1", who.participant().id(), who.secret(), before, octets(offer));
    }

    @Test
    void whoseRoleMayNotSpeakListensButDoesNotPublish() {
        assertThat(join("quiet", Flow.PUBLISHES))
                .isInstanceOfSatisfying(
                        JoinOutcome.BadOffer.class,
                        bad -> assertThat(bad.detail()).contains("may not speak"));
        assertThat(rooms.participantCount()).isZero();
        assertThat(join("quiet", Flow.LISTENS)).isInstanceOf(JoinOutcome.Joined.class);
    }

    @Test
    void whatHoldsIsToldToWhoHasTheSecretAndOnlyOfOneWay() {
        JoinOutcome.Joined both = (JoinOutcome.Joined) join("abc-defg-hij", Flow.BOTH_WAYS);
        assertThat(described(both)).isEmpty();
        JoinOutcome.Joined one = (JoinOutcome.Joined) join("abc-defg-hij", Flow.PUBLISHES);
        assertThat(described(one).orElseThrow().offer()).isEqualTo(octets("first offer"));
        assertThat(described(one).orElseThrow().answer()).isEqualTo(octets("our sdp"));
        String id = one.participant().id();
        assertThat(now(live.described("room_1", id, one.secret() + "x"))).isEmpty();
        assertThat(now(live.described("room_2", id, one.secret()))).isEmpty();
        assertThat(now(live.leave("room_1", id, one.secret()))).isTrue();
        assertThat(described(one)).isEmpty();
    }

    @Test
    void ofTwoRestartsAtOnceTheSecondIsOvertaken() {
        JoinOutcome.Joined one = (JoinOutcome.Joined) join("abc-defg-hij", Flow.LISTENS);
        Described before = described(one).orElseThrow();
        CompletableFuture<Outcome> slow = new CompletableFuture<>();
        media.outcome = () -> slow;
        CompletionStage<Reoffered> first = reoffer(one, before, "second offer");
        assertThat(now(reoffer(one, before, "third offer")))
                .isInstanceOf(Reoffered.Overtaken.class);
        slow.complete(new Outcome.Accepted(octets("our second sdp"), false));

        assertThat(now(first))
                .isInstanceOfSatisfying(
                        Reoffered.Agreed.class,
                        agreed ->
                                assertThat(agreed.now().answer())
                                        .isEqualTo(octets("our second sdp")));
        assertThat(described(one).orElseThrow().offer()).isEqualTo(octets("second offer"));
        assertThat(now(reoffer(one, before, "fourth offer")))
                .isInstanceOf(Reoffered.Overtaken.class);
    }

    @Test
    void aRestartThatIsRefusedLeavesAllAsItWas() {
        JoinOutcome.Joined one = (JoinOutcome.Joined) join("abc-defg-hij", Flow.PUBLISHES);
        Described before = described(one).orElseThrow();
        media.outcome = () -> FakeMedia.refused(Refusal.UNSUPPORTED_OFFER);

        assertThat(now(reoffer(one, before, "bad")))
                .isEqualTo(new Reoffered.Refused("what was wrong"));
        assertThat(described(one)).containsSame(before);
    }
}

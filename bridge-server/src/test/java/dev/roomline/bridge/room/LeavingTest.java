package dev.roomline.bridge.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.config.RoomlineConfig.Permission;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.room.Participant.Kind;
import dev.roomline.bridge.room.Participant.Person;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.media.loop.MediaRoom.Direction;
import dev.roomline.media.loop.MediaRoom.LegReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A browser leaves: how it sounded is told with it, and in its place among all that happens. */
final class LeavingTest {
    private static final LegReport REPORT =
            new LegReport(
                    "",
                    "DTLS",
                    "PCMU",
                    "OPUS",
                    new Direction(900, 9_000, 0.02, 7, 1.5, 4.1),
                    new Direction(900, 9_000, 0.1, -1, -1, 3.2),
                    0.01,
                    40,
                    -30);

    private final VirtualSignal signal = new VirtualSignal();
    private final FakeMedia media = new FakeMedia();
    private final LocalRooms rooms =
            new LocalRooms(
                    media,
                    signal,
                    new Permissions(Map.of("guest", Set.of(Permission.SPEAK))),
                    new Ids(new Random(1)));
    private final List<Happening> told = new ArrayList<>();
    private final List<LegReport> measured = new ArrayList<>();
    private final CompletableFuture<Optional<LegReport>> report = new CompletableFuture<>();

    @BeforeEach
    void listen() {
        rooms.tell(told::add);
        rooms.measure(measured::add);
        media.report = report;
    }

    private Participant joins(String name) {
        Participant who =
                rooms.seatBrowser(
                        FakeRooms.room("room_1", 9, FakeRooms.code("abc-defg-hij")),
                        Kind.BROWSER,
                        new Person(name, "", Map.of(), null),
                        "guest");
        rooms.joined(who);
        return who;
    }

    private List<String> types() {
        return told.stream().map(each -> each.type().label()).toList();
    }

    @Test
    void whatHappensAfterItWaitsUntilItIsKnownHowItSounded() {
        rooms.left(joins("Ann"), "left");
        signal.run();
        assertThat(types()).containsExactly("room.started", "participant.joined");

        report.complete(Optional.of(REPORT));
        signal.run();
        assertThat(types())
                .containsExactly(
                        "room.started", "participant.joined", "participant.left", "room.ended");
        assertThat(told.get(2).data().get("quality")).isEqualTo(LegSound.words(REPORT));
        assertThat(LegSound.words(REPORT).toString())
                .isEqualTo(
                        "{sent={loss=0.1, jitter_ms=null, burst_ratio=null, mos=3.2},"
                                + " received={loss=0.02, jitter_ms=7.0, burst_ratio=1.5, mos=4.1,"
                                + " concealed=0.01}, rtt_ms=40.0}");
        assertThat(measured).containsExactly(REPORT);
    }

    @Test
    void aMediaLoopThatSaysNothingHoldsNothingUp() {
        Participant bob = joins("Bob");
        rooms.left(joins("Ann"), "left");
        rooms.left(bob, "left");
        signal.pass(Duration.ofSeconds(2));

        assertThat(types()).endsWith("participant.left", "participant.left", "room.ended");
        assertThat(told.get(3).data()).doesNotContainKey("quality");
        report.complete(Optional.of(REPORT));
        signal.run();
        assertThat(told).hasSize(6);
    }

    @Test
    void whenTheServerStopsNobodyIsAsked() {
        joins("Ann");
        rooms.sendEverybodyAway();

        assertThat(types()).endsWith("participant.left", "room.ended");
        assertThat(measured).isEmpty();
    }
}

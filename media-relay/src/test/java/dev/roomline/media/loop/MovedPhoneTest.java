package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.dsp.Goertzel;
import dev.roomline.media.enhance.EnhancementWishes;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.loop.MediaRoom.LegReport;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.PhoneRequest;
import dev.roomline.media.sdp.MediaEncryption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A phone that waits in one room and goes on in another, on real sockets. */
class MovedPhoneTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int SECOND = 8_000;
    private static final LegId CALLER = new LegId(1);
    private static final LegId OTHER = new LegId(2);

    private final Codecs codecs = Codecs.load();
    private @Nullable NettyMediaRelay relay;

    private NettyMediaRelay relay(int loops) {
        NettyMediaRelay made =
                NettyMediaRelay.start(
                        new MediaSettings(
                                List.of(HERE),
                                List.of(),
                                21_200,
                                21_299,
                                0,
                                loops,
                                List.of("opus", "pcmu", "pcma"),
                                5,
                                PassThroughPolicy.AUTO,
                                EnhancementWishes.NONE,
                                Duration.ofMinutes(5)));
        relay = made;
        return made;
    }

    @AfterEach
    void close() {
        if (relay != null) {
            relay.close();
        }
    }

    private static void await(String what, BooleanSupplier reached) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadlineNanos);
            LockSupport.parkNanos(5_000_000L);
        }
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private void enter(MediaRoom room, LegId leg, TestPhone phone) throws Exception {
        PhoneRequest request =
                new PhoneRequest(
                        phone.offer().getBytes(StandardCharsets.UTF_8),
                        new InetSocketAddress(HERE, 5_060),
                        new InetSocketAddress(HERE, 5_070),
                        List.of(),
                        List.of(),
                        MediaEncryption.ALLOW);
        Outcome outcome = get(room.addPhone(leg, request));
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        phone.answered(((Outcome.Accepted) outcome).sdp());
        room.release(leg);
    }

    private static short[] tone(double hertz, double seconds) {
        short[] pcm = new short[(int) (8_000 * seconds)];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) Math.round(8_000 * Math.sin(2 * Math.PI * hertz * i / 8_000));
        }
        return pcm;
    }

    private static double level(TestPhone phone, double hertz) {
        return Goertzel.dbov(phone.last(SECOND / 2), 0, SECOND / 2, hertz, 8_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_phone_hears_an_announcement_then_goes_on_in_another_room_without_a_break(int loops)
            throws Exception {
        NettyMediaRelay media = relay(loops);
        MediaRoom lobby = media.openRoom("lobby", new Deaf());
        MediaRoom room = media.openRoom("abc-defg-hij", new Deaf());
        try (TestPhone caller = new TestPhone(codecs, AudioCodec.PCMU, 440, 8_000, "127.0.0.1");
                TestPhone other =
                        new TestPhone(codecs, AudioCodec.PCMA, 1_000, 8_000, "127.0.0.1")) {
            enter(room, OTHER, other);
            room.join(OTHER);
            lobby.announce(tone(700, 30));
            enter(lobby, CALLER, caller);
            await("the announcement", () -> caller.samplesHeard() > SECOND);
            assertThat(level(caller, 700)).isGreaterThan(-20);
            assertThat(level(other, 440)).as("not in the room yet").isLessThan(-50);
            lobby.announce(new short[0]);
            int mark = caller.samplesHeard();
            await("silence", () -> caller.samplesHeard() > mark + SECOND);
            assertThat(level(caller, 700)).isLessThan(-50);

            assertThat(get(lobby.move(CALLER, room))).isInstanceOf(Outcome.Accepted.class);
            room.join(CALLER);
            lobby.close();

            int later = caller.samplesHeard();
            int others = other.samplesHeard();
            await(
                    "a second in the room",
                    () ->
                            caller.samplesHeard() > later + SECOND
                                    && other.samplesHeard() > others + SECOND);
            assertThat(level(caller, 1_000)).isGreaterThan(-20);
            assertThat(level(other, 440)).isGreaterThan(-20);
            assertThat(caller.breaks.get()).as("its stream went on").isZero();
            Optional<LegReport> report = get(room.report(CALLER));
            assertThat(report.orElseThrow().received().lossShare())
                    .as("nothing it said was lost on the way")
                    .isZero();
            assertThat(report.orElseThrow().path()).endsWith("room abc-defg-hij");
            assertThat(media.counters().getOrDefault("leg_fault", 0L)).isZero();
            room.remove(CALLER);
            await("one leg is left", () -> legs(media) == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void what_is_asked_of_a_leg_that_is_under_way_is_done_where_it_went(int loops)
            throws Exception {
        NettyMediaRelay media = relay(loops);
        MediaRoom lobby = media.openRoom("lobby", new Deaf());
        MediaRoom room = media.openRoom("abc-defg-hij", new Deaf());
        try (TestPhone caller = new TestPhone(codecs, AudioCodec.PCMU, 440, 8_000, "127.0.0.1")) {
            enter(lobby, CALLER, caller);
            await("sound", () -> caller.samplesHeard() > SECOND / 4);
            CompletionStage<Outcome> moved = lobby.move(CALLER, room);
            CompletionStage<Outcome> offered = lobby.reoffer(CALLER, null, null);
            CompletionStage<Optional<LegReport>> report = lobby.report(CALLER);
            lobby.remove(CALLER);
            assertThat(get(moved)).isInstanceOf(Outcome.Accepted.class);
            assertThat(get(offered)).isInstanceOf(Outcome.Accepted.class);
            assertThat(get(report)).isPresent();
            await("it was removed there", () -> legs(media) == 0);
            assertThat(get(lobby.move(CALLER, room))).isInstanceOf(Outcome.Refused.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_phone_that_took_part_goes_from_room_to_room_and_back_and_is_heard_at_once(int loops)
            throws Exception {
        NettyMediaRelay media = relay(loops);
        MediaRoom here = media.openRoom("here", new Deaf());
        MediaRoom there = media.openRoom("there", new Deaf());
        try (TestPhone caller = new TestPhone(codecs, AudioCodec.PCMU, 440, 8_000, "127.0.0.1");
                TestPhone low = new TestPhone(codecs, AudioCodec.PCMU, 700, 8_000, "127.0.0.1");
                TestPhone high =
                        new TestPhone(codecs, AudioCodec.PCMU, 1_000, 8_000, "127.0.0.1")) {
            LegId third = new LegId(3);
            enter(here, CALLER, caller);
            enter(here, OTHER, low);
            enter(there, third, high);
            here.join(CALLER);
            here.join(OTHER);
            there.join(third);
            await(
                    "sound",
                    () ->
                            caller.samplesHeard() > SECOND
                                    && low.samplesHeard() > SECOND
                                    && high.samplesHeard() > SECOND);
            await("the first room", () -> level(caller, 700) > -20 && level(low, 440) > -20);

            for (int moves = 0; moves < 4; moves++) {
                boolean isThere = moves % 2 == 0;
                MediaRoom at = isThere ? here : there;
                assertThat(get(at.move(CALLER, isThere ? there : here)))
                        .isInstanceOf(Outcome.Accepted.class);
                at.forget(CALLER);
                TestPhone hears = isThere ? high : low;
                TestPhone heardNoMore = isThere ? low : high;
                await("it is heard", () -> level(hears, 440) > -20);
                await("it hears", () -> level(caller, isThere ? 1_000 : 700) > -20);
                await("it is gone there", () -> level(heardNoMore, 440) < -50);
            }
            assertThat(caller.breaks.get()).as("its stream went on").isZero();
            LegReport report = get(here.report(CALLER)).orElseThrow();
            assertThat(report.received().lossShare()).as("all it said came").isZero();
            assertThat(get(there.report(CALLER))).as("it is not there any more").isEmpty();
            here.remove(CALLER);
            await("two are left", () -> legs(media) == 2);
        }
    }

    private static int legs(NettyMediaRelay media) {
        return media.loops().stream().mapToInt(MediaRelay.LoopReport::legs).sum();
    }
}

package dev.roomline.media.loop;

import static dev.roomline.media.loop.LoopbackRelay.await;
import static dev.roomline.media.loop.LoopbackRelay.get;
import static dev.roomline.media.loop.TestPhone.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.loop.MediaRoom.LegReport;
import dev.roomline.media.loop.MediaRoom.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A phone that waits in one room and goes on in another, on real sockets. */
class MovedPhoneTest {
    private static final LegId CALLER = new LegId(1);
    private static final LegId OTHER = new LegId(2);

    private static void enter(MediaRoom room, LegId leg, TestPhone phone) throws Exception {
        phone.answered(LoopbackRelay.answer(room, leg, phone.offer()));
        room.release(leg);
    }

    private static short[] tone(double hertz, double seconds) {
        short[] pcm = new short[(int) (8_000 * seconds)];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) Math.round(8_000 * Math.sin(2 * Math.PI * hertz * i / 8_000));
        }
        return pcm;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_phone_hears_an_announcement_then_goes_on_in_another_room_without_a_break(int loops)
            throws Exception {
        try (LoopbackRelay relay = new LoopbackRelay(loops);
                TestPhone caller = relay.phone(AudioCodec.PCMU, 440);
                TestPhone other = relay.phone(AudioCodec.PCMA, 1_000)) {
            MediaRoom lobby = relay.media.openRoom("lobby", new Deaf());
            MediaRoom room = relay.media.openRoom("abc-defg-hij", new Deaf());
            enter(room, OTHER, other);
            room.join(OTHER);
            lobby.announce(tone(700, 30));
            enter(lobby, CALLER, caller);
            await("the announcement", () -> caller.samplesHeard() > SECOND);
            assertThat(caller.level(700, SECOND / 2)).isGreaterThan(-20);
            assertThat(other.level(440, SECOND / 2)).as("not in the room yet").isLessThan(-50);
            lobby.announce(new short[0]);
            int mark = caller.samplesHeard();
            await("silence", () -> caller.samplesHeard() > mark + SECOND);
            assertThat(caller.level(700, SECOND / 2)).isLessThan(-50);

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
            assertThat(caller.level(1_000, SECOND / 2)).isGreaterThan(-20);
            assertThat(other.level(440, SECOND / 2)).isGreaterThan(-20);
            assertThat(caller.breaks.get()).as("its stream went on").isZero();
            Optional<LegReport> report = get(room.report(CALLER));
            assertThat(report.orElseThrow().received().lossShare())
                    .as("nothing it said was lost on the way")
                    .isZero();
            assertThat(report.orElseThrow().path()).endsWith("room abc-defg-hij");
            assertThat(relay.media.counters().getOrDefault("leg_fault", 0L)).isZero();
            room.remove(CALLER);
            await("one leg is left", () -> legs(relay) == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void what_is_asked_of_a_leg_that_is_under_way_is_done_where_it_went(int loops)
            throws Exception {
        try (LoopbackRelay relay = new LoopbackRelay(loops);
                TestPhone caller = relay.phone(AudioCodec.PCMU, 440)) {
            MediaRoom lobby = relay.media.openRoom("lobby", new Deaf());
            MediaRoom room = relay.media.openRoom("abc-defg-hij", new Deaf());
            enter(lobby, CALLER, caller);
            await("sound", () -> caller.samplesHeard() > SECOND / 4);
            CompletionStage<Outcome> moved = lobby.move(CALLER, room);
            CompletionStage<Outcome> offered = lobby.reoffer(CALLER, null, null);
            CompletionStage<Optional<LegReport>> report = lobby.report(CALLER);
            lobby.remove(CALLER);
            assertThat(get(moved)).isInstanceOf(Outcome.Accepted.class);
            assertThat(get(offered)).isInstanceOf(Outcome.Accepted.class);
            assertThat(get(report)).isPresent();
            await("it was removed there", () -> legs(relay) == 0);
            assertThat(get(lobby.move(CALLER, room))).isInstanceOf(Outcome.Refused.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_phone_that_took_part_goes_from_room_to_room_and_back_and_is_heard_at_once(int loops)
            throws Exception {
        try (LoopbackRelay relay = new LoopbackRelay(loops);
                TestPhone caller = relay.phone(AudioCodec.PCMU, 440);
                TestPhone low = relay.phone(AudioCodec.PCMU, 700);
                TestPhone high = relay.phone(AudioCodec.PCMU, 1_000)) {
            MediaRoom here = relay.media.openRoom("here", new Deaf());
            MediaRoom there = relay.media.openRoom("there", new Deaf());
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
            await(
                    "the first room",
                    () -> caller.level(700, SECOND / 2) > -20 && low.level(440, SECOND / 2) > -20);

            for (int moves = 0; moves < 4; moves++) {
                boolean isThere = moves % 2 == 0;
                MediaRoom at = isThere ? here : there;
                assertThat(get(at.move(CALLER, isThere ? there : here)))
                        .isInstanceOf(Outcome.Accepted.class);
                at.forget(CALLER);
                TestPhone hears = isThere ? high : low;
                TestPhone heardNoMore = isThere ? low : high;
                await("it is heard", () -> hears.level(440, SECOND / 2) > -20);
                await("it hears", () -> caller.level(isThere ? 1_000 : 700, SECOND / 2) > -20);
                await("it is gone there", () -> heardNoMore.level(440, SECOND / 2) < -50);
            }
            assertThat(caller.breaks.get()).as("its stream went on").isZero();
            LegReport report = get(here.report(CALLER)).orElseThrow();
            assertThat(report.received().lossShare()).as("all it said came").isZero();
            assertThat(get(there.report(CALLER))).as("it is not there any more").isEmpty();
            here.remove(CALLER);
            await("two are left", () -> legs(relay) == 2);
        }
    }

    private static int legs(LoopbackRelay relay) {
        return relay.media.loops().stream().mapToInt(MediaRelay.LoopReport::legs).sum();
    }
}

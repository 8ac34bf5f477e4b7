package dev.roomline.bridge.inbound;

import static dev.roomline.bridge.inbound.ReceptionBench.CARRIER;
import static dev.roomline.bridge.inbound.ReceptionBench.CODE;
import static dev.roomline.bridge.inbound.ReceptionBench.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.call.Invites;
import dev.roomline.bridge.config.Declared.Route;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.sip.message.SipRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which room a caller who is known gets into: numbers, routes, codes, rooms of its own. */
final class PlacementTest {
    private final ReceptionBench bench = new ReceptionBench();

    private record Called(String uri, String verdict, String why) {}

    @Test
    void aNumberIsFoundHoweverItIsWritten() {
        bench.routes =
                List.of(
                        new Route("+15550100000", "", "abc-defg-hij", "", ""),
                        new Route("+1 (555) 010-0001", "trk_1", "other-room", "", ""),
                        new Route("+15550100001", "", "abc-defg-hij", "", ""),
                        new Route("+15550100002", "other", "abc-defg-hij", "", ""),
                        new Route("+15550100003", "", "", "code", ""),
                        new Route("+15550100004", "", "", "", "https://app.test/"),
                        new Route("+15550100005", "", "gone-room", "", ""),
                        new Route("+15550100006", "", "new", "", ""));
        InboundSettings settings =
                new InboundSettings(List.of(), 0, 0, List.of("pcmu"), Encryption.ALLOW);
        List<Called> table =
                List.of(
                        new Called("sip:+15550100000@h.test", "admitted room_1", "a route leads"),
                        new Called("sip:15550100000@h.test", "admitted room_1", ""),
                        new Called("sip:+1-555-010-0000@h.test;user=phone", "admitted room_1", ""),
                        new Called("sip:+1.555.010.0000;isub=1@h.test", "admitted room_1", ""),
                        new Called(
                                "sip:5550100000;phone-context=+1@h.test;user=phone",
                                "admitted room_1",
                                ""),
                        new Called("tel:+1-555-010-0000", "admitted room_1", ""),
                        new Called("tel:+15550100000;ext=12", "admitted room_1", ""),
                        new Called("tel:5550100000;phone-context=+1", "admitted room_1", ""),
                        new Called("tel:5550100000;phone-context=h.test", "404", "no route"),
                        new Called(
                                "sip:+15550100001@h.test",
                                "admitted room_2",
                                "a route of its trunk"),
                        new Called("sip:+15550100002@h.test", "404", "no route"),
                        new Called("sip:+15550100003@h.test", "asked CODE", "asks the caller"),
                        new Called(
                                "sip:+15550100004@h.test", "asked CODE", "the application failed"),
                        new Called("sip:+15550100005@h.test", "404", "no room has the code gone"),
                        new Called("sip:+15550100006@h.test", "admitted room_own_2", "made room"),
                        new Called("sip:424242@h.test", "admitted room_2", "taken as a room code"),
                        new Called("sip:**1@h.test", "404", "neither a room code nor a number"));
        for (Called row : table) {
            bench.trace = new CallTrace(bench.signal.now());
            Reception reception =
                    bench.reception(settings, bench.trunk(Map.of(), List.of(), false));
            assertThat(words(bench.screen(reception, Invites.invite(row.uri()), CARRIER)))
                    .as(row.uri())
                    .isEqualTo(row.verdict());
            assertThat(bench.trace.snapshot().decisions().toString())
                    .as(row.uri())
                    .contains(row.why());
        }
    }

    @Test
    void anApplicationSaysWhereItsNumberLeadsAndUnderWhichName() {
        bench.routes =
                List.of(new Route("+15550100004", "", "", "", "https://app.test/route?key=1"));
        Reception reception =
                bench.reception(
                        new InboundSettings(List.of(), 0, 0, List.of("pcmu"), Encryption.ALLOW),
                        bench.trunk(Map.of(), List.of(), false));
        SipRequest invite = Invites.invite("sip:+15550100004@h.test");
        bench.reply = new RouteHook.Reply.Room("abc-defg-hij", "Ada <script>", "user-7");
        var led = (Screening.Admitted) bench.screen(reception, invite, CARRIER);
        assertThat(led.admission().room().id()).isEqualTo("room_1");
        assertThat(led.admission().caller().name()).isEqualTo("Ada <script>");
        assertThat(led.admission().caller().userId()).isEqualTo("user-7");
        assertThat(bench.arriving)
                .containsExactly("https://app.test/route?key=1 +15550100004 by trk_1");
        assertThat(bench.trace.snapshot().decisions().toString()).doesNotContain("key=1");

        SipRequest diverted =
                Invites.invite("sip:+15550100004@h.test", "Diversion: <sip:+15550100009@c.test>");
        led = (Screening.Admitted) bench.screen(reception, diverted, CARRIER);
        assertThat(led.admission().caller().attributes()).containsOnlyKeys("sip.h.diversion");

        bench.reply = new RouteHook.Reply.Room("abc-defg-hij", "", "");
        led = (Screening.Admitted) bench.screen(reception, invite, CARRIER);
        assertThat(led.admission().caller().name()).isEqualTo("Alice");
        bench.reply = new RouteHook.Reply.Room("new", "", "");
        assertThat(words(bench.screen(reception, invite, CARRIER))).startsWith("admitted room_own");
        bench.reply = new RouteHook.Reply.Room("no-such-code", "", "");
        assertThat(words(bench.screen(reception, invite, CARRIER))).isEqualTo("404");
        bench.reply = new RouteHook.Reply.Reject(603);
        assertThat(words(bench.screen(reception, invite, CARRIER))).isEqualTo("603");
        bench.reply = new RouteHook.Reply.Failed("its answer is no JSON");
        assertThat(words(bench.screen(reception, invite, CARRIER))).isEqualTo("asked CODE");
    }

    @Test
    void aCodeIsKeyedInAsAPhonesKeysSpellItAndItsPinAfterIt() {
        bench.routes = List.of(new Route("+15550100003", "", "", "code", ""));
        Trunk carrier = bench.trunk(Map.of(), List.of(), false);
        Reception reception =
                bench.reception(
                        new InboundSettings(List.of(), 0, 0, List.of("pcmu"), Encryption.ALLOW),
                        carrier);
        Screening asked =
                bench.screen(reception, Invites.invite("sip:+15550100003@h.test"), CARRIER);
        assertThat(words(bench.keyed(asked, "2223334445"))).isEqualTo("admitted room_1");
        assertThat(words(bench.keyed(asked, "424242"))).isEqualTo("admitted room_2");
        assertThat(words(bench.keyed(asked, "999"))).isEqualTo("404");
        assertThat(words(bench.keyed(asked, "6332633"))).as("off-code: disabled").isEqualTo("404");
        assertThat(words(bench.keyed(asked, "9322633"))).as("web-code: browsers").isEqualTo("404");
        Screening pin = bench.keyed(asked, "7462633");
        assertThat(words(pin)).isEqualTo("asked PIN");
        assertThat(words(bench.keyed(pin, "4321"))).isEqualTo("404");
        assertThat(words(bench.keyed(pin, "12345"))).isEqualTo("404");
        assertThat(words(bench.keyed(pin, "1234"))).isEqualTo("admitted room_2");
        assertThat(bench.trace.snapshot().decisions().toString())
                .contains("no room code is spelt as the caller entered", "the PIN is right")
                .doesNotContain("2223334445", "4321", "999");
    }

    @Test
    void whoIsAskedIsACallAlreadyAndDoesNotKeepItselfOut() {
        bench.routes = List.of(new Route("+15550100003", "", "", "code", ""));
        bench.maxCalls = 1;
        Reception reception =
                bench.reception(
                        new InboundSettings(
                                List.of(), bench.maxCalls, 0, List.of("pcmu"), Encryption.ALLOW),
                        bench.trunk(Map.of(), List.of(), false));
        SipRequest invite = Invites.invite("sip:+15550100003@h.test");
        Screening asked = bench.screen(reception, invite, CARRIER);
        bench.liveCalls = 1;
        assertThat(words(bench.keyed(asked, "2223334445"))).isEqualTo("admitted room_1");
        assertThat(words(bench.screen(reception, invite, CARRIER))).startsWith("503");
    }

    @Test
    void whoGuessesCodesIsNotAskedForAWhileAndOthersOverTheTrunkAre() {
        bench.routes = List.of(new Route("+15550100003", "", "", "code", ""));
        Reception reception =
                bench.reception(
                        new InboundSettings(List.of(), 0, 0, List.of("pcmu"), Encryption.ALLOW),
                        bench.trunk(Map.of(), List.of(), false));
        SipRequest invite = Invites.invite("sip:+15550100003@h.test");
        Screening asked = bench.screen(reception, invite, CARRIER);
        for (int i = 0; i < 11; i++) {
            assertThat(words(bench.keyed(asked, "99" + i))).isEqualTo("404");
        }
        assertThat(words(bench.keyed(asked, "2223334445")))
                .as("right, but too late")
                .isEqualTo("503");
        assertThat(words(bench.screen(reception, invite, CARRIER))).isEqualTo("503");
        SipRequest other =
                Invites.request(
                        "INVITE", "sip:+15550100003@h.test", "<sip:+15550100999@pbx.test>", "");
        assertThat(words(bench.screen(reception, other, CARRIER))).isEqualTo("asked CODE");
        bench.signal.pass(Duration.ofMinutes(3));
        assertThat(words(bench.screen(reception, invite, CARRIER))).isEqualTo("asked CODE");
    }

    @Test
    void aRoomOfOnesOwnIsMadeForItsCallerAloneAndDeletedAfterIt() {
        bench.routes = List.of(new Route("+15550100006", "", "new", "", ""));
        Reception reception =
                bench.reception(
                        new InboundSettings(List.of(), 0, 0, List.of("pcmu"), Encryption.ALLOW),
                        bench.trunk(Map.of(), List.of(), false));
        SipRequest invite = Invites.invite("sip:+15550100006@h.test");
        Screening one = bench.screen(reception, invite, CARRIER);
        Screening two = bench.screen(reception, invite, CARRIER);
        assertThat(words(one)).isNotEqualTo(words(two));
        var terms = ((Screening.Admitted) one).admission();
        assertThat(terms.ownRoom()).isTrue();
        assertThat(terms.caller().room()).isEqualTo(terms.room().id());
        assertThat(bench.rooms.find(terms.room().id())).isPresent();
        reception.leftOwnRoom(terms.room().id());
        assertThat(bench.rooms.find(terms.room().id())).isEmpty();
    }

    @Test
    void aRoomOfOnesOwnDiesThoughTheStoreIsAwayWhenItsCallEnds() {
        Reception reception = bench.reception();
        var room = FakeRooms.room("room_3", 10, FakeRooms.code("own-code"));
        bench.rooms.with(room);
        bench.rooms.failingDeletes = 3;
        assertThat(reception.leftOwnRoom("room_3").toCompletableFuture())
                .isCompletedExceptionally();
        bench.signal.pass(Duration.ofSeconds(13));
        assertThat(bench.rooms.find("room_3")).isPresent();
        bench.signal.pass(Duration.ofSeconds(1));
        assertThat(bench.rooms.find("room_3")).isEmpty();
    }

    @Test
    void aBurstThatWaitsForTheStoreTogetherGetsNoMoreThanTheTrunksLimit() {
        bench.trunkMaxCalls = 2;
        bench.blocking = bench.stalled::add;
        assertThat(bench.burst(bench.reception(bench.trunk(Map.of(), List.of(), false)), CODE))
                .containsExactly("admitted room_1", "admitted room_1", "503", "503");
    }

    @Test
    void whoIsOneTooManyLeavesNoRoomOfItsOwnBehind() {
        bench.maxCalls = 1;
        bench.blocking = bench.stalled::add;
        bench.routes = List.of(new Route("+15550100006", "", "new", "", ""));
        Reception reception =
                bench.reception(
                        new InboundSettings(List.of(), 1, 0, List.of("pcmu"), Encryption.ALLOW),
                        bench.trunk(Map.of(), List.of(), false));
        long before = bench.rooms.count();
        assertThat(bench.burst(reception, "sip:+15550100006@h.test"))
                .containsExactly("admitted room_own_2", "503", "503", "503");
        bench.stalled.forEach(Runnable::run);
        assertThat(bench.rooms.count()).isEqualTo(before + 1);
    }
}

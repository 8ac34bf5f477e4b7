package dev.roomline.bridge.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.call.Invites;
import dev.roomline.bridge.config.Cidr;
import dev.roomline.bridge.config.Declared.Route;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.room.CodeBook;
import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.bridge.room.RoomDirectory;
import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.bridge.store.AccountRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.sip.auth.DigestAlgorithm;
import dev.roomline.sip.auth.DigestGuard;
import dev.roomline.sip.auth.DigestSettings;
import dev.roomline.sip.auth.Ha1;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ReceptionTest {
    private static final String CODE = "sip:abc-defg-hij@host.test";
    private static final String CARRIER = "54.172.60.1";
    private static final String STRANGER = "198.51.100.9";
    private static final String MARK = "X-Twilio-AccountSid: AC1";

    private final VirtualSignal signal = new VirtualSignal();
    private final FakeRooms rooms =
            new FakeRooms()
                    .with(FakeRooms.room("room_1", 10, FakeRooms.code("abc-defg-hij")))
                    .with(
                            FakeRooms.room(
                                    "room_2",
                                    10,
                                    new CodeRow("off-code", "guest", "", "both", false),
                                    new CodeRow("web-code", "guest", "", "browser", true),
                                    new CodeRow("pin-code", "guest", "1234", "both", true),
                                    FakeRooms.code("other-room"),
                                    FakeRooms.code("424242")));
    private List<String> accountRooms = List.of("*");
    private final List<String> arriving = new ArrayList<>();
    private RouteHook.Reply reply = new RouteHook.Reply.Failed("no answer within 3000 ms");
    private boolean storeAway;
    private boolean draining;
    private int liveCalls;
    private int maxCalls;
    private final List<Runnable> stalled = new ArrayList<>();
    private Executor blocking = Runnable::run;
    private List<Route> routes = List.of();
    private int trunkMaxCalls;
    private int liveOnTrunk;
    private int invitesPerSecond;
    private CallTrace trace = new CallTrace(signal.now());

    record Row(String uri, String source, List<String> headers, String verdict, String why) {
        static Row of(String uri, String source, String verdict, String why, String... headers) {
            return new Row(uri, source, List.of(headers), verdict, why);
        }
    }

    @Test
    void whoMayCallAndWhereToIsDecidedAsTheContractSays() {
        List<Row> table =
                List.of(
                        Row.of(CODE, CARRIER, "admitted room_1", "required headers match", MARK),
                        Row.of("sip:ABC-DEFG-HIJ@x.test", CARRIER, "admitted room_1", "", MARK),
                        // another customer of the same carrier
                        Row.of(CODE, CARRIER, "407", "header X-Twilio-AccountSid is absent"),
                        Row.of(
                                CODE,
                                CARRIER,
                                "407",
                                "has another value",
                                "X-Twilio-AccountSid: AC2"),
                        Row.of(CODE, STRANGER, "407", "no trunk allows", MARK),
                        // nothing of a room is told before it is known who calls
                        Row.of("sip:no-such-room@host.test", STRANGER, "407", "no credentials"),
                        Row.of(
                                "sip:no-such-room@host.test",
                                CARRIER,
                                "404",
                                "no room has the code no-such-room",
                                MARK),
                        Row.of("sip:off-code@h.test", CARRIER, "404", "disabled", MARK),
                        Row.of("sip:web-code@h.test", CARRIER, "404", "browsers only", MARK),
                        Row.of("sip:pin-code@h.test", CARRIER, "asked PIN", "has a PIN", MARK),
                        Row.of("sip:host.test", CARRIER, "404", "no user part", MARK),
                        Row.of("sip:%20@host.test", CARRIER, "404", "neither", MARK),
                        Row.of("sip:+15550100000@h.test", CARRIER, "admitted room_1", "", MARK),
                        Row.of("tel:+15550100000", CARRIER, "admitted room_1", "", MARK),
                        Row.of("sip:+15550109999@h.test", CARRIER, "404", "no route", MARK),
                        Row.of("sip:424242@h.test", CARRIER, "admitted room_2", "", MARK),
                        Row.of(CODE, STRANGER, "400", "Control character", "X-A: %0d"));
        for (Row row : table) {
            trace = new CallTrace(signal.now());
            SipRequest invite = Invites.invite(row.uri(), row.headers().toArray(String[]::new));
            assertThat(words(screen(reception(), invite, row.source())))
                    .as(row.toString())
                    .isEqualTo(row.verdict());
            assertThat(trace.snapshot().decisions().toString())
                    .as(row.toString())
                    .contains(row.why());
        }
    }

    @Test
    void aCarrierThatIsChallengedThoughItsAddressIsAllowedIsToldOf() {
        var near = (Screening.Challenged) screen(reception(), Invites.invite(CODE), CARRIER);
        assertThat(near.near()).contains("Carrier", "header X-Twilio-AccountSid is absent");
        var far = (Screening.Challenged) screen(reception(), Invites.invite(CODE), STRANGER);
        assertThat(far.near()).isEmpty();
    }

    @Test
    void aTrunkThatSharesItsAddressesVouchesOnlyForItsNumbers() {
        Trunk numbers = trunk(Map.of(), List.of("+15550100000"), true);
        assertThat(words(screen(reception(numbers), Invites.invite(CODE), CARRIER)))
                .isEqualTo("407");
        assertThat(
                        words(
                                screen(
                                        reception(numbers),
                                        Invites.invite("sip:15550100000@h.test"),
                                        CARRIER)))
                .isEqualTo("admitted room_1");
        Trunk alone = trunk(Map.of(), List.of(), false);
        assertThat(words(screen(reception(alone), Invites.invite(CODE), CARRIER)))
                .isEqualTo("admitted room_1");
    }

    private record Called(String uri, String verdict, String why) {}

    @Test
    void aNumberIsFoundHoweverItIsWritten() {
        routes =
                List.of(
                        new Route("+15550100000", "", "abc-defg-hij", "", ""),
                        new Route("+1 (555) 010-0001", "trk_1", "other-room", "", ""),
                        new Route("+15550100001", "", "abc-defg-hij", "", ""),
                        new Route("+15550100002", "other", "abc-defg-hij", "", ""),
                        new Route("+15550100003", "", "", "code", ""),
                        new Route("+15550100004", "", "", "", "https://app.test/"),
                        new Route("+15550100005", "", "gone-room", "", ""),
                        new Route("+15550100006", "", "new", "", ""));
        InboundSettings settings = new InboundSettings(List.of(), 0, 0, List.of("pcmu"));
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
            trace = new CallTrace(signal.now());
            Reception reception = reception(settings, trunk(Map.of(), List.of(), false));
            assertThat(words(screen(reception, Invites.invite(row.uri()), CARRIER)))
                    .as(row.uri())
                    .isEqualTo(row.verdict());
            assertThat(trace.snapshot().decisions().toString()).as(row.uri()).contains(row.why());
        }
    }

    @Test
    void anApplicationSaysWhereItsNumberLeadsAndUnderWhichName() {
        routes = List.of(new Route("+15550100004", "", "", "", "https://app.test/route?key=1"));
        Reception reception =
                reception(
                        new InboundSettings(List.of(), 0, 0, List.of("pcmu")),
                        trunk(Map.of(), List.of(), false));
        SipRequest invite = Invites.invite("sip:+15550100004@h.test");
        reply = new RouteHook.Reply.Room("abc-defg-hij", "Ada <script>", "user-7");
        var led = (Screening.Admitted) screen(reception, invite, CARRIER);
        assertThat(led.admission().room().id()).isEqualTo("room_1");
        assertThat(led.admission().caller().name()).isEqualTo("Ada <script>");
        assertThat(led.admission().caller().userId()).isEqualTo("user-7");
        assertThat(arriving).containsExactly("https://app.test/route?key=1 +15550100004 by trk_1");
        assertThat(trace.snapshot().decisions().toString()).doesNotContain("key=1");

        reply = new RouteHook.Reply.Room("abc-defg-hij", "", "");
        led = (Screening.Admitted) screen(reception, invite, CARRIER);
        assertThat(led.admission().caller().name()).isEqualTo("Alice");
        reply = new RouteHook.Reply.Room("new", "", "");
        assertThat(words(screen(reception, invite, CARRIER))).startsWith("admitted room_own");
        reply = new RouteHook.Reply.Room("no-such-code", "", "");
        assertThat(words(screen(reception, invite, CARRIER))).isEqualTo("404");
        reply = new RouteHook.Reply.Reject(603);
        assertThat(words(screen(reception, invite, CARRIER))).isEqualTo("603");
        reply = new RouteHook.Reply.Failed("its answer is no JSON");
        assertThat(words(screen(reception, invite, CARRIER))).isEqualTo("asked CODE");
    }

    private Screening keyed(Screening before, String digits) {
        assertThat(before).isInstanceOf(Screening.Asked.class);
        var stage = ((Screening.Asked) before).judge().look(digits);
        signal.run();
        return stage.toCompletableFuture().join();
    }

    @Test
    void aCodeIsKeyedInAsAPhonesKeysSpellItAndItsPinAfterIt() {
        routes = List.of(new Route("+15550100003", "", "", "code", ""));
        Trunk carrier = trunk(Map.of(), List.of(), false);
        Reception reception =
                reception(new InboundSettings(List.of(), 0, 0, List.of("pcmu")), carrier);
        Screening asked = screen(reception, Invites.invite("sip:+15550100003@h.test"), CARRIER);
        assertThat(words(keyed(asked, "2223334445"))).isEqualTo("admitted room_1");
        assertThat(words(keyed(asked, "424242"))).isEqualTo("admitted room_2");
        assertThat(words(keyed(asked, "999"))).isEqualTo("404");
        assertThat(words(keyed(asked, "6332633"))).as("off-code: disabled").isEqualTo("404");
        assertThat(words(keyed(asked, "9322633"))).as("web-code: browsers").isEqualTo("404");
        Screening pin = keyed(asked, "7462633");
        assertThat(words(pin)).isEqualTo("asked PIN");
        assertThat(words(keyed(pin, "4321"))).isEqualTo("404");
        assertThat(words(keyed(pin, "12345"))).isEqualTo("404");
        assertThat(words(keyed(pin, "1234"))).isEqualTo("admitted room_2");
        assertThat(trace.snapshot().decisions().toString())
                .contains("no room code is spelt as the caller entered", "the PIN is right")
                .doesNotContain("2223334445", "4321", "999");
    }

    @Test
    void whoIsAskedIsACallAlreadyAndDoesNotKeepItselfOut() {
        routes = List.of(new Route("+15550100003", "", "", "code", ""));
        maxCalls = 1;
        Reception reception =
                reception(
                        new InboundSettings(List.of(), maxCalls, 0, List.of("pcmu")),
                        trunk(Map.of(), List.of(), false));
        SipRequest invite = Invites.invite("sip:+15550100003@h.test");
        Screening asked = screen(reception, invite, CARRIER);
        liveCalls = 1;
        assertThat(words(keyed(asked, "2223334445"))).isEqualTo("admitted room_1");
        assertThat(words(screen(reception, invite, CARRIER))).startsWith("503");
    }

    @Test
    void whoGuessesCodesIsNotAskedForAWhileAndOthersOverTheTrunkAre() {
        routes = List.of(new Route("+15550100003", "", "", "code", ""));
        Reception reception =
                reception(
                        new InboundSettings(List.of(), 0, 0, List.of("pcmu")),
                        trunk(Map.of(), List.of(), false));
        SipRequest invite = Invites.invite("sip:+15550100003@h.test");
        Screening asked = screen(reception, invite, CARRIER);
        for (int i = 0; i < 11; i++) {
            assertThat(words(keyed(asked, "99" + i))).isEqualTo("404");
        }
        assertThat(words(keyed(asked, "2223334445"))).as("right, but too late").isEqualTo("503");
        assertThat(words(screen(reception, invite, CARRIER))).isEqualTo("503");
        SipRequest other =
                Invites.request(
                        "INVITE", "sip:+15550100003@h.test", "<sip:+15550100999@pbx.test>", "");
        assertThat(words(screen(reception, other, CARRIER))).isEqualTo("asked CODE");
        signal.pass(Duration.ofMinutes(3));
        assertThat(words(screen(reception, invite, CARRIER))).isEqualTo("asked CODE");
    }

    @Test
    void aRoomOfOnesOwnIsMadeForItsCallerAloneAndDeletedAfterIt() {
        routes = List.of(new Route("+15550100006", "", "new", "", ""));
        Reception reception =
                reception(
                        new InboundSettings(List.of(), 0, 0, List.of("pcmu")),
                        trunk(Map.of(), List.of(), false));
        SipRequest invite = Invites.invite("sip:+15550100006@h.test");
        Screening one = screen(reception, invite, CARRIER);
        Screening two = screen(reception, invite, CARRIER);
        assertThat(words(one)).isNotEqualTo(words(two));
        var terms = ((Screening.Admitted) one).admission();
        assertThat(terms.ownRoom()).isTrue();
        assertThat(terms.caller().room()).isEqualTo(terms.room().id());
        assertThat(rooms.find(terms.room().id())).isPresent();
        reception.leftOwnRoom(terms.room().id());
        assertThat(rooms.find(terms.room().id())).isEmpty();
    }

    @Test
    void aRoomOfOnesOwnDiesThoughTheStoreIsAwayWhenItsCallEnds() {
        Reception reception = reception();
        var room = FakeRooms.room("room_3", 10, FakeRooms.code("own-code"));
        rooms.with(room);
        rooms.failingDeletes = 3;
        assertThat(reception.leftOwnRoom("room_3").toCompletableFuture())
                .isCompletedExceptionally();
        signal.pass(Duration.ofSeconds(13));
        assertThat(rooms.find("room_3")).isPresent();
        signal.pass(Duration.ofSeconds(1));
        assertThat(rooms.find("room_3")).isEmpty();
    }

    @Test
    void aBurstThatWaitsForTheStoreTogetherGetsNoMoreThanTheTrunksLimit() {
        trunkMaxCalls = 2;
        blocking = stalled::add;
        assertThat(burst(reception(trunk(Map.of(), List.of(), false)), CODE))
                .containsExactly("admitted room_1", "admitted room_1", "503", "503");
    }

    @Test
    void whoIsOneTooManyLeavesNoRoomOfItsOwnBehind() {
        maxCalls = 1;
        blocking = stalled::add;
        routes = List.of(new Route("+15550100006", "", "new", "", ""));
        Reception reception =
                reception(
                        new InboundSettings(List.of(), 1, 0, List.of("pcmu")),
                        trunk(Map.of(), List.of(), false));
        long before = rooms.count();
        assertThat(burst(reception, "sip:+15550100006@h.test"))
                .containsExactly("admitted room_own_2", "503", "503", "503");
        stalled.forEach(Runnable::run);
        assertThat(rooms.count()).isEqualTo(before + 1);
    }

    /** Four INVITEs before the store answers the first; who is let in counts at once. */
    private List<String> burst(Reception reception, String uri) {
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var _ =
                    reception
                            .screen(Invites.invite(uri), Invites.from(CARRIER), trace)
                            .thenAccept(
                                    screening -> {
                                        said.add(words(screening));
                                        if (screening instanceof Screening.Admitted) {
                                            liveCalls++;
                                            liveOnTrunk++;
                                        }
                                    });
        }
        List<Runnable> answered = List.copyOf(stalled);
        stalled.clear();
        answered.forEach(Runnable::run);
        signal.run();
        return said;
    }

    @Test
    void aRightPasswordAdmitsAndAWrongOneIsChallengedThenRefused() {
        Reception reception = reception();
        assertThat(words(dial(reception, "alice", "secret"))).isEqualTo("admitted room_1");
        assertThat(words(dial(reception, "alice", "wrong"))).isEqualTo("407");
        assertThat(words(dial(reception, "alice", "wrong"))).isEqualTo("407");
        assertThat(words(dial(reception, "alice", "wrong"))).isEqualTo("403 turned away");
    }

    @Test
    void anUnknownUserIsAnsweredExactlyLikeAWrongPassword() {
        String unknown = words(dial(reception(), "mallory", "secret"));
        assertThat(unknown).isEqualTo(words(dial(reception(), "alice", "wrong")));
        assertThat(unknown).isEqualTo("407");
    }

    @Test
    void anAccountEntersOnlyItsRooms() {
        accountRooms = List.of("other-room");
        assertThat(words(dial(reception(), "alice", "secret"))).isEqualTo("403");
        accountRooms = List.of("ABC-defg-hij");
        assertThat(words(dial(reception(), "alice", "secret"))).isEqualTo("admitted room_1");
        accountRooms = List.of();
        assertThat(words(dial(reception(), "alice", "secret"))).isEqualTo("403");
    }

    @Test
    void anAccountOfNumbersGoesWhereTheyLeadAndNowhereElse() {
        accountRooms = List.of("+15550100000");
        for (String[] row :
                new String[][] {
                    {"sip:+15550100000@voice.test", "admitted room_1"},
                    {"sip:15550100000@voice.test", "admitted room_1"},
                    {"sip:+15550100001@voice.test", "403"},
                    {CODE, "403"}
                }) {
            Reception reception = reception();
            String credentials = credentials(reception, "alice", "secret");
            assertThat(words(screen(reception, Invites.invite(row[0], credentials), STRANGER)))
                    .as(row[0])
                    .isEqualTo(row[1]);
        }
    }

    @Test
    void limitsAndDrainingAreToldBeforeAnythingIsLookedAt() {
        draining = true;
        assertThat(words(screen(reception(), Invites.invite(CODE), STRANGER)))
                .isEqualTo("503 turned away");
        draining = false;
        maxCalls = 2;
        liveCalls = 2;
        assertThat(words(screen(reception(), Invites.invite(CODE), STRANGER)))
                .isEqualTo("503 turned away");
        maxCalls = 0;
    }

    @Test
    void theRateIsThatOfKnownCallersAndAStrangerCannotUseItUp() {
        invitesPerSecond = 2;
        Reception paced = reception();
        for (int i = 0; i < UnprovenSources.BURST; i++) {
            assertThat(words(screen(paced, Invites.invite(CODE), STRANGER))).isEqualTo("407");
        }
        assertThat(words(screen(paced, Invites.invite(CODE), STRANGER)))
                .isEqualTo("503 turned away");
        SipRequest known = Invites.invite(CODE, MARK);
        assertThat(words(screen(paced, known, CARRIER))).isEqualTo("admitted room_1");
        assertThat(words(screen(paced, known, CARRIER))).isEqualTo("admitted room_1");
        assertThat(words(screen(paced, known, CARRIER))).isEqualTo("503");
        signal.pass(Duration.ofSeconds(1));
        assertThat(words(screen(paced, known, CARRIER))).isEqualTo("admitted room_1");
        assertThat(words(screen(paced, Invites.invite(CODE), STRANGER))).isEqualTo("407");
    }

    @Test
    void aStoreThatFailsIsToldAsOurFault() {
        storeAway = true;
        assertThat(words(dial(reception(), "alice", "secret"))).isEqualTo("503 turned away");
    }

    @Test
    void theHostIsCheckedWhereDomainsAreSet() {
        InboundSettings strict = new InboundSettings(List.of("Voice.test"), 0, 0, List.of("pcmu"));
        Reception reception = reception(strict, trunk(Map.of(), List.of(), false));
        assertThat(words(screen(reception, Invites.invite(CODE), CARRIER))).isEqualTo("404");
        SipRequest good = Invites.invite("sip:abc-defg-hij@voice.test");
        assertThat(words(screen(reception, good, CARRIER))).isEqualTo("admitted room_1");
    }

    @Test
    void aFloodWithAForgedSourceDoesNotStopWhoHoldsANonceOrConnects() {
        Reception reception = reception();
        String credentials = credentials(reception, "alice", "secret");
        while (!words(screen(reception, Invites.invite(CODE), STRANGER)).startsWith("503")) {
            // as many as it takes
        }
        assertThat(words(screen(reception, Invites.invite(CODE, credentials), STRANGER)))
                .isEqualTo("admitted room_1");
        Flow datagram = Invites.from(STRANGER);
        Flow connected = new Flow(TransportKind.TCP, datagram.local(), datagram.remote(), 1);
        assertThat(words(screen(reception, Invites.invite(CODE), connected))).isEqualTo("407");
    }

    private Screening dial(Reception reception, String user, String password) {
        String credentials = credentials(reception, user, password);
        return screen(reception, Invites.invite(CODE, credentials), STRANGER);
    }

    private String credentials(Reception reception, String user, String password) {
        Screening first = screen(reception, Invites.invite(CODE), STRANGER);
        HeaderField challenge = ((Screening.Challenged) first).headers().getFirst();
        Matcher nonce = Pattern.compile("nonce=\"([^\"]+)\"").matcher(challenge.value());
        assertThat(nonce.find()).isTrue();
        String uri = "sip:host.test:5060"; // it need not be the Request-URI
        String response =
                md5(
                        md5(user + ":roomline:" + password)
                                + ":"
                                + nonce.group(1)
                                + ":00000001:abc:auth:"
                                + md5("INVITE:" + uri));
        return "Proxy-Authorization: Digest username=\"%s\", realm=\"roomline\", nonce=\"%s\", uri=\"%s\", response=\"%s\", algorithm=MD5, cnonce=\"abc\", qop=auth, nc=00000001"
                .formatted(user, nonce.group(1), uri, response);
    }

    private Screening screen(Reception reception, SipRequest invite, String source) {
        return screen(reception, invite, Invites.from(source));
    }

    private Screening screen(Reception reception, SipRequest invite, Flow flow) {
        CompletionStage<Screening> stage = reception.screen(invite, flow, trace);
        signal.run();
        assertThat(stage.toCompletableFuture()).isCompleted();
        return stage.toCompletableFuture().join();
    }

    private static String words(Screening screening) {
        return switch (screening) {
            case Screening.Admitted admitted -> "admitted " + admitted.admission().room().id();
            case Screening.Asked asked -> "asked " + asked.question();
            case Screening.Challenged challenged -> Integer.toString(challenged.status());
            case Screening.TurnedAway away ->
                    away.end().refusalStatus() == 400
                            ? "400"
                            : away.end().refusalStatus() + " turned away";
            case Screening.Refused refused -> Integer.toString(refused.end().refusalStatus());
        };
    }

    private Reception reception() {
        return reception(trunk(Map.of("X-Twilio-AccountSid", "AC1"), List.of(), true));
    }

    private Reception reception(Trunk trunk) {
        routes = List.of(new Route("+15550100000", "", "abc-defg-hij", "", ""));
        return reception(
                new InboundSettings(List.of(), maxCalls, invitesPerSecond, List.of("pcmu")), trunk);
    }

    private Reception reception(InboundSettings settings, Trunk trunk) {
        DigestGuard guard =
                new DigestGuard(
                        DigestSettings.of("roomline", 407, List.of(DigestAlgorithm.MD5)),
                        new byte[32],
                        1);
        return new Reception(
                settings,
                new Dialplan(List.of(trunk), routes),
                new Redaction(trunk.requireHeaders().keySet()),
                guard,
                this::account,
                new CodeBook(rooms, blocking),
                RoomDirectory.single(),
                new Load(),
                signal,
                (url, call) -> {
                    arriving.add(url + " " + call.number() + " by " + call.trunk());
                    return CompletableFuture.completedStage(reply);
                });
    }

    private CompletionStage<Optional<AccountRow>> account(String username) {
        if (storeAway) {
            return CompletableFuture.failedStage(new IllegalStateException("no database"));
        }
        Ha1 ha1 = Ha1.of("alice", "roomline", "secret");
        return CompletableFuture.completedStage(
                username.equals("alice")
                        ? Optional.of(
                                new AccountRow(
                                        "acc_1",
                                        "alice",
                                        "roomline",
                                        ha1.md5(),
                                        String.valueOf(ha1.sha256()),
                                        accountRooms,
                                        Instant.EPOCH,
                                        "api"))
                        : Optional.empty());
    }

    private final class Load implements LiveLoad {
        @Override
        public int calls() {
            return liveCalls;
        }

        @Override
        public long callsOfTrunk(String trunkId) {
            return liveOnTrunk;
        }

        @Override
        public boolean draining() {
            return draining;
        }
    }

    private Trunk trunk(Map<String, String> requireHeaders, List<String> numbers, boolean shared) {
        return new Trunk(
                "trk_1",
                "Carrier",
                "both",
                "carrier.test",
                "",
                Secret.NONE,
                numbers,
                "",
                "+e164",
                "",
                "",
                List.of(Cidr.parse("54.172.60.0/30").orElseThrow()),
                requireHeaders,
                shared,
                List.of(),
                List.of("*"),
                false,
                Duration.ZERO,
                Encryption.ALLOW,
                List.of(),
                false,
                Map.of(),
                trunkMaxCalls,
                0);
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("MD5")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }
}

package dev.roomline.bridge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallEnd;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.config.RoomlineConfig.IceServer;
import dev.roomline.bridge.config.RoomlineConfig.Permission;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.room.CodeBook;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.bridge.room.Joining;
import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.room.Permissions;
import dev.roomline.bridge.room.PhoneLine;
import dev.roomline.bridge.room.PhoneSeat;
import dev.roomline.bridge.room.RoomDirectory;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.bridge.store.RoomRow;
import dev.roomline.bridge.store.RoomRow.CodeRow;
import dev.roomline.media.loop.LegId;
import dev.roomline.media.loop.MediaListener.Loss;
import dev.roomline.media.loop.MediaRoom.Refusal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The session protocol of docs/native-api: what a page says and hears. */
final class SessionTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final RoomRow ROOM =
            FakeRooms.room(
                    "room_1",
                    3,
                    FakeRooms.code("abc-defg-hij"),
                    new CodeRow("host-code", "host", "", "both", true),
                    new CodeRow("agent-code", "agent", "", "both", true),
                    new CodeRow("quiet", "listener", "", "both", true),
                    new CodeRow("phones", "guest", "", "phone", true),
                    new CodeRow("closed", "guest", "", "both", false));

    private final VirtualSignal signal = new VirtualSignal();
    private final FakeMedia media = new FakeMedia();
    private final LocalRooms rooms =
            new LocalRooms(
                    media,
                    signal,
                    new Permissions(
                            Map.of(
                                    "guest",
                                    Set.of(Permission.SPEAK),
                                    "host",
                                    Set.of(Permission.SPEAK, Permission.MODERATE),
                                    "agent",
                                    Set.of(Permission.SPEAK, Permission.DIAL))),
                    new Ids(new Random(1)));
    private boolean draining;
    private final DialledCalls calls = new DialledCalls();
    private final SessionPorts ports =
            new SessionPorts(
                    signal,
                    rooms,
                    new Joining(
                            rooms,
                            new CodeBook(new FakeRooms().with(ROOM), Runnable::run),
                            RoomDirectory.single(),
                            signal,
                            () -> draining ? Joining.Closed.DRAINING : Joining.Closed.NO,
                            Counters.NONE),
                    token ->
                            CompletableFuture.completedStage(
                                    token.equals("good")
                                            ? Optional.of(new JoinPass("room_1", "u-7", "host"))
                                            : Optional.empty()),
                    new IceServers(
                            List.of(
                                    new IceServer(
                                            List.of("turn:turn.test"),
                                            "",
                                            Secret.NONE,
                                            new Secret("shared")))),
                    calls,
                    Duration.ofSeconds(60));

    @Test
    void aJoinTellsWhoIsThereAndHowToComeBack() {
        Page page = join("abc-defg-hij", "Ann");
        JsonNode ok = page.said.getFirst();
        assertThat(text(ok, "type")).isEqualTo("ok");
        assertThat(text(ok, "id")).isEqualTo("1");
        assertThat(text(ok, "sdp")).isEqualTo("our sdp");
        assertThat(text(ok.path("participant"), "name")).isEqualTo("Ann");
        assertThat(text(ok.path("participant"), "role")).isEqualTo("guest");
        assertThat(text(ok.path("room"), "id")).isEqualTo("room_1");
        assertThat(ok.path("participants")).hasSize(1);
        assertThat(text(ok, "resume")).hasSizeGreaterThan(20);
        JsonNode turn = ok.path("ice_servers").path(0);
        assertThat(text(turn, "username")).contains(text(ok.path("participant"), "id"));
        assertThat(text(turn, "credential")).isNotEmpty().doesNotContain("shared");
    }

    record Refused(String code, int status, String reason) {}

    @Test
    void aJoinThatCannotBeIsRefusedWithStatusAndReason() {
        for (Refused row :
                List.of(
                        new Refused("no-such-room", 404, "unknown_room"),
                        new Refused("phones", 404, "unknown_room"),
                        new Refused("closed", 404, "unknown_room"),
                        new Refused("!", 404, "unknown_room"))) {
            JsonNode answer = join(row.code(), "Ann").said.getFirst();
            assertThat(text(answer, "type")).as(row.toString()).isEqualTo("error");
            assertThat(answer.path("status").asInt()).as(row.toString()).isEqualTo(row.status());
            assertThat(text(answer, "reason")).as(row.toString()).isEqualTo(row.reason());
        }
        media.outcome = () -> FakeMedia.refused(Refusal.UNSUPPORTED_OFFER);
        assertThat(join("abc-defg-hij", "Ann").said.getFirst().path("status").asInt())
                .isEqualTo(422);
        assertThat(rooms.participantCount()).isZero();
    }

    @Test
    void aFullRoomAndADrainingServerSaySo() {
        join("abc-defg-hij", "A");
        join("abc-defg-hij", "B");
        join("abc-defg-hij", "C");
        assertThat(join("abc-defg-hij", "D").said.getFirst().path("status").asInt()).isEqualTo(409);
        draining = true;
        assertThat(join("abc-defg-hij", "E").said.getFirst().path("status").asInt()).isEqualTo(503);
    }

    @Test
    void whoGuessesCodesIsMadeToWait() {
        for (int i = 0; i < 11; i++) {
            join("wrong-code-" + i, "Eve");
        }
        JsonNode answer = join("abc-defg-hij", "Eve").said.getFirst();
        assertThat(answer.path("status").asInt()).isEqualTo(429);
        assertThat(answer.path("retry_after_s").asInt()).isPositive();
        Page invited = new Page();
        invited.say("{'type':'join','id':'1','token':'good','name':'Tom','sdp':'v=0'}");
        assertThat(text(invited.said.getFirst(), "type")).isEqualTo("ok");
        signal.pass(Duration.ofSeconds(2));
        assertThat(text(join("abc-defg-hij", "Ann").said.getFirst(), "type")).isEqualTo("ok");
    }

    @Test
    void aTokenJoinsWithItsUserAndRoleAndAFalseOneDoesNot() {
        Page page = new Page();
        page.say("{'type':'join','id':'1','token':'good','name':'Tom','sdp':'v=0'}");
        JsonNode me = page.said.getFirst().path("participant");
        assertThat(text(me, "user_id")).isEqualTo("u-7");
        assertThat(text(me, "role")).isEqualTo("host");
        Page bad = new Page();
        bad.say("{'type':'join','id':'1','token':'bad','name':'Tom','sdp':'v=0'}");
        assertThat(bad.said.getFirst().path("status").asInt()).isEqualTo(401);
    }

    @Test
    void othersAreToldWhoComesSpeaksAndGoesWithoutNumbersAndHiddenAttributes() {
        Page page = join("abc-defg-hij", "Ann");
        page.said.clear();
        PhoneSeat phone = phone("+1 ••• ••• 0123");
        phone.joined();
        signal.run();
        JsonNode joined = page.said.getFirst();
        assertThat(text(joined, "type")).isEqualTo("participant.joined");
        assertThat(text(joined.path("participant"), "kind")).isEqualTo("phone");
        assertThat(joined.path("participant").path("attributes").toString())
                .isEqualTo("{\"sip.h.x-shown\":\"yes\"}");
        assertThat(joined.toString()).doesNotContain("secret");

        media.listener().onTalking(new LegId(2), true);
        media.listener().onSlots(new LegId(1), Map.of("1", new LegId(2)));
        media.listener().onDtmf(new LegId(2), '5', 100);
        signal.run();
        phone.leave("hangup_caller");
        assertThat(page.types())
                .containsExactly(
                        "participant.joined",
                        "participant.talking",
                        "slots",
                        "dtmf.received",
                        "participant.left");
        assertThat(text(page.said.get(2).path("slots"), "1")).isEqualTo(phone.participantId());
        assertThat(text(page.said.getLast().path("data"), "reason")).isEqualTo("hangup_caller");
    }

    @Test
    void whatAPageWritesAsNameAndUserIsOneBoundedLine() {
        Page page = new Page();
        page.say(
                "{'type':'join','id':'1','room_code':'abc-defg-hij','name':'  Ann ','user_id':'"
                        + "u".repeat(255)
                        + "','sdp':'v=0'}");
        JsonNode me = page.said.getFirst().path("participant");
        assertThat(text(me, "name")).isEqualTo("Ann");
        assertThat(text(me, "user_id")).hasSize(255);
        assertThat(text(join("abc-defg-hij", "").said.getFirst().path("participant"), "name"))
                .isEqualTo("Guest");
    }

    @Test
    void aListenerIsNeverHeard() {
        join("quiet", "Lee");
        assertThat(media.asked).contains("addBrowser listening only", "muted true");
    }

    @Test
    void aDroppedSocketKeepsItsPlaceForHalfAMinute() {
        Page first = join("abc-defg-hij", "Ann");
        String resume = text(first.said.getFirst(), "resume");
        Page watcher = join("abc-defg-hij", "Bob");
        watcher.said.clear();
        first.session.closed();
        pass(29, watcher);
        assertThat(watcher.types()).doesNotContain("participant.left");

        Page second = new Page();
        second.say("{'type':'resume','id':'9','resume':'" + resume + "'}");
        JsonNode ok = second.said.getFirst();
        assertThat(text(ok, "type")).isEqualTo("ok");
        assertThat(ok.path("participant").path("id"))
                .isEqualTo(first.said.getFirst().path("participant").path("id"));
        pass(40, watcher, second);
        assertThat(watcher.types()).doesNotContain("participant.left");

        second.session.closed();
        pass(31, watcher);
        assertThat(watcher.types()).contains("participant.left");
        Page late = new Page();
        late.say("{'type':'resume','id':'9','resume':'" + resume + "'}");
        assertThat(late.said.getFirst().path("status").asInt()).isEqualTo(404);
    }

    @Test
    void onlyAModeratorRemovesAndMutesOthers() {
        Page host = join("host-code", "Hana");
        Page guest = join("abc-defg-hij", "Gus");
        String gus = text(guest.said.getFirst().path("participant"), "id");
        String hana = text(host.said.getFirst().path("participant"), "id");
        guest.said.clear();
        guest.say("{'type':'remove','id':'2','participant':'" + hana + "'}");
        assertThat(guest.said.getFirst().path("status").asInt()).isEqualTo(403);
        host.say("{'type':'mute_other','id':'3','participant':'" + gus + "'}");
        assertThat(media.asked).contains("muted true");
        host.said.clear();
        host.say("{'type':'mute_other','id':'3','participant':'" + gus + "','muted':false}");
        assertThat(host.said.getFirst().path("status").asInt()).isEqualTo(403);
        host.say("{'type':'remove','id':'4','participant':'" + gus + "'}");
        assertThat(guest.types()).contains("participant.left");
        assertThat(guest.closedWith).isEqualTo(1000);
    }

    @Test
    void aPhoneIsRemovedByItsCallAndARoomThatEndsClosesTheSessions() {
        Page host = join("host-code", "Hana");
        boolean[] removed = new boolean[1];
        PhoneSeat phone = phone("Bob", () -> removed[0] = true);
        host.say("{'type':'remove','id':'4','participant':'" + phone.participantId() + "'}");
        assertThat(removed[0]).isTrue();
    }

    @Test
    void requestsOutOfOrderOrUnknownAreErrorsAndNothingElse() {
        Page page = new Page();
        page.say("{'type':'mute','id':'1','muted':true}");
        page.say("{'type':'ping','id':'2'}");
        page.say("{'type':'join','id':'3'}");
        assertThat(page.said.get(0).path("status").asInt()).isEqualTo(409);
        assertThat(text(page.said.get(1), "type")).isEqualTo("ok");
        assertThat(page.said.get(2).path("status").asInt()).isEqualTo(422);
        Page joined = join("abc-defg-hij", "Ann");
        joined.said.clear();
        joined.say("{'type':'dial','id':'4','to':'+15550100000'}");
        joined.say("{'type':'fly','id':'5'}");
        joined.say("{'type':'dtmf','id':'6','digits':'12x'}");
        joined.say("{'type':'join','id':'7','room_code':'abc-defg-hij','sdp':'v=0'}");
        joined.say("{'type':'mute','id':'8','muted':'yes'}");
        joined.say("{'type':'mute','id':'9','mute':false}");
        assertThat(joined.said.stream().map(m -> m.path("status").asInt()))
                .containsExactly(403, 422, 422, 409, 422, 422);
        assertThat(media.asked).doesNotContain("muted true");
    }

    @Test
    void whoMayDialSeesItRingAndHangsUpItsOwnCallsAlone() {
        Page agent = join("agent-code", "Ann");
        assertThat(agent.said.getFirst().path("may").toString()).isEqualTo("[\"speak\",\"dial\"]");
        PhoneSeat stranger = phone("Bob");
        boolean[] removed = new boolean[1];
        calls.seat =
                order -> {
                    PhoneSeat seat = phone(order.name(), () -> removed[0] = true);
                    seat.ringing();
                    return seat.participantId();
                };
        agent.said.clear();
        agent.say("{'type':'dial','id':'4','to':'+15550100000','name':'Grace'}");
        assertThat(agent.types()).containsExactly("participant.ringing", "ok");
        String rings = text(agent.said.getLast(), "participant");
        assertThat(text(agent.said.getFirst().path("participant"), "id")).isEqualTo(rings);
        assertThat(text(agent.said.getFirst().path("participant"), "state")).isEqualTo("ringing");
        assertThat(calls.orders.getFirst().to()).isEqualTo("+15550100000");
        agent.said.clear();
        agent.say("{'type':'hangup','id':'5','participant':'" + stranger.participantId() + "'}");
        assertThat(agent.said.getFirst().path("status").asInt()).isEqualTo(403);
        agent.say("{'type':'hangup','id':'6','participant':'" + rings + "'}");
        assertThat(removed[0]).isTrue();
        assertThat(text(agent.said.getLast(), "type")).isEqualTo("ok");
    }

    @Test
    void aCallThatMayNotBePlacedIsRefusedWithItsReason() {
        Page agent = join("agent-code", "Ann");
        agent.said.clear();
        calls.end = Optional.of(CallEnd.of(EndReason.NOT_ALLOWED, "Not that number."));
        agent.say("{'type':'dial','id':'4','to':'+19005550100'}");
        agent.say("{'type':'dial','id':'5','to':'nobody'}");
        assertThat(agent.said.stream().map(m -> m.path("status").asInt()))
                .containsExactly(403, 422);
        assertThat(text(agent.said.getFirst(), "reason")).isEqualTo("not_allowed");
    }

    @Test
    void leavingClosesTheSocketAndTheRoom() {
        Page page = join("abc-defg-hij", "Ann");
        page.say("{'type':'leave','id':'2'}");
        assertThat(page.closedWith).isEqualTo(1000);
        assertThat(media.asked).endsWith("remove", "close");
        assertThat(rooms.participantCount()).isZero();
    }

    @Test
    void aSilentSocketIsClosed() {
        Page page = join("abc-defg-hij", "Ann");
        signal.pass(Duration.ofSeconds(70));
        assertThat(page.pings).isPositive();
        assertThat(page.closedWith).isEqualTo(1001);
    }

    /** Time passes for pages that go on pinging, as theirs do. */
    private void pass(int seconds, Page... alive) {
        for (int i = 0; i < seconds; i++) {
            signal.pass(Duration.ofSeconds(1));
            for (Page page : alive) {
                page.session.heard();
            }
        }
    }

    private Page join(String code, String name) {
        Page page = new Page();
        page.say(
                "{'type':'join','id':'1','room_code':'"
                        + code
                        + "','name':'"
                        + name
                        + "','sdp':'v=0'}");
        return page;
    }

    private PhoneSeat phone(String name) {
        return phone(name, () -> {});
    }

    private PhoneSeat phone(String name, Runnable onRemoved) {
        PhoneLine line =
                new PhoneLine() {
                    @Override
                    public void pressed(char digit) {}

                    @Override
                    public void removed() {
                        onRemoved.run();
                    }

                    @Override
                    public void noted(String about, String text) {}

                    @Override
                    public void roomEnded() {}

                    @Override
                    public void held(boolean held) {}

                    @Override
                    public void mediaLost(Loss loss, String detail) {}
                };
        return switch (rooms.seatPhone(
                ROOM,
                "guest",
                name,
                "",
                Map.of("sip.h.x-shown", "yes", "sip.h.x-hidden", "secret"),
                "call_1",
                line,
                "")) {
            case PhoneSeat.Seating.Seated(PhoneSeat seat) -> seat;
            case PhoneSeat.Seating.Full _ -> throw new AssertionError("the room is full");
        };
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    /** One page's socket and session. */
    private final class Page implements SessionSocket {
        final List<JsonNode> said = new ArrayList<>();
        final Session session = new Session(ports, this, InetAddress.getLoopbackAddress());
        int closedWith;
        int pings;

        Page() {
            session.opened();
        }

        void say(String json) {
            session.received(JSON.readTree(json.replace('\'', '"')));
            signal.run();
        }

        List<String> types() {
            return said.stream().map(m -> text(m, "type")).toList();
        }

        @Override
        public void send(String json) {
            said.add(JSON.readTree(json));
        }

        @Override
        public void ping() {
            pings++;
        }

        @Override
        public void close(int code, String reason) {
            closedWith = code;
            session.closed();
        }
    }
}

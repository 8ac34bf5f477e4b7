package dev.roomline.bridge.peer;

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
import dev.roomline.media.loop.MediaListener.Loss;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pages and phones in one room, over a media loop that does what a test says. */
final class SessionBench {
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

    final VirtualSignal signal = new VirtualSignal();
    final FakeMedia media = new FakeMedia();
    final LocalRooms rooms =
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
    boolean draining;
    final DialledCalls calls = new DialledCalls();
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

    /** A page whose socket is open. */
    Page page() {
        return new Page();
    }

    /** Time passes for pages that go on pinging, as theirs do. */
    void pass(int seconds, Page... alive) {
        for (int i = 0; i < seconds; i++) {
            signal.pass(Duration.ofSeconds(1));
            for (Page page : alive) {
                page.session.heard();
            }
        }
    }

    Page join(String code, String name) {
        Page page = new Page();
        page.say(
                "{'type':'join','id':'1','room_code':'"
                        + code
                        + "','name':'"
                        + name
                        + "','sdp':'v=0'}");
        return page;
    }

    PhoneSeat phone(String name) {
        return phone(name, () -> {});
    }

    PhoneSeat phone(String name, Runnable onRemoved) {
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

    static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    /** One page's socket and session. */
    final class Page implements SessionSocket {
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

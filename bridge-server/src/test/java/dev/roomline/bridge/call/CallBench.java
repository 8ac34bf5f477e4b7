package dev.roomline.bridge.call;

import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.config.RoomlineConfig.Permission;
import dev.roomline.bridge.config.RoomlineConfig.Trace;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.room.CodeBook;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.bridge.room.Joining;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.room.Permissions;
import dev.roomline.bridge.room.PostedRooms;
import dev.roomline.bridge.room.RoomDirectory;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.trace.RefusalRing;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.SipRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call between a SIP core, a store and a media loop that do what a test says. */
final class CallBench {
    static final RequestId INVITE = new RequestId(1);
    static final DialogId DIALOG = new DialogId(1);
    static final String ROOM = "room_1";

    final VirtualSignal signal = new VirtualSignal();
    final FakeMedia media = new FakeMedia();
    final LocalRooms rooms =
            new LocalRooms(
                    media,
                    signal,
                    new Permissions(Map.of("guest", Set.of(Permission.SPEAK))),
                    new Ids(new Random(1)));
    final LiveRooms api =
            new PostedRooms(
                    rooms,
                    new Joining(
                            rooms,
                            new CodeBook(new FakeRooms(), Runnable::run),
                            RoomDirectory.single(),
                            signal,
                            () -> Joining.Closed.NO,
                            Counters.NONE),
                    signal);
    final List<SipCommand> sent = new ArrayList<>();
    final List<CallRow> stored = new ArrayList<>();
    final List<String> ended = new ArrayList<>();
    int faults;
    final CompletableFuture<Screening> door = new CompletableFuture<>();
    Supplier<CompletionStage<Void>> store = () -> CompletableFuture.completedStage(null);

    /** What the core does with a command, beside keeping it. */
    Function<SipCommand, @Nullable SipEvent> core = _ -> null;

    final Switchboard switchboard;

    CallBench() {
        this(Trace.NONE);
    }

    CallBench(Trace kept) {
        switchboard =
                new Switchboard(
                        rooms,
                        record -> {
                            stored.add(record.bare());
                            return store.get();
                        },
                        signal,
                        CallLimits.of(Duration.ofHours(4), kept),
                        new Ids(new Random(2)),
                        counters(),
                        new RefusalRing(),
                        () -> false);
        switchboard.connect(this::command, (_, _, _) -> door);
    }

    private void command(SipCommand command) {
        sent.add(command);
        SipEvent event = core.apply(command);
        if (event != null) {
            signal.execute(() -> switchboard.raised(event));
        }
    }

    private Counters counters() {
        return new Counters() {
            @Override
            public void sipRequest(String method) {}

            @Override
            public void sipRefusal(EndReason reason) {}

            @Override
            public void callStarted(String direction) {}

            @Override
            public void callEnded(String direction, EndReason reason, EndReason.Culprit culprit) {
                ended.add(reason.label());
            }

            @Override
            public void callAnswered(String direction, double seconds) {}

            @Override
            public void fault(String where) {
                faults++;
            }
        };
    }

    /** A call whose ACK came. */
    CallBench talking() {
        invite(Invites.SDP);
        admit();
        ack(null);
        sent.clear();
        media.asked.clear();
        return this;
    }

    void invite(String sdp) {
        SipRequest request =
                Invites.request(
                        "INVITE", "sip:abc-defg-hij@host.test", "<sip:alice@pbx.test>", sdp);
        raise(new SipEvent.InviteReceived(INVITE, DIALOG, request, Invites.from("192.0.2.7")));
    }

    void admit() {
        letIn();
        signal.run();
    }

    /** The door's decision; the loop does not turn. */
    void letIn() {
        Caller caller =
                new Caller("alice", "abc-defg-hij", "Alice", "", Map.of(), null, "alice", null);
        door.complete(
                new Screening.Admitted(
                        new Admission(
                                caller.into(ROOM),
                                FakeRooms.room(ROOM, 10, FakeRooms.code("abc-defg-hij")),
                                "guest",
                                List.of(),
                                List.of(),
                                Map.of(),
                                false)));
    }

    void ack(@Nullable String answer) {
        raise(new SipEvent.AckReceived(DIALOG, answer == null ? null : sdp(answer)));
    }

    void reinvite(long id, @Nullable String offer) {
        raise(
                new SipEvent.ReinviteReceived(
                        new RequestId(id),
                        DIALOG,
                        Invites.request(
                                "INVITE",
                                "sip:192.0.2.1",
                                "<sip:alice@pbx.test>",
                                offer == null ? "" : offer),
                        Invites.from("192.0.2.7")));
    }

    void cancel(long id) {
        raise(new SipEvent.InviteCancelled(new RequestId(id), DIALOG, request("CANCEL")));
    }

    void dialogOver(SipEvent.Cause cause) {
        raise(new SipEvent.DialogEnded(DIALOG, cause, null));
    }

    /** The answer to our last request in the dialog. */
    void response(int status, @Nullable String answer) {
        SipCommand.SendInDialog asked = (SipCommand.SendInDialog) sent.getLast();
        raise(
                new SipEvent.ResponseReceived(
                        DIALOG, asked.tag(), status, "", answer == null ? null : sdp(answer)));
    }

    void raise(SipEvent event) {
        switchboard.raised(event);
        signal.run();
    }

    static SipRequest request(String method) {
        return Invites.request(method, "sip:abc-defg-hij@host.test", "<sip:a@b.test>", "");
    }

    static Body sdp(String text) {
        return new Body("application/sdp", text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@code 200 our sdp}, {@code INVITE our hold}, {@code BYE}. */
    List<String> words() {
        return sent.stream().map(CallBench::word).toList();
    }

    private static String word(SipCommand command) {
        return switch (command) {
            case SipCommand.Respond respond ->
                    (respond.status() + " " + text(respond.body())).strip();
            case SipCommand.Bye _ -> "BYE";
            case SipCommand.SendInDialog send -> send.method() + " " + text(send.body());
            case SipCommand.KeepAlive _ -> "KeepAlive";
            case ClientCommand client -> client.getClass().getSimpleName();
        };
    }

    private static String text(@Nullable Body body) {
        return body == null ? "" : new String(body.bytes(), StandardCharsets.UTF_8);
    }
}

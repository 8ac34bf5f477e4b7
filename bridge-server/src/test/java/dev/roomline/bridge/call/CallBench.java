package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.bridge.config.RoomlineConfig.Permission;
import dev.roomline.bridge.config.RoomlineConfig.Trace;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.room.CodeBook;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.bridge.room.Joining;
import dev.roomline.bridge.room.LiveRooms;
import dev.roomline.bridge.room.LiveRooms.ParticipantPatch;
import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.room.ParticipantView;
import dev.roomline.bridge.room.Permissions;
import dev.roomline.bridge.room.PostedRooms;
import dev.roomline.bridge.room.RoomDirectory;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.bridge.trace.RefusalRing;
import dev.roomline.bridge.trace.TraceJson;
import dev.roomline.bridge.trace.TraceSnapshot;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEffect;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.SipRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
                    new Permissions(
                            Map.of(
                                    "guest",
                                    Set.of(Permission.SPEAK),
                                    "host",
                                    Set.of(Permission.SPEAK, Permission.DIAL))),
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
    final RefusalRing refusals = new RefusalRing();
    final List<String> roomsLeft = new ArrayList<>();
    final List<String> leavings = new ArrayList<>();
    private final Map<String, CallRecord> records = new LinkedHashMap<>();
    private final Map<String, TraceSnapshot> traces = new LinkedHashMap<>();
    int maxParticipants = 10;
    boolean ownRoom;
    String role = "guest";
    boolean draining;

    /** Where a re-INVITE comes from. */
    String from = "192.0.2.7";

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
                            keep(record);
                            return store.get();
                        },
                        signal,
                        CallLimits.of(Duration.ofSeconds(60), Duration.ofHours(4), kept),
                        new Ids(new Random(2)),
                        counters(),
                        refusals,
                        () -> draining);
        switchboard.connect(this::command, new Door());
    }

    private final class Door implements Doorkeeper {
        @Override
        public CompletionStage<Screening> screen(
                SipRequest invite, Flow flow, CallTrace trace, @Nullable Caller leaving) {
            leavings.add(leaving == null ? "nobody" : leaving.from());
            return door;
        }

        @Override
        public CompletionStage<Void> leftOwnRoom(String roomId) {
            roomsLeft.add(roomId);
            return CompletableFuture.completedStage(null);
        }
    }

    private void keep(CallRecord record) {
        String id = record.bare().id();
        stored.add(record.bare());
        records.put(id, record);
        TraceSnapshot trace = record.trace();
        if (trace != null) {
            traces.put(id, trace);
        }
    }

    /** The only call's row as it was stored last. */
    CallRow row() {
        assertThat(records).hasSize(1);
        return records.values().iterator().next().row();
    }

    /** Stored traces as text, by call. */
    Map<String, String> traces() {
        Map<String, String> texts = new LinkedHashMap<>();
        TraceJson json = new TraceJson(new Redaction(List.of()));
        traces.forEach((id, trace) -> texts.put(id, json.stored(trace)));
        return texts;
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
        talk();
        sent.clear();
        media.asked.clear();
        return this;
    }

    void talk() {
        invite(Invites.SDP);
        admit();
        ack(null);
    }

    void invite(String sdp) {
        invite(sdp, INVITE, DIALOG);
    }

    void invite(String sdp, RequestId id, DialogId dialog) {
        SipRequest request =
                Invites.request(
                        "INVITE", "sip:abc-defg-hij@host.test", "<sip:alice@pbx.test>", sdp);
        raise(new SipEvent.InviteReceived(id, dialog, request, Invites.from("192.0.2.7")));
    }

    /** Another caller, who wants the place of a call; the door lets him in where it opened. */
    void inviteReplacing(long id, SipEvent.Replaced replaced) {
        SipRequest request =
                Invites.request(
                        "INVITE", "sip:abc-defg-hij@host.test", "<sip:bob@pbx.test>", Invites.SDP);
        raise(
                new SipEvent.InviteReceived(
                        new RequestId(id),
                        new DialogId(id),
                        request,
                        Invites.from("192.0.2.8"),
                        replaced));
    }

    void admit() {
        letIn();
        signal.run();
    }

    /** The door's decision; the loop does not turn. */
    void letIn() {
        door.complete(
                new Screening.Admitted(
                        new Admission(
                                caller().into(ROOM),
                                FakeRooms.room(
                                        ROOM, maxParticipants, FakeRooms.code("abc-defg-hij")),
                                role,
                                new AnswerTerms(List.of(), List.of(), Encryption.ALLOW, Map.of()),
                                ownRoom)));
    }

    static Caller caller() {
        return new Caller("alice", "abc-defg-hij", "Alice", "", Map.of(), null, "alice", null);
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
                        Invites.from(from)));
    }

    void cancel(long id) {
        raise(new SipEvent.InviteCancelled(new RequestId(id), DIALOG, request("CANCEL")));
    }

    void bye(String reason) {
        SipRequest request =
                Invites.request(
                        "BYE", "sip:192.0.2.1", "<sip:alice@pbx.test>", "", "Reason: " + reason);
        raise(new SipEvent.DialogEnded(DIALOG, SipEvent.Cause.BYE_RECEIVED, request));
    }

    void info(String type, String body) {
        SipRequest request =
                Invites.request(
                        "INFO", "sip:192.0.2.1", "<sip:alice@pbx.test>", body, "X-Type: " + type);
        SipRequest typed = new TypedRequest(request, type);
        raise(
                new SipEvent.RequestReceived(
                        new RequestId(9), DIALOG, typed, Invites.from("192.0.2.7")));
    }

    void options() {
        SipRequest request =
                Invites.request("OPTIONS", "sip:host.test", "<sip:alice@pbx.test>", "");
        raise(
                new SipEvent.RequestReceived(
                        new RequestId(8), null, request, Invites.from("192.0.2.7")));
    }

    void seen(boolean incoming, String text) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060);
        switchboard.seen(
                new SipEffect.MessageSeen(
                        incoming,
                        new Hop(TransportKind.UDP, address, address, 0),
                        "call-1@test",
                        null,
                        text.getBytes(StandardCharsets.UTF_8)));
        signal.run();
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

    /** Who is in the call's room. */
    List<ParticipantView> participants() {
        return participants(ROOM);
    }

    List<ParticipantView> participants(String room) {
        var asked = api.participants(room).toCompletableFuture();
        signal.run();
        return asked.join();
    }

    /** The API holds everybody in the call's room, or lets go of them. */
    void hold(boolean on) {
        for (ParticipantView one : participants()) {
            var _ =
                    api.update(
                            ROOM,
                            one.id(),
                            new ParticipantPatch(
                                    Optional.empty(),
                                    OptionalDouble.empty(),
                                    Optional.of(on),
                                    Optional.empty()));
        }
        signal.run();
    }

    static SipRequest request(String method) {
        return Invites.request(method, "sip:abc-defg-hij@host.test", "<sip:a@b.test>", "");
    }

    static Body sdp(String text) {
        return new Body("application/sdp", text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@code 200 our sdp}, {@code 415 Accept}, {@code BYE Reason}. */
    List<String> told() {
        return sent.stream().map(CommandWords::withHeaders).toList();
    }

    /** {@code 200 our sdp}, {@code INVITE our hold}, {@code BYE}. */
    List<String> words() {
        return sent.stream().map(CommandWords::withBody).toList();
    }
}

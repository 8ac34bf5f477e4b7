package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.config.RoomlineConfig.Permission;
import dev.roomline.bridge.config.RoomlineConfig.Trace;
import dev.roomline.bridge.metrics.Counters;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.room.Permissions;
import dev.roomline.bridge.signal.Ids;
import dev.roomline.bridge.signal.VirtualSignal;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.bridge.trace.RefusalRing;
import dev.roomline.bridge.trace.TraceJson;
import dev.roomline.bridge.trace.TraceSnapshot;
import dev.roomline.media.loop.LegId;
import dev.roomline.media.loop.MediaListener.Loss;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEffect;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
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
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls from end to end in virtual time: what comes in, what goes out. */
final class SwitchboardTest {
    private static final RequestId INVITE = new RequestId(1);
    private static final DialogId DIALOG = new DialogId(1);
    private static final String ANSWERED = "200 our sdp";

    private final VirtualSignal signal = new VirtualSignal();
    private final FakeMedia media = new FakeMedia();
    private final LocalRooms rooms =
            new LocalRooms(
                    media,
                    signal,
                    new Permissions(Map.of("guest", Set.of(Permission.SPEAK))),
                    new Ids(new Random(1)));
    private final Map<String, CallRow> stored = new LinkedHashMap<>();
    private final Map<String, String> traces = new LinkedHashMap<>();
    private final List<String> sent = new ArrayList<>();
    private final RefusalRing refusals = new RefusalRing();
    private CompletableFuture<Screening> door = new CompletableFuture<>();
    private @Nullable CompletionStage<Void> storeFault;
    private int maxParticipants = 10;
    private boolean draining;
    private boolean ownRoom;
    private final List<String> roomsLeft = new ArrayList<>();
    private String reinviteFrom = "192.0.2.7";
    private final Switchboard switchboard = switchboard();

    private final class Records implements CallRecords {
        @Override
        public CompletionStage<Void> put(CallRecord record) {
            CallRow row = record.row();
            TraceSnapshot trace = record.trace();
            if (trace != null) {
                traces.put(row.id(), new TraceJson(new Redaction(List.of())).stored(trace));
            }
            if (storeFault != null) {
                return storeFault;
            }
            stored.put(row.id(), row);
            return CompletableFuture.completedStage(null);
        }
    }

    @Test
    void whoeverIsLetInCountsBeforeTheDoorDecidesTheNext() {
        CallBench bench = new CallBench();
        bench.invite(Invites.SDP);
        bench.letIn();
        assertThat(bench.switchboard.liveCount()).isEqualTo(1);
    }

    @Test
    void aRecordIsSettledThoughTheLoopTakesNothingFromStrangersMeanwhile() {
        CallBench bench = new CallBench().talking();
        CompletableFuture<Void> written = new CompletableFuture<>();
        bench.store = () -> written;
        bench.dialogOver(SipEvent.Cause.BYE_RECEIVED);
        assertThat(bench.switchboard.unsettledCount()).isEqualTo(1);
        bench.signal.full = true;
        written.complete(null);
        bench.signal.full = false;
        bench.signal.run();
        assertThat(bench.switchboard.unsettledCount()).isZero();
    }

    @Test
    void aTraceCanBeReadWhileTheStoreIsAwayAndUntilItHasIt() {
        CallBench bench = new CallBench(Trace.ALL).talking();
        String id = bench.stored.getFirst().id();
        bench.store = () -> CompletableFuture.failedFuture(new IllegalStateException("away"));
        bench.dialogOver(SipEvent.Cause.BYE_RECEIVED);
        bench.signal.pass(Duration.ofSeconds(20));
        assertThat(isTraced(bench, id)).isTrue();
        bench.store = () -> CompletableFuture.completedStage(null);
        bench.signal.pass(Duration.ofSeconds(60));
        assertThat(isTraced(bench, id)).isFalse();
    }

    private static boolean isTraced(CallBench bench, String id) {
        var asked = bench.switchboard.live().trace(id).toCompletableFuture();
        bench.signal.run();
        return asked.join().isPresent();
    }

    private final class Door implements Doorkeeper {
        @Override
        public CompletionStage<Screening> screen(SipRequest invite, Flow flow, CallTrace trace) {
            return door;
        }

        @Override
        public CompletionStage<Void> leftOwnRoom(String roomId) {
            roomsLeft.add(roomId);
            return CompletableFuture.completedStage(null);
        }
    }

    private Switchboard switchboard() {
        Switchboard calls =
                new Switchboard(
                        rooms,
                        new Records(),
                        signal,
                        CallLimits.of(Duration.ofHours(4), Trace.FAILED),
                        new Ids(new Random(2)),
                        Counters.NONE,
                        refusals,
                        () -> draining);
        calls.connect(command -> sent.add(words(command)), new Door());
        return calls;
    }

    @Test
    void aCallIsAnsweredRecordedAndHeardAfterTheAck() {
        invite(Invites.SDP);
        admit();
        assertThat(sent).containsExactly(ANSWERED);
        assertThat(row().state()).isEqualTo("answered");
        assertThat(media.asked).containsExactly("openRoom", "addPhone", "join");

        ack(null);
        assertThat(media.asked).endsWith("release");

        bye("Q.850;cause=16");
        assertThat(row().state()).isEqualTo("ended");
        assertThat(row().endReason()).isEqualTo("hangup_caller");
        assertThat(row().endText()).contains("Q.850;cause=16");
        assertThat(media.asked).endsWith("remove", "close");
        assertThat(switchboard.liveCount()).isZero();
    }

    @Test
    void aRoomOfOnesOwnEndsWithItsCall() {
        ownRoom = true;
        talk();
        assertThat(roomsLeft).isEmpty();
        bye("");
        assertThat(roomsLeft).containsExactly("room_1");
    }

    @Test
    void aRoomOfOnesOwnEndsThoughItsCallerWentAwayBeforeItWasMade() {
        ownRoom = true;
        invite(Invites.SDP);
        raise(new SipEvent.InviteCancelled(INVITE, DIALOG, Invites.invite("sip:a@b.test")));
        admit();
        assertThat(roomsLeft).containsExactly("room_1");
        assertThat(stored).isEmpty();
    }

    @Test
    void whoComesFromATrunksAddressesAndIsChallengedIsListedWithWhatTheTrunkLacked() {
        invite(Invites.SDP);
        String lacking = "trunk Carrier: source in 192.0.2.0/24, but header X-A is absent";
        door.complete(new Screening.Challenged(407, List.of(), "", lacking));
        signal.run();
        assertThat(refusals.list()).hasSize(1);
        assertThat(refusals.list().getFirst().reason()).isEqualTo("trunk_mismatch");
        assertThat(refusals.list().getFirst().detail()).isEqualTo(lacking);
    }

    @Test
    void wrongCredentialsAreListedThoughTheyAreChallengedAgain() {
        invite(Invites.SDP);
        door.complete(new Screening.Challenged(407, List.of(), "unknown account", ""));
        signal.run();
        assertThat(refusals.list()).hasSize(1);
        assertThat(refusals.list().getFirst().reason()).isEqualTo("unauthenticated");
        assertThat(refusals.list().getFirst().detail()).isEqualTo("unknown account");
    }

    @Test
    void theRowIsStoredBeforeThe200Leaves() {
        CompletableFuture<Void> slowStore = new CompletableFuture<>();
        storeFault = slowStore;
        invite(Invites.SDP);
        admit();
        assertThat(sent).isEmpty();
        slowStore.complete(null);
        signal.run();
        assertThat(sent).containsExactly(ANSWERED);
    }

    @Test
    void aStoreThatFailsRefusesTheCallWith503() {
        storeFault = CompletableFuture.failedStage(new IllegalStateException("disk full"));
        invite(Invites.SDP);
        admit();
        assertThat(sent).containsExactly("503 Reason Retry-After");
        assertThat(media.asked).endsWith("remove", "close");
    }

    @Test
    void aStoreThatHangsRefusesTheCallInTime() {
        storeFault = new CompletableFuture<>();
        invite(Invites.SDP);
        admit();
        signal.pass(Duration.ofSeconds(9));
        assertThat(sent).containsExactly("180", "503 Reason Retry-After");
    }

    @Test
    void ringingIsSentOnlyWhereSettingUpTakesLong() {
        media.outcome = CompletableFuture::new;
        invite(Invites.SDP);
        admit();
        signal.pass(Duration.ofMillis(199));
        assertThat(sent).isEmpty();
        signal.pass(Duration.ofMillis(2));
        assertThat(sent).containsExactly("180");
    }

    @Test
    void aStrangerHearsNoRinging() {
        invite(Invites.SDP);
        signal.pass(Duration.ofSeconds(1));
        assertThat(sent).isEmpty();
    }

    @Test
    void aCancelBeforeTheDoorDecidesLeavesNoCall() {
        invite(Invites.SDP);
        cancel();
        admit();
        assertThat(sent).isEmpty();
        assertThat(stored).isEmpty();
        assertThat(media.asked).isEmpty();
    }

    @Test
    void aCancelWhileMediaIsMadeClosesWhatWasMade() {
        CompletableFuture<Outcome> late = new CompletableFuture<>();
        media.outcome = () -> late;
        invite(Invites.SDP);
        admit();
        cancel();
        assertThat(media.asked).endsWith("remove", "close");
        assertThat(row().endReason()).isEqualTo("cancelled");
        assertThat(row().endCulprit()).isEqualTo("caller");
        late.complete(FakeMedia.accepted("too late").toCompletableFuture().join());
        signal.run();
        assertThat(sent).isEmpty();
    }

    @Test
    void aFullRoomIsBusy() {
        maxParticipants = 0;
        invite(Invites.SDP);
        admit();
        assertThat(sent).containsExactly("486 Reason");
        assertThat(row().endReason()).isEqualTo("room_full");
        assertThat(row().state()).isEqualTo("refused");
    }

    record MediaRefusal(Refusal why, String answered, String reason) {}

    @Test
    void anOfferThatCannotBeServedIsRefusedWithItsWarning() {
        List<MediaRefusal> table =
                List.of(
                        new MediaRefusal(
                                Refusal.NO_COMMON_CODEC, "488 Reason 305", "no_common_codec"),
                        new MediaRefusal(
                                Refusal.NO_AUDIO_LINE, "488 Reason 304", "no_common_codec"),
                        new MediaRefusal(
                                Refusal.ENCRYPTION_NOT_OFFERED,
                                "488 Reason 302",
                                "encryption_required"),
                        new MediaRefusal(Refusal.MALFORMED_SDP, "400 Reason", "malformed"),
                        new MediaRefusal(
                                Refusal.NO_FREE_PORT, "503 Reason Retry-After", "overloaded"));
        for (MediaRefusal line : table) {
            SwitchboardTest one = new SwitchboardTest();
            one.media.outcome = () -> FakeMedia.refused(line.why());
            one.invite(Invites.SDP);
            one.admit();
            assertThat(one.sent).as(line.toString()).containsExactly(line.answered());
            assertThat(one.row().endReason()).isEqualTo(line.reason());
        }
    }

    @Test
    void aLateOfferIsAnsweredInTheAck() {
        invite("");
        admit();
        assertThat(sent).containsExactly(ANSWERED);
        assertThat(media.asked).contains("addPhone without offer");
        ack("v=0 answer");
        assertThat(media.asked).endsWith("answer", "release");
    }

    @Test
    void aLateOfferWithoutAnswerEndsWithBye() {
        invite("");
        admit();
        ack(null);
        assertThat(sent).containsExactly(ANSWERED, "BYE Reason");
        assertThat(row().endReason()).isEqualTo("no_common_codec");
        assertThat(media.asked).doesNotContain("release");
    }

    @Test
    void aReinviteIsAnsweredAndASecondOneAtTheSameTimeIsNot() {
        talk();
        CompletableFuture<Outcome> slow = new CompletableFuture<>();
        media.outcome = () -> slow;
        reinvite(2, "v=0 hold");
        reinvite(3, "v=0 other");
        assertThat(sent).containsExactly(ANSWERED, "491");
        slow.complete(FakeMedia.accepted("our hold").toCompletableFuture().join());
        signal.run();
        assertThat(sent).containsExactly(ANSWERED, "491", "200 our hold");
    }

    @Test
    void aReinviteFromAnotherNetworkTellsTheMediaWhereThePhoneIsNow() {
        talk();
        reinviteFrom = "203.0.113.9";
        reinvite(2, "v=0 moved");
        assertThat(media.reofferedFrom).hasToString("/203.0.113.9:5060");
    }

    @Test
    void aReinviteWithoutOfferGetsOurs() {
        talk();
        reinvite(2, null);
        assertThat(sent).containsExactly(ANSWERED, ANSWERED);
        assertThat(media.asked).endsWith("reoffer without offer", "commit");
        ack("v=0 answer");
        assertThat(media.asked).contains("answer");
    }

    @Test
    void aReinviteThatCannotBeServedLeavesTheCallAsItWas() {
        talk();
        media.outcome = () -> FakeMedia.refused(Refusal.NO_COMMON_CODEC);
        reinvite(2, "v=0 video only");
        assertThat(sent).containsExactly(ANSWERED, "488 Reason 305");
        assertThat(switchboard.liveCount()).isEqualTo(1);
    }

    @Test
    void theApiHangsUpAndTheByeSaysWhy() {
        talk();
        String id = stored.keySet().iterator().next();
        CompletionStage<Boolean> done = switchboard.live().hangUp(id);
        signal.run();
        assertThat(done.toCompletableFuture()).isCompletedWithValue(true);
        assertThat(sent).containsExactly(ANSWERED, "BYE Reason");
        assertThat(row().endReason()).isEqualTo("hangup_api");
        raise(new SipEvent.DialogEnded(DIALOG, SipEvent.Cause.BYE_SENT, null));
        assertThat(switchboard.liveCount()).isZero();
        assertThat(row().endReason()).isEqualTo("hangup_api");
    }

    @Test
    void lostMediaEndsTheCall() {
        talk();
        media.listener().onLost(new LegId(1), Loss.MEDIA_TIMEOUT, "nothing came for 300 s");
        signal.run();
        assertThat(sent).endsWith("BYE Reason");
        assertThat(row().endReason()).isEqualTo("media_timeout");
        assertThat(row().endText()).isEqualTo("nothing came for 300 s");
    }

    @Test
    void anAckThatNeverComesEndsTheCall() {
        invite(Invites.SDP);
        admit();
        raise(new SipEvent.DialogEnded(DIALOG, SipEvent.Cause.ACK_TIMEOUT, null));
        assertThat(row().endReason()).isEqualTo("transport_lost");
        assertThat(media.asked).endsWith("remove", "close");
    }

    @Test
    void aCallEndsAtItsLongestDuration() {
        talk();
        signal.pass(Duration.ofHours(4));
        assertThat(sent).endsWith("BYE Reason");
        assertThat(row().endReason()).isEqualTo("max_duration");
    }

    @Test
    void aStopHangsUpEverybodyAndCountsThem() {
        talk();
        assertThat(switchboard.hangUpAll()).isEqualTo(1);
        signal.run();
        assertThat(sent).endsWith("BYE Reason");
        assertThat(row().endReason()).isEqualTo("server_stopped");
        assertThat(row().endCulprit()).isEqualTo("us");
    }

    @Test
    void aChallengeIsNoCall() {
        invite(Invites.SDP);
        door.complete(
                new Screening.Challenged(
                        407, List.of(new HeaderField("Proxy-Authenticate", "Digest")), "", ""));
        signal.run();
        assertThat(sent).containsExactly("407 Proxy-Authenticate");
        assertThat(stored).isEmpty();
        assertThat(refusals.list()).isEmpty();
    }

    @Test
    void whoIsTurnedAwayStandsAmongTheRefusals() {
        invite(Invites.SDP);
        door.complete(new Screening.TurnedAway(CallEnd.of(EndReason.UNAUTHENTICATED)));
        signal.run();
        assertThat(sent).containsExactly("403 Reason");
        assertThat(stored).isEmpty();
        assertThat(refusals.list()).hasSize(1);
        assertThat(refusals.list().getFirst().reason()).isEqualTo("unauthenticated");
    }

    @Test
    void whoIsKnownAndRefusedHasARecordThatSaysWhy() {
        invite(Invites.SDP);
        door.complete(new Screening.Refused(CallEnd.of(EndReason.UNKNOWN_ROOM), caller()));
        signal.run();
        assertThat(sent).containsExactly("404 Reason");
        assertThat(row().state()).isEqualTo("refused");
        assertThat(row().endReason()).isEqualTo("unknown_room");
        assertThat(row().account()).isEqualTo("alice");
        assertThat(row().detail()).contains("No room answers to this code.");
    }

    @Test
    void nobodyWaitsForEverForAMediaLoopOrABye() {
        talk();
        media.outcome = CompletableFuture::new;
        reinvite(2, "v=0 never answered");
        signal.pass(Duration.ofSeconds(9));
        assertThat(sent).containsExactly(ANSWERED, "487", "BYE Reason");
        signal.pass(Duration.ofSeconds(41));
        assertThat(switchboard.liveCount()).isZero();
        assertThat(switchboard.unsettledCount()).isZero();
    }

    @Test
    void aFullSignallingQueueNeverThrowsIntoTheMediaLoop() {
        talk();
        signal.full = true;
        media.listener().onTalking(new LegId(1), true);
        media.listener().onDtmf(new LegId(1), '1', 100);
        media.listener().onConnected(new LegId(1));
        media.listener().onSlots(new LegId(1), Map.of());
        media.listener().onLost(new LegId(1), Loss.FAULT, "a fault");
        signal.full = false;
        assertThat(switchboard.liveCount()).isEqualTo(1);
    }

    @Test
    void aBodyThatIsNoSdpIsRefusedAndAPartThatIsIsFound() {
        SipRequest text =
                new TypedRequest(Invites.invite("sip:abc-defg-hij@host.test"), "text/plain");
        raise(new SipEvent.InviteReceived(INVITE, DIALOG, text, Invites.from("192.0.2.7")));
        admit();
        assertThat(sent).containsExactly("415 Reason Accept");
        String parts =
                """
                --b1\r
                Content-Type: text/plain\r
                \r
                x\r
                --b1\r
                Content-Type: application/sdp\r
                \r
                v=0 part\r
                --b1--\r
                """;
        SipRequest mixed = Invites.request("INVITE", "sip:a@b.test", "<sip:a@b.test>", parts);
        SessionBody found = SessionBody.of(new TypedRequest(mixed, "multipart/mixed;boundary=b1"));
        assertThat(found).isInstanceOf(SessionBody.Description.class);
        assertThat(new String(((SessionBody.Description) found).sdp(), StandardCharsets.UTF_8))
                .startsWith("v=0 part");
    }

    @Test
    void aFailedCallKeepsItsLadderWithItsLastMessagesAndNoSecrets() {
        seen(true, "INVITE sip:x SIP/2.0\r\nAuthorization: Digest response=\"5ecret\"\r\n\r\n");
        talk();
        media.listener().onLost(new LegId(1), Loss.PORT_CLOSED, "the port is closed");
        signal.run();
        raise(new SipEvent.DialogEnded(DIALOG, SipEvent.Cause.BYE_SENT, null));
        seen(true, "SIP/2.0 200 OK to our BYE");
        signal.pass(Duration.ofSeconds(3));
        assertThat(traces.get(row().id()))
                .contains("INVITE sip:x", "200 OK to our BYE")
                .doesNotContain("5ecret");
        assertThat(row().detail()).contains("media_timeout (culprit: unknown)");
    }

    @Test
    void aCallThatWentWellKeepsItsDecisionsAndNoLadder() {
        seen(true, "INVITE sip:x SIP/2.0");
        talk();
        bye("Q.850;cause=16");
        signal.pass(Duration.ofSeconds(3));
        assertThat(row().detail()).contains("decisions", "hangup_caller (culprit: nobody)");
        assertThat(traces).isEmpty();
    }

    private void seen(boolean incoming, String text) {
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

    @Test
    void aDigitByInfoReachesTheRoomAndRubbishIsRefused() {
        talk();
        info("application/dtmf-relay", "Signal=5\r\nDuration=160");
        info("application/dtmf-relay", "nonsense");
        info("text/plain", "hello");
        assertThat(sent).containsExactly(ANSWERED, "200", "400", "415 Accept");
    }

    @Test
    void optionsTellsWhetherCallsAreTaken() {
        options();
        draining = true;
        options();
        assertThat(sent).containsExactly("200 Accept", "503 Retry-After");
    }

    private void talk() {
        invite(Invites.SDP);
        admit();
        ack(null);
    }

    private void invite(String sdp) {
        SipRequest request =
                Invites.request(
                        "INVITE", "sip:abc-defg-hij@host.test", "<sip:alice@pbx.test>", sdp);
        raise(new SipEvent.InviteReceived(INVITE, DIALOG, request, Invites.from("192.0.2.7")));
    }

    private void admit() {
        door.complete(
                new Screening.Admitted(
                        new Admission(
                                caller().into("room_1"),
                                FakeRooms.room(
                                        "room_1", maxParticipants, FakeRooms.code("abc-defg-hij")),
                                "guest",
                                List.of(),
                                List.of(),
                                Map.of(),
                                ownRoom)));
        signal.run();
    }

    private static Caller caller() {
        return new Caller("alice", "abc-defg-hij", "Alice", "", Map.of(), null, "alice", null);
    }

    private void cancel() {
        SipRequest request =
                Invites.request("CANCEL", "sip:abc-defg-hij@host.test", "<sip:a@b.test>", "");
        raise(new SipEvent.InviteCancelled(INVITE, DIALOG, request));
    }

    private void ack(@Nullable String answer) {
        raise(new SipEvent.AckReceived(DIALOG, answer == null ? null : sdp(answer)));
    }

    private void bye(String reason) {
        SipRequest request =
                Invites.request(
                        "BYE", "sip:192.0.2.1", "<sip:alice@pbx.test>", "", "Reason: " + reason);
        raise(new SipEvent.DialogEnded(DIALOG, SipEvent.Cause.BYE_RECEIVED, request));
    }

    private void reinvite(long id, @Nullable String offer) {
        SipRequest request =
                Invites.request(
                        "INVITE",
                        "sip:192.0.2.1",
                        "<sip:alice@pbx.test>",
                        offer == null ? "" : offer);
        raise(
                new SipEvent.ReinviteReceived(
                        new RequestId(id), DIALOG, request, Invites.from(reinviteFrom)));
    }

    private void info(String type, String body) {
        SipRequest request =
                Invites.request(
                        "INFO", "sip:192.0.2.1", "<sip:alice@pbx.test>", body, "X-Type: " + type);
        SipRequest typed = new TypedRequest(request, type);
        raise(
                new SipEvent.RequestReceived(
                        new RequestId(9), DIALOG, typed, Invites.from("192.0.2.7")));
    }

    private void options() {
        SipRequest request =
                Invites.request("OPTIONS", "sip:host.test", "<sip:alice@pbx.test>", "");
        raise(
                new SipEvent.RequestReceived(
                        new RequestId(8), null, request, Invites.from("192.0.2.7")));
    }

    private void raise(SipEvent event) {
        switchboard.raised(event);
        signal.run();
    }

    private CallRow row() {
        assertThat(stored).hasSize(1);
        return stored.values().iterator().next();
    }

    private static Body sdp(String text) {
        return new Body("application/sdp", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String words(SipCommand command) {
        return switch (command) {
            case SipCommand.Respond respond ->
                    (respond.status()
                                    + headers(respond.headers())
                                    + Optional.ofNullable(respond.body())
                                            .map(
                                                    body ->
                                                            " "
                                                                    + new String(
                                                                            body.bytes(),
                                                                            StandardCharsets.UTF_8))
                                            .orElse(""))
                            .strip();
            case SipCommand.Bye bye -> "BYE" + headers(bye.headers());
            case SipCommand.SendInDialog send -> send.method();
            case SipCommand.KeepAlive _ -> "KeepAlive";
            case ClientCommand client -> client.getClass().getSimpleName();
        };
    }

    /** Names, and of a Warning its code. */
    private static String headers(List<HeaderField> headers) {
        StringBuilder names = new StringBuilder();
        for (HeaderField header : headers) {
            names.append(' ')
                    .append(
                            header.name().equals("Warning")
                                    ? header.value().substring(0, 3)
                                    : header.name());
        }
        return names.toString();
    }
}

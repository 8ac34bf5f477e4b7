package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.config.RoomlineConfig.Trace;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.media.loop.LegId;
import dev.roomline.media.loop.MediaListener.Loss;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.message.SipParser;
import dev.roomline.sip.message.SipRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A call that comes in, from end to end in virtual time: what comes in, what goes out. */
final class InboundCallTest {
    private static final String ANSWERED = "200 our sdp";

    private final CallBench call = new CallBench(Trace.FAILED);

    @Test
    void aCallIsAnsweredRecordedAndHeardAfterTheAck() {
        call.invite(Invites.SDP);
        call.admit();
        assertThat(call.told()).containsExactly(ANSWERED);
        assertThat(call.row().state()).isEqualTo("answered");
        assertThat(call.media.asked).containsExactly("openRoom", "addPhone", "join");

        call.ack(null);
        assertThat(call.media.asked).endsWith("release");

        call.bye("Q.850;cause=16");
        assertThat(call.row().state()).isEqualTo("ended");
        assertThat(call.row().endReason()).isEqualTo("hangup_caller");
        assertThat(call.row().endText()).contains("Q.850;cause=16");
        assertThat(call.media.asked).endsWith("remove", "close");
        assertThat(call.switchboard.liveCount()).isZero();
    }

    @Test
    void aRoomOfOnesOwnEndsWithItsCall() {
        call.ownRoom = true;
        call.talk();
        assertThat(call.roomsLeft).isEmpty();
        call.bye("");
        assertThat(call.roomsLeft).containsExactly("room_1");
    }

    @Test
    void aRoomOfOnesOwnEndsThoughItsCallerWentAwayBeforeItWasMade() {
        call.ownRoom = true;
        call.invite(Invites.SDP);
        call.raise(
                new SipEvent.InviteCancelled(
                        CallBench.INVITE, CallBench.DIALOG, Invites.invite("sip:a@b.test")));
        call.admit();
        assertThat(call.roomsLeft).containsExactly("room_1");
        assertThat(call.stored).isEmpty();
    }

    @Test
    void theRowIsStoredBeforeThe200Leaves() {
        CompletableFuture<Void> slowStore = new CompletableFuture<>();
        call.store = () -> slowStore;
        call.invite(Invites.SDP);
        call.admit();
        assertThat(call.told()).isEmpty();
        slowStore.complete(null);
        call.signal.run();
        assertThat(call.told()).containsExactly(ANSWERED);
    }

    @Test
    void aStoreThatFailsRefusesTheCallWith503() {
        call.store = () -> CompletableFuture.failedStage(new IllegalStateException("disk full"));
        call.invite(Invites.SDP);
        call.admit();
        assertThat(call.told()).containsExactly("503 Reason Retry-After");
        assertThat(call.media.asked).endsWith("remove", "close");
    }

    @Test
    void aStoreThatHangsRefusesTheCallInTime() {
        call.store = () -> new CompletableFuture<>();
        call.invite(Invites.SDP);
        call.admit();
        call.signal.pass(Duration.ofSeconds(9));
        assertThat(call.told()).containsExactly("180", "503 Reason Retry-After");
    }

    @Test
    void ringingIsSentOnlyWhereSettingUpTakesLong() {
        call.media.outcome = CompletableFuture::new;
        call.invite(Invites.SDP);
        call.admit();
        call.signal.pass(Duration.ofMillis(199));
        assertThat(call.told()).isEmpty();
        call.signal.pass(Duration.ofMillis(2));
        assertThat(call.told()).containsExactly("180");
    }

    @Test
    void aStrangerHearsNoRinging() {
        call.invite(Invites.SDP);
        call.signal.pass(Duration.ofSeconds(1));
        assertThat(call.told()).isEmpty();
    }

    @Test
    void aCancelBeforeTheDoorDecidesLeavesNoCall() {
        call.invite(Invites.SDP);
        call.cancel(1);
        call.admit();
        assertThat(call.told()).isEmpty();
        assertThat(call.stored).isEmpty();
        assertThat(call.media.asked).isEmpty();
    }

    @Test
    void aCancelWhileMediaIsMadeClosesWhatWasMade() {
        CompletableFuture<Outcome> late = new CompletableFuture<>();
        call.media.outcome = () -> late;
        call.invite(Invites.SDP);
        call.admit();
        call.cancel(1);
        assertThat(call.media.asked).endsWith("remove", "close");
        assertThat(call.row().endReason()).isEqualTo("cancelled");
        assertThat(call.row().endCulprit()).isEqualTo("caller");
        late.complete(FakeMedia.accepted("too late").toCompletableFuture().join());
        call.signal.run();
        assertThat(call.told()).isEmpty();
    }

    @Test
    void aFullRoomIsBusy() {
        call.maxParticipants = 0;
        call.invite(Invites.SDP);
        call.admit();
        assertThat(call.told()).containsExactly("486 Reason");
        assertThat(call.row().endReason()).isEqualTo("room_full");
        assertThat(call.row().state()).isEqualTo("refused");
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
            CallBench one = new CallBench(Trace.FAILED);
            one.media.outcome = () -> FakeMedia.refused(line.why());
            one.invite(Invites.SDP);
            one.admit();
            assertThat(one.told()).as(line.toString()).containsExactly(line.answered());
            assertThat(one.row().endReason()).isEqualTo(line.reason());
        }
    }

    @Test
    void aLateOfferIsAnsweredInTheAck() {
        call.invite("");
        call.admit();
        assertThat(call.told()).containsExactly(ANSWERED);
        assertThat(call.media.asked).contains("addPhone without offer");
        call.ack("v=0 answer");
        assertThat(call.media.asked).endsWith("answer", "release");
    }

    @Test
    void aLateOfferWithoutAnswerEndsWithBye() {
        call.invite("");
        call.admit();
        call.ack(null);
        assertThat(call.told()).containsExactly(ANSWERED, "BYE Reason");
        assertThat(call.row().endReason()).isEqualTo("no_common_codec");
        assertThat(call.media.asked).doesNotContain("release");
    }

    @Test
    void lostMediaEndsTheCall() {
        call.talk();
        call.media.listener().onLost(new LegId(1), Loss.MEDIA_TIMEOUT, "nothing came for 300 s");
        call.signal.run();
        assertThat(call.told()).endsWith("BYE Reason");
        assertThat(call.row().endReason()).isEqualTo("media_timeout");
        assertThat(call.row().endText()).isEqualTo("nothing came for 300 s");
    }

    @Test
    void anAckThatNeverComesEndsTheCall() {
        call.invite(Invites.SDP);
        call.admit();
        call.raise(new SipEvent.DialogEnded(CallBench.DIALOG, SipEvent.Cause.ACK_TIMEOUT, null));
        assertThat(call.row().endReason()).isEqualTo("transport_lost");
        assertThat(call.media.asked).endsWith("remove", "close");
    }

    @Test
    void aCallEndsAtItsLongestDuration() {
        call.talk();
        call.signal.pass(Duration.ofHours(4));
        assertThat(call.told()).endsWith("BYE Reason");
        assertThat(call.row().endReason()).isEqualTo("max_duration");
    }

    @Test
    void whoIsKnownAndRefusedHasARecordThatSaysWhy() {
        call.invite(Invites.SDP);
        call.door.complete(
                new Screening.Refused(CallEnd.of(EndReason.UNKNOWN_ROOM), CallBench.caller()));
        call.signal.run();
        assertThat(call.told()).containsExactly("404 Reason");
        assertThat(call.row().state()).isEqualTo("refused");
        assertThat(call.row().endReason()).isEqualTo("unknown_room");
        assertThat(call.row().account()).isEqualTo("alice");
        assertThat(call.row().detail()).contains("No room answers to this code.");
    }

    @Test
    void nobodyWaitsForEverForAMediaLoopOrABye() {
        call.talk();
        call.media.outcome = CompletableFuture::new;
        call.reinvite(2, "v=0 never answered");
        call.signal.pass(Duration.ofSeconds(9));
        assertThat(call.told()).containsExactly(ANSWERED, "487", "BYE Reason");
        call.signal.pass(Duration.ofSeconds(41));
        assertThat(call.switchboard.liveCount()).isZero();
        assertThat(call.switchboard.unsettledCount()).isZero();
    }

    @Test
    @Tag("RFC3261§8.2.3")
    @Tag("RFC3261§7.4.1")
    void aBodyThatIsNoSdpIsRefusedAndAPartThatIsIsFound() {
        SipRequest text =
                new TypedRequest(Invites.invite("sip:abc-defg-hij@host.test"), "text/plain");
        call.raise(
                new SipEvent.InviteReceived(
                        CallBench.INVITE, CallBench.DIALOG, text, Invites.from("192.0.2.7")));
        call.admit();
        assertThat(call.told()).containsExactly("415 Reason Accept");
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
        SipRequest mixed =
                Invites.request("CallBench.INVITE", "sip:a@b.test", "<sip:a@b.test>", parts);
        SessionBody found = SessionBody.of(new TypedRequest(mixed, "multipart/mixed;boundary=b1"));
        assertThat(found).isInstanceOf(SessionBody.Description.class);
        assertThat(new String(((SessionBody.Description) found).sdp(), StandardCharsets.UTF_8))
                .startsWith("v=0 part");
    }

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "application/sdp, true",
        "'text/plain, Application/SDP;level=1', true",
        "application/*, true",
        "*/*, true",
        "text/nobodyKnowsThis, false",
        "' ', false"
    })
    @Tag("RFC3261§21.4.7")
    void anAcceptWithoutSdpTakesNoAnswerOfOurs(String accept, boolean takes) {
        String header = accept.isEmpty() ? "" : "Accept: " + accept.strip() + "\r\n";
        byte[] invite =
                ("INVITE sip:abc-defg-hij@host.test SIP/2.0\r\n"
                                + "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\n"
                                + "From: <sip:a@b.test>;tag=1\r\nTo: <sip:c@d.test>\r\n"
                                + "Call-ID: 1\r\nCSeq: 1 INVITE\r\nContact: <sip:a@192.0.2.7>\r\n"
                                + header
                                + "Content-Length: 0\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        SipRequest request = (SipRequest) SipParser.parse(invite, false);
        assertThat(SessionBody.acceptsSdp(request)).isEqualTo(takes);
    }
}

package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.LiveCalls.Transferring;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.sip.auth.ClientIdentity;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.message.HeaderField;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An application sends a call's far end to somebody else: what is said, kept, told. Virtual time.
 */
final class CallTransferTest {
    private static final String TO = "+15551234567";

    private final CallBench call = new CallBench();
    private final List<String> news = new ArrayList<>();
    private long requests = 100;

    @BeforeEach
    void listen() {
        call.switchboard.connect(
                (to, _) ->
                        to.equals("+1900")
                                ? new TransferPlan.Target.Refused(
                                        CallEnd.of(EndReason.NOT_ALLOWED, "Premium."))
                                : new TransferPlan.Target.Named("tel:" + to));
        call.switchboard.tell(
                event -> {
                    switch (event) {
                        case Happening.OfTransfer transfer ->
                                news.add(
                                        transfer.step().state()
                                                + " "
                                                + transfer.step().sipStatus());
                        case Happening.OfCall of -> news.add(of.type().label());
                        default -> {}
                    }
                });
    }

    private Transferring transfer(String to) {
        var asked = call.switchboard.live().transfer(call.row().id(), to).toCompletableFuture();
        call.signal.run();
        return asked.join();
    }

    private Transferring.Begun begun() {
        call.talking();
        news.clear();
        return (Transferring.Begun) transfer(TO);
    }

    private void notify(String event, String state, String frag) {
        call.raise(
                new SipEvent.RequestReceived(
                        new RequestId(++requests),
                        CallBench.DIALOG,
                        new TypedRequest(
                                Invites.request(
                                        "NOTIFY",
                                        "sip:192.0.2.1",
                                        "<sip:alice@pbx.test>",
                                        frag,
                                        "Event: " + event,
                                        "Subscription-State: " + state),
                                "message/sipfrag;version=2.0"),
                        Invites.from("192.0.2.7")));
    }

    private void active(String frag) {
        notify("refer", "active;expires=60", frag);
    }

    private void ends(String frag) {
        notify("refer", "terminated;reason=noresource", frag);
    }

    private static Transfer step(Transferring.Begun begun) {
        return begun.over().toCompletableFuture().getNow(null);
    }

    @Test
    @Tag("RFC3892§2")
    void theFarEndIsAskedByReferAndHungUpWhenItsNewPartyAnswered() {
        Transferring.Begun begun = begun();
        SipCommand.SendInDialog refer = (SipCommand.SendInDialog) call.sent.getLast();
        assertThat(refer.method()).isEqualTo("REFER");
        assertThat(refer.headers())
                .extracting(header -> header.name() + ": " + header.value())
                .containsExactly(
                        "Refer-To: <tel:" + TO + ">", "Referred-By: <sip:abc-defg-hij@host.test>");
        assertThat(begun.taken().toCompletableFuture()).isNotDone();

        call.response(202, null);
        assertThat(begun.taken().toCompletableFuture()).isDone();
        active("SIP/2.0 100 Trying");
        active("SIP/2.0 180 Ringing");
        ends("SIP/2.0 200 OK");

        assertThat(call.words()).containsExactly("REFER ", "200", "200", "200", "BYE");
        assertThat(news)
                .containsExactly(
                        "requested 0",
                        "accepted 0",
                        "trying 100",
                        "ringing 180",
                        "transferred 200",
                        "call.ended");
        assertThat(step(begun).state()).isEqualTo("transferred");
        CallRow row = call.row();
        assertThat(row.endReason()).isEqualTo("hangup_api");
        assertThat(row.endText()).isEqualTo("The call was transferred: its new party answered.");
        assertThat(row.detail())
                .contains("\"state\":\"transferred\",\"sip_status\":200")
                .contains("\"to\":\"" + TO + "\"");
    }

    /** Who calls is asked for its name only where its trunk has one for us. */
    @Test
    void theCoreIsToldOfTheTrunkOfACallThatCameInWhoItIsAndWhoWeAreToIt() {
        ClientIdentity us = ClientIdentity.ofPeer("us", "secret", "carrier.test");
        List<Caller> asked = new ArrayList<>();
        call.switchboard.connect(
                new TransferPlan() {
                    @Override
                    public Target target(String to, Caller moved) {
                        return new Target.Named("tel:" + to);
                    }

                    @Override
                    public ClientIdentity identity(Caller from) {
                        asked.add(from);
                        return us;
                    }

                    @Override
                    public String host(Caller from) {
                        return "carrier.test";
                    }
                });
        List<SipCommand> commands = new ArrayList<>();
        call.core =
                command -> {
                    commands.add(command);
                    return null;
                };
        call.talking();
        assertThat(commands)
                .contains(
                        new SipCommand.Identify(CallBench.DIALOG, us),
                        new SipCommand.NamePeer(CallBench.DIALOG, "carrier.test"));
        assertThat(asked).hasSize(1);
    }

    @Test
    void anAttendedTransferNamesTheOtherCallToTheCore() {
        call.talking();
        call.invite(Invites.SDP, new RequestId(70), new DialogId(70));
        call.raise(new SipEvent.AckReceived(new DialogId(70), null));
        call.sent.clear();
        List<CallRow> rows = new ArrayList<>();
        var listed = call.switchboard.live().list().toCompletableFuture();
        call.signal.run();
        rows.addAll(listed.join());
        assertThat(rows).hasSize(2);
        var asked =
                call.switchboard
                        .live()
                        .connect(rows.getFirst().id(), rows.getLast().id())
                        .toCompletableFuture();
        call.signal.run();
        assertThat(asked.join()).isInstanceOf(Transferring.Begun.class);
        SipCommand.SendInDialog refer = (SipCommand.SendInDialog) call.sent.getLast();
        assertThat(refer.method()).isEqualTo("REFER");
        assertThat(refer.dialog()).isEqualTo(CallBench.DIALOG);
        assertThat(refer.toReplace()).isEqualTo(new DialogId(70));
        assertThat(refer.headers()).extracting(HeaderField::name).containsExactly("Referred-By");
        call.response(202, null);
        ends("SIP/2.0 200 OK");
        assertThat(call.words()).endsWith("BYE");

        var itself =
                call.switchboard
                        .live()
                        .connect(rows.getLast().id(), rows.getLast().id())
                        .toCompletableFuture();
        call.signal.run();
        assertThat(itself.join()).isInstanceOf(Transferring.Refused.class);
    }

    @Test
    void aNewPartyThatDoesNotAnswerLeavesTheCallAndSaysWhy() {
        Transferring.Begun begun = begun();
        call.response(202, null);
        active("SIP/2.0 100 Trying");
        ends("SIP/2.0 486 Busy Here");

        assertThat(call.words()).containsExactly("REFER ", "200", "200");
        assertThat(news).last().isEqualTo("failed 486");
        assertThat(step(begun).failure().reason()).isEqualTo(EndReason.BUSY);
        assertThat(step(begun).text())
                .isEqualTo(
                        "The new party did not answer: 486 Busy Here. The call goes on as it"
                                + " was.");
        CallRow row = call.row();
        assertThat(row.state()).isEqualTo("answered");
        assertThat(row.detail()).contains("\"state\":\"failed\",\"sip_status\":486");
    }

    @Test
    void aFarEndThatTakesNoReferLeavesTheCall() {
        Transferring.Begun begun = begun();
        call.response(405, null);
        assertThat(call.words()).containsExactly("REFER ");
        assertThat(step(begun).failure())
                .extracting(CallEnd::reason, CallEnd::sipStatus)
                .containsExactly(EndReason.CARRIER_FAILED, 405);
        assertThat(begun.taken().toCompletableFuture().getNow(null).state()).isEqualTo("failed");
    }

    @Test
    void withoutNewsNobodyKnowsAndTheCallGoesOn() {
        Transferring.Begun begun = begun();
        call.response(202, null);
        call.signal.pass(Duration.ofSeconds(31));
        assertThat(begun.over().toCompletableFuture()).isNotDone();
        call.signal.pass(Duration.ofSeconds(1));
        assertThat(step(begun).state()).isEqualTo("unknown");
        assertThat(call.words()).containsExactly("REFER ");
        active("SIP/2.0 200 OK");
        assertThat(call.words()).last().isEqualTo("481");
        assertThat(call.row().state()).isEqualTo("answered");
    }

    @Test
    @Tag("RFC5057§4.1")
    @Tag("RFC6665§4.5.2")
    void aByeThatCrossesTheNewsEndsBoth() {
        Transferring.Begun begun = begun();
        call.response(202, null);
        active("SIP/2.0 100 Trying");
        call.bye("SIP;cause=200");
        assertThat(step(begun).state()).isEqualTo("unknown");
        assertThat(news).endsWith("unknown 0", "call.ended");
        assertThat(call.row().endReason()).isEqualTo("hangup_caller");
    }

    @Test
    void oneAtATimeAndTheNextAfterIt() {
        begun();
        call.response(202, null);
        notify("refer;id=2", "active", "SIP/2.0 100 Trying");
        assertThat(transfer(TO)).isInstanceOf(Transferring.UnderWay.class);
        notify("refer;id=2", "terminated", "SIP/2.0 480 Away");

        Transferring.Begun second = (Transferring.Begun) transfer(TO);
        call.response(202, null);
        notify("refer;id=2", "terminated", "SIP/2.0 200 OK");
        assertThat(call.words()).as("the first's is over").last().isEqualTo("481");
        assertThat(second.over().toCompletableFuture()).isNotDone();
        notify("refer;id=5", "terminated", "SIP/2.0 200 OK");
        assertThat(step(second).state()).isEqualTo("transferred");
    }

    @Test
    void whatMayNotBeCalledNobodyIsSentTo() {
        call.talking();
        assertThat(transfer("+1900")).isInstanceOf(Transferring.Refused.class);
        assertThat(call.sent).isEmpty();
    }

    @Test
    void aCallThatIsNotAnsweredIsNotTransferred() {
        call.invite(Invites.SDP);
        call.store = java.util.concurrent.CompletableFuture::new;
        call.admit();
        assertThat(transfer(TO)).isInstanceOf(Transferring.NotTalking.class);
        call.switchboard.live().transfer("call_no", TO);
        call.signal.run();
    }

    @Test
    @Tag("RFC6665§7.3.2")
    void newsThatMakeNoSenseAreRefusedAndChangeNothing() {
        begun();
        call.response(202, null);
        notify("presence", "active", "SIP/2.0 200 OK");
        notify("refer", "active", "hello");
        assertThat(call.told()).endsWith("489 Allow-Events", "400");
        call.raise(
                new SipEvent.RequestReceived(
                        new RequestId(++requests),
                        CallBench.DIALOG,
                        Invites.request(
                                "NOTIFY", "sip:u", "<sip:a@b>", Invites.SDP, "Event: refer"),
                        Invites.from("192.0.2.7")));
        assertThat(call.told()).last().isEqualTo("415 Accept");
        assertThat(news).containsExactly("requested 0", "accepted 0");
    }
}

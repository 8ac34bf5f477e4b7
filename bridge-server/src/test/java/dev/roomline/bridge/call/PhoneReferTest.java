package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.DialPlan.Plan;
import dev.roomline.bridge.outbound.Destination;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a phone in a room may ask by REFER, and what it is told. Virtual time. */
final class PhoneReferTest {
    private final CarrierBench carrier = new CarrierBench();
    private final CallBench call = carrier.bench;
    private final List<CallOrder> orders = new ArrayList<>();
    private long requests = 100;

    private void talking(String role) {
        call.switchboard.connect(
                order -> {
                    orders.add(order);
                    return carrier.plan.plan(order);
                },
                (uri, found) -> carrier.roads.find(uri, found),
                _ -> {});
        call.role = role;
        call.talking();
    }

    private void refer(String... headers) {
        refer(CallBench.DIALOG, headers);
    }

    private void refer(@Nullable DialogId dialog, String... headers) {
        call.raise(
                new SipEvent.RequestReceived(
                        new RequestId(++requests),
                        dialog,
                        Invites.request(
                                "REFER", "sip:192.0.2.1", "<sip:alice@pbx.test>", "", headers),
                        Invites.from("192.0.2.7")));
    }

    /** {@code 202}, {@code NOTIFY active SIP/2.0 100 Trying}, {@code Invite}. */
    private List<String> ladder() {
        return call.sent.stream().map(PhoneReferTest::line).toList();
    }

    private static String line(SipCommand command) {
        return switch (command) {
            case SipCommand.Respond respond -> Integer.toString(respond.status());
            case SipCommand.SendInDialog send ->
                    send.method()
                            + " "
                            + send.headers().get(0).value()
                            + " "
                            + send.headers().get(1).value().split("[;=]")[0]
                            + " "
                            + new String(
                                            Objects.requireNonNull(send.body()).bytes(),
                                            StandardCharsets.UTF_8)
                                    .strip();
            case SipCommand.Bye _ -> "BYE";
            case SipCommand.Identify _ -> "Identify";
            case SipCommand.NamePeer _ -> "NamePeer";
            case SipCommand.KeepAlive _ -> "KeepAlive";
            case ClientCommand client -> client.getClass().getSimpleName();
        };
    }

    /** The phone's answer to our last NOTIFY. */
    private void answered(int status) {
        SipCommand.SendInDialog notify =
                call.sent.stream()
                        .filter(SipCommand.SendInDialog.class::isInstance)
                        .map(SipCommand.SendInDialog.class::cast)
                        .reduce((_, last) -> last)
                        .orElseThrow();
        call.raise(new SipEvent.ResponseReceived(CallBench.DIALOG, notify.tag(), status, "", null));
    }

    @Test
    @Tag("RFC3892§5")
    void somebodyIsCalledIntoItsRoomAndItIsToldStepByStep() {
        talking("host");
        refer("Refer-To: <tel:+15551234567>", "Referred-By: <sip:alice@pbx.test>");
        answered(200);
        DialogId dialog = carrier.named();
        carrier.rings();
        answered(200);
        carrier.answers(dialog, "a", "v=0 answer");
        answered(200);
        assertThat(ladder())
                .containsExactly(
                        "202",
                        "NOTIFY refer active SIP/2.0 100 Trying",
                        "Invite",
                        "NOTIFY refer active SIP/2.0 180 Ringing",
                        "NOTIFY refer terminated SIP/2.0 200 OK");
        CallOrder order = orders.getFirst();
        assertThat(order.to()).isEqualTo("tel:+15551234567");
        assertThat(order.there().id()).isEqualTo(CallBench.ROOM);
        assertThat(order.role()).isEqualTo("guest");
        assertThat(order.headers()).containsOnlyKeys("Referred-By");
        call.bye("SIP;cause=200");
        call.signal.pass(Duration.ofMinutes(5));
        assertThat(ladder()).as("whoever was called stays").hasSize(5);
    }

    @Test
    void whoDoesNotAnswerIsToldToo() {
        talking("host");
        refer("Refer-To: <tel:+15551234567>");
        answered(200);
        carrier.named();
        carrier.refuses(486, "Busy");
        assertThat(ladder()).last().isEqualTo("NOTIFY refer terminated SIP/2.0 486 Busy Here");
    }

    @Test
    void aRoleThatMayNotDialMakesNobodyCallAnybody() {
        talking("guest");
        refer("Refer-To: <tel:+15551234567>");
        assertThat(ladder()).containsExactly("403");
        assertThat(orders).isEmpty();
    }

    @Test
    @Tag("RFC3515§2.4.1")
    void outsideAnyCallNobodyIsCalledForAnybody() {
        talking("host");
        refer((DialogId) null, "Refer-To: <tel:+15551234567>");
        assertThat(ladder()).last().isEqualTo("405");
        assertThat(orders).isEmpty();
    }

    @Test
    void whatTheDialPlanRefusesIsToldAsForbidden() {
        carrier.plan =
                _ -> new Plan.Refused(CallEnd.of(EndReason.NOT_ALLOWED, "Premium."), List.of());
        talking("host");
        refer("Refer-To: <tel:+19005551234>");
        answered(200);
        assertThat(ladder())
                .containsExactly(
                        "202",
                        "NOTIFY refer active SIP/2.0 100 Trying",
                        "NOTIFY refer terminated SIP/2.0 403 Forbidden");
    }

    @Test
    void aDialogToBeReplacedIsNamedInTheInvite() {
        talking("host");
        refer("Refer-To: <sip:bob@carrier.test?Replaces=x%40y%3Bto-tag%3Dt%3Bfrom-tag%3Df>");
        assertThat(orders.getFirst().to()).isEqualTo("sip:bob@carrier.test");
        assertThat(orders.getFirst().headers())
                .containsEntry("Replaces", "x@y;to-tag=t;from-tag=f");
    }

    @Test
    void whomItCallsAtOurAddressAreNumbersAndAccountsOfOurs() {
        talking("host");
        refer("Refer-To: <sip:+15551234567@host.test;user=phone>");
        refer("Refer-To: <sip:bob@host.test>");
        refer("Refer-To: <sip:bob@carrier.test;transport=tcp>");
        assertThat(orders)
                .extracting(CallOrder::to)
                .containsExactly("+15551234567", "sip:bob", "sip:bob@carrier.test");
    }

    @Test
    void aHostAloneIsNoAccountAndNoNumber() {
        talking("host");
        refer("Refer-To: <sip:bob>");
        refer("Refer-To: <sip:192.0.2.44:5070?Replaces=x%40y%3Bto-tag%3Dt%3Bfrom-tag%3Df>");
        assertThat(orders)
                .extracting(order -> Destination.read(order.to()))
                .containsExactly(Optional.empty(), Optional.empty());
    }

    @Test
    @Tag("RFC4488§4")
    void whoWantsToHearNothingHearsNothing() {
        talking("host");
        refer("Refer-To: <tel:+15551234567>", "Refer-Sub: false");
        assertThat(call.told().getFirst()).isEqualTo("202 Refer-Sub");
        assertThat(ladder()).containsExactly("202", "Invite");
    }

    @Test
    @Tag("RFC3515§2.4.6")
    void severalAreToldApartByTheirCseq() {
        talking("host");
        refer("Refer-To: <tel:+15551234567>");
        refer("Refer-To: <tel:+15551234568>");
        assertThat(ladder().stream().filter(line -> line.startsWith("NOTIFY")))
                .containsExactly(
                        "NOTIFY refer active SIP/2.0 100 Trying",
                        "NOTIFY refer;id=1 active SIP/2.0 100 Trying");
    }

    @Test
    void notMoreThanFourAtOnce() {
        talking("host");
        for (int i = 0; i < 6; i++) {
            refer("Refer-To: <tel:+15551234567>");
        }
        assertThat(orders).hasSize(4);
        assertThat(ladder().stream().filter("503"::equals)).hasSize(2);
    }

    @Test
    void notMoreThanFourAtOnceThoughThePhoneWantsToHearNothingOfThem() {
        talking("host");
        for (int i = 0; i < 6; i++) {
            refer("Refer-To: <tel:+15551234567>", "Refer-Sub: false");
        }
        assertThat(orders).hasSize(4);
        assertThat(ladder().stream().filter("503"::equals)).hasSize(2);
    }

    @Test
    void notMoreThanFourAtOnceThoughThePhoneEndsEverySubscription() {
        talking("host");
        for (int i = 0; i < 6; i++) {
            refer("Refer-To: <tel:+15551234567>");
            answered(481);
        }
        assertThat(orders).hasSize(4);
        assertThat(ladder().stream().filter("503"::equals)).hasSize(2);
    }

    @Test
    void whoeverIsCalledTakesItsPlaceUntilHeAnswersOrIsGivenUp() {
        talking("host");
        for (int i = 0; i < 4; i++) {
            refer("Refer-To: <tel:+15551234567>", "Refer-Sub: false");
        }
        carrier.named();
        carrier.refuses(486, "Busy");
        refer("Refer-To: <tel:+15551234567>", "Refer-Sub: false");
        carrier.answers(carrier.named(), "a", "v=0 answer");
        refer("Refer-To: <tel:+15551234567>", "Refer-Sub: false");
        assertThat(orders).hasSize(6);
        refer("Refer-To: <tel:+15551234567>", "Refer-Sub: false");
        assertThat(orders).hasSize(6);
    }

    @Test
    void aPhoneThatHangsUpAtOnceIsToldNothingMore() {
        talking("host");
        refer("Refer-To: <tel:+15551234567>");
        call.bye("SIP;cause=200");
        DialogId dialog = carrier.named();
        carrier.rings();
        carrier.answers(dialog, "a", "v=0 answer");
        assertThat(ladder())
                .containsExactly("202", "NOTIFY refer active SIP/2.0 100 Trying", "Invite");
    }

    @Test
    void aPhoneThatDoesNotListenIsToldNoMore() {
        talking("host");
        refer("Refer-To: <tel:+15551234567>");
        answered(481);
        carrier.named();
        carrier.rings();
        assertThat(ladder()).hasSize(3);
    }

    @Test
    @Tag("RFC3515§2.4.2")
    void whatMakesNoSenseIsRefused() {
        talking("host");
        refer();
        refer("Refer-To: nobody");
        refer("Refer-To: <sip:a@b>", "Refer-To: <sip:c@d>");
        refer("Refer-To: <sip:a@b;method=BYE>");
        refer("Refer-To: <sip:a@b?Replaces=x>");
        assertThat(ladder()).containsExactly("400", "400", "400", "501", "400");
        assertThat(orders).isEmpty();
    }
}

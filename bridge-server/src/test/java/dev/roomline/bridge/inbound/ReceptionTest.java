package dev.roomline.bridge.inbound;

import static dev.roomline.bridge.inbound.ReceptionBench.CARRIER;
import static dev.roomline.bridge.inbound.ReceptionBench.CODE;
import static dev.roomline.bridge.inbound.ReceptionBench.MARK;
import static dev.roomline.bridge.inbound.ReceptionBench.STRANGER;
import static dev.roomline.bridge.inbound.ReceptionBench.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.Caller;
import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.call.Invites;
import dev.roomline.bridge.config.Declared.Trunk;
import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.bridge.trace.CallTrace;
import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.message.SipRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may call, as the contract says. */
final class ReceptionTest {
    private final ReceptionBench bench = new ReceptionBench();

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
            bench.trace = new CallTrace(bench.signal.now());
            SipRequest invite = Invites.invite(row.uri(), row.headers().toArray(String[]::new));
            assertThat(words(bench.screen(bench.reception(), invite, row.source())))
                    .as(row.toString())
                    .isEqualTo(row.verdict());
            assertThat(bench.trace.snapshot().decisions().toString())
                    .as(row.toString())
                    .contains(row.why());
        }
    }

    @Test
    void aCarrierThatIsChallengedThoughItsAddressIsAllowedIsToldOf() {
        var near =
                (Screening.Challenged)
                        bench.screen(bench.reception(), Invites.invite(CODE), CARRIER);
        assertThat(near.near()).contains("Carrier", "header X-Twilio-AccountSid is absent");
        var far =
                (Screening.Challenged)
                        bench.screen(bench.reception(), Invites.invite(CODE), STRANGER);
        assertThat(far.near()).isEmpty();
    }

    @Test
    void aTrunkThatSharesItsAddressesVouchesOnlyForItsNumbers() {
        Trunk numbers = bench.trunk(Map.of(), List.of("+15550100000"), true);
        assertThat(words(bench.screen(bench.reception(numbers), Invites.invite(CODE), CARRIER)))
                .isEqualTo("407");
        assertThat(
                        words(
                                bench.screen(
                                        bench.reception(numbers),
                                        Invites.invite("sip:15550100000@h.test"),
                                        CARRIER)))
                .isEqualTo("admitted room_1");
        Trunk alone = bench.trunk(Map.of(), List.of(), false);
        assertThat(words(bench.screen(bench.reception(alone), Invites.invite(CODE), CARRIER)))
                .isEqualTo("admitted room_1");
    }

    @Test
    void aRightPasswordAdmitsAndAWrongOneIsChallengedThenRefused() {
        Reception reception = bench.reception();
        assertThat(words(bench.dial(reception, "alice", "secret"))).isEqualTo("admitted room_1");
        assertThat(words(bench.dial(reception, "alice", "wrong"))).isEqualTo("407");
        assertThat(words(bench.dial(reception, "alice", "wrong"))).isEqualTo("407");
        assertThat(words(bench.dial(reception, "alice", "wrong"))).isEqualTo("403 turned away");
    }

    @Test
    void anUnknownUserIsAnsweredExactlyLikeAWrongPassword() {
        String unknown = words(bench.dial(bench.reception(), "mallory", "secret"));
        assertThat(unknown).isEqualTo(words(bench.dial(bench.reception(), "alice", "wrong")));
        assertThat(unknown).isEqualTo("407");
    }

    @Test
    void anAccountEntersOnlyItsRooms() {
        bench.accountRooms = List.of("other-room");
        assertThat(words(bench.dial(bench.reception(), "alice", "secret"))).isEqualTo("403");
        bench.accountRooms = List.of("ABC-defg-hij");
        assertThat(words(bench.dial(bench.reception(), "alice", "secret")))
                .isEqualTo("admitted room_1");
        bench.accountRooms = List.of();
        assertThat(words(bench.dial(bench.reception(), "alice", "secret"))).isEqualTo("403");
    }

    @Test
    void anAccountOfNumbersGoesWhereTheyLeadAndNowhereElse() {
        bench.accountRooms = List.of("+15550100000");
        for (String[] row :
                new String[][] {
                    {"sip:+15550100000@voice.test", "admitted room_1"},
                    {"sip:15550100000@voice.test", "admitted room_1"},
                    {"sip:+15550100001@voice.test", "403"},
                    {CODE, "403"}
                }) {
            Reception reception = bench.reception();
            String credentials = bench.credentials(reception, "alice", "secret");
            assertThat(
                            words(
                                    bench.screen(
                                            reception,
                                            Invites.invite(row[0], credentials),
                                            STRANGER)))
                    .as(row[0])
                    .isEqualTo(row[1]);
        }
    }

    @Test
    void limitsAndDrainingAreToldBeforeAnythingIsLookedAt() {
        bench.draining = true;
        assertThat(words(bench.screen(bench.reception(), Invites.invite(CODE), STRANGER)))
                .isEqualTo("503 turned away");
        bench.draining = false;
        bench.maxCalls = 2;
        bench.liveCalls = 2;
        assertThat(words(bench.screen(bench.reception(), Invites.invite(CODE), STRANGER)))
                .isEqualTo("503 turned away");
        bench.maxCalls = 0;
    }

    @Test
    void theRateIsThatOfKnownCallersAndAStrangerCannotUseItUp() {
        bench.invitesPerSecond = 2;
        Reception paced = bench.reception();
        for (int i = 0; i < UnprovenSources.BURST; i++) {
            assertThat(words(bench.screen(paced, Invites.invite(CODE), STRANGER))).isEqualTo("407");
        }
        assertThat(words(bench.screen(paced, Invites.invite(CODE), STRANGER)))
                .isEqualTo("503 turned away");
        SipRequest known = Invites.invite(CODE, MARK);
        assertThat(words(bench.screen(paced, known, CARRIER))).isEqualTo("admitted room_1");
        assertThat(words(bench.screen(paced, known, CARRIER))).isEqualTo("admitted room_1");
        assertThat(words(bench.screen(paced, known, CARRIER))).isEqualTo("503");
        bench.signal.pass(Duration.ofSeconds(1));
        assertThat(words(bench.screen(paced, known, CARRIER))).isEqualTo("admitted room_1");
        assertThat(words(bench.screen(paced, Invites.invite(CODE), STRANGER))).isEqualTo("407");
    }

    /** RFC 3891: the one goes when the other is answered. */
    @Test
    void whoTakesThePlaceOfACallIsNotOneMore() {
        bench.maxCalls = 2;
        bench.liveCalls = 2;
        bench.trunkMaxCalls = 1;
        bench.liveOnTrunk = 1;
        Reception numbers = bench.reception(bench.trunk(Map.of(), List.of(), false));
        SipRequest invite = Invites.invite(CODE);
        assertThat(words(bench.screen(numbers, invite, CARRIER))).isEqualTo("503 turned away");
        bench.leaving = caller("trk_other");
        assertThat(words(bench.screen(numbers, invite, CARRIER)))
                .as("of another trunk")
                .isEqualTo("503");
        bench.leaving = caller("trk_1");
        assertThat(words(bench.screen(numbers, invite, CARRIER))).isEqualTo("admitted room_1");
        bench.liveCalls = 3;
        assertThat(words(bench.screen(numbers, invite, CARRIER))).isEqualTo("503 turned away");
        bench.liveCalls = 2;
        bench.liveOnTrunk = 2;
        assertThat(words(bench.screen(numbers, invite, CARRIER))).isEqualTo("503");
    }

    private static Caller caller(String trunk) {
        return new Caller("+1555", "1000", "Bob", "", Map.of(), trunk, null, "room_1");
    }

    @Test
    void aStoreThatFailsIsToldAsOurFault() {
        bench.storeAway = true;
        assertThat(words(bench.dial(bench.reception(), "alice", "secret")))
                .isEqualTo("503 turned away");
    }

    @Test
    void theHostIsCheckedWhereDomainsAreSet() {
        InboundSettings strict =
                new InboundSettings(List.of("Voice.test"), 0, 0, List.of("pcmu"), Encryption.ALLOW);
        Reception reception = bench.reception(strict, bench.trunk(Map.of(), List.of(), false));
        assertThat(words(bench.screen(reception, Invites.invite(CODE), CARRIER))).isEqualTo("404");
        SipRequest good = Invites.invite("sip:abc-defg-hij@voice.test");
        assertThat(words(bench.screen(reception, good, CARRIER))).isEqualTo("admitted room_1");
    }

    @Test
    void aFloodWithAForgedSourceDoesNotStopWhoHoldsANonceOrConnects() {
        Reception reception = bench.reception();
        String credentials = bench.credentials(reception, "alice", "secret");
        while (!words(bench.screen(reception, Invites.invite(CODE), STRANGER)).startsWith("503")) {
            // as many as it takes
        }
        assertThat(words(bench.screen(reception, Invites.invite(CODE, credentials), STRANGER)))
                .isEqualTo("admitted room_1");
        Flow datagram = Invites.from(STRANGER);
        Flow connected = new Flow(TransportKind.TCP, datagram.local(), datagram.remote(), 1);
        assertThat(words(bench.screen(reception, Invites.invite(CODE), connected)))
                .isEqualTo("407");
    }
}

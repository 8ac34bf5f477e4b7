package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Session timers (RFC 4028) as either refresher, in calls from outside and in calls of ours. */
class SessionTimerLadderTest {
    private static final String CONTACT = "Contact: <sip:alice@192.0.2.9:5062>\r\n";

    private final Conversation call = new Conversation();
    private final Bench bench = call.bench;
    private final Phone phone = call.phone;
    private final Carrier carrier = new Carrier();

    /** A call from outside that says this of timers. */
    private String established(String headers) {
        phone.extra = headers;
        call.established();
        return bench.sent("SIP/2.0 200");
    }

    private void answer(int status, String more) {
        call.receive(Phone.answer(bench.lastSent(), status, more));
    }

    /** What passed since, without what stands before the arrow. */
    private static List<String> since(Bench bench, long millis) {
        return bench.ladder.stream()
                .filter(line -> Long.parseLong(line.substring(0, 6).strip()) >= millis)
                .map(String::strip)
                .toList();
    }

    // ---- calls from outside

    @Test
    @Tag("RFC4028§9")
    void aCallerThatKnowsTimersIsAskedToRefreshAndToKnowThem() {
        String ok = established("Supported: 100rel, timer\r\n");
        assertThat(Bench.header(ok, "Session-Expires")).isEqualTo("1800;refresher=uac");
        assertThat(Bench.header(ok, "Require")).isEqualTo("timer");
        assertThat(Bench.header(ok, "Supported")).contains("timer");
    }

    @Test
    void aCallerThatDoesNotGetsNoTimer() {
        assertThat(established("")).doesNotContain("Session-Expires", "Require:");
        call.at(3_600_000);
        assertThat(bench.events).noneMatch(SipEvent.SessionExpired.class::isInstance);
    }

    @Test
    @Tag("RFC4028§9")
    void aProxysTimerIsOursToKeepAndTheCallerIsNotToldToKnowIt() {
        String ok = established("Session-Expires: 200\r\nAllow: INVITE\r\n");
        assertThat(Bench.header(ok, "Session-Expires")).isEqualTo("200;refresher=uas");
        assertThat(ok).doesNotContain("Require:");
        call.at(100_000);
        assertThat(since(bench, 1)).containsExactly("100000  *  RefreshDue");
    }

    @Test
    @Tag("RFC4028§10")
    void aCallerThatRefreshesKeepsItsCallAndOneThatStopsIsHungUp() {
        established("Supported: timer\r\nx: 100\r\n");
        call.at(50_000);
        String headers = CONTACT + "Supported: timer\r\nx: 100;refresher=uac\r\n";
        call.receive(phone.request("UPDATE", 2, "u2", Phone.to(call.tag), headers, ""));
        bench.respond(bench.last(SipEvent.RequestReceived.class).request(), 200);
        assertThat(Bench.header(bench.lastSent(), "Session-Expires"))
                .isEqualTo("100;refresher=uac");
        call.at(400_000);
        assertThat(since(bench, 50_001))
                .as("32 s before 100 s after the refresh would have been over")
                .containsExactly("118000  *  SessionExpired");
    }

    @Test
    @Tag("RFC4028§10")
    @Tag("RFC4028§4")
    void aBriefSessionEndsAThirdBeforeItsEnd() {
        established("Supported: timer\r\nx: 90\r\n");
        call.at(400_000);
        assertThat(since(bench, 1)).containsExactly("60000  *  SessionExpired");
    }

    @Test
    @Tag("RFC4028§9")
    void aReinviteIsARefreshTooAndTheTimerLivesOn() {
        established("Supported: timer\r\nx: 100\r\n");
        call.at(60_000);
        call.receive(phone.reinvite(2, "r2", call.tag));
        call.respondAgain(200);
        call.receive(phone.inDialog("ACK", 2, "a2", call.tag));
        call.at(127_999);
        assertThat(bench.events).noneMatch(SipEvent.SessionExpired.class::isInstance);
        call.at(128_000);
        assertThat(bench.events).anyMatch(SipEvent.SessionExpired.class::isInstance);
    }

    @Test
    @Tag("RFC4028§7.4")
    @Tag("RFC4028§10")
    void asRefresherWeUpdateAtHalfOfTheTimeAgainAndAgain() {
        established("Supported: timer\r\nAllow: INVITE, UPDATE\r\nx: 100;refresher=uas\r\n");
        for (int i = 1; i <= 3; i++) {
            call.at(50_000L * i);
            String update = bench.sent("UPDATE");
            assertThat(Bench.header(update, "Session-Expires")).isEqualTo("100;refresher=uac");
            assertThat(Bench.header(update, "Supported")).isEqualTo("timer");
            assertThat(Bench.header(update, "Contact")).isNotEmpty();
            answer(200, CONTACT + "Require: timer\r\nSession-Expires: 100;refresher=uac\r\n");
        }
        assertThat(since(bench, 1))
                .containsExactly(
                        "50000  <- UPDATE us1",
                        "50000  -> 200 UPDATE us1",
                        "100000  <- UPDATE us2",
                        "100000  -> 200 UPDATE us2",
                        "150000  <- UPDATE us3",
                        "150000  -> 200 UPDATE us3");
    }

    @Test
    @Tag("RFC4028§7.2")
    void anAnswerMayHandTheRefreshingOverOrEndIt() {
        established("Supported: timer\r\nAllow: UPDATE\r\nx: 100;refresher=uas\r\n");
        call.at(50_000);
        answer(200, "Require: timer\r\nSession-Expires: 100;refresher=uas\r\n");
        call.at(400_000);
        assertThat(since(bench, 50_001)).containsExactly("118000  *  SessionExpired");

        Conversation other = new Conversation();
        other.phone.extra = "Supported: timer\r\nAllow: UPDATE\r\nx: 100;refresher=uas\r\n";
        other.established();
        other.at(50_000);
        other.receive(Phone.answer(other.bench.lastSent(), 200, ""));
        other.at(3_600_000);
        assertThat(since(other.bench, 50_001)).as("no Session-Expires: no end").isEmpty();
    }

    @Test
    @Tag("RFC4028§7.4")
    void aPeerWithoutUpdateIsRefreshedByTheApplicationsReinvite() {
        established("Supported: timer\r\nAllow: INVITE, ACK\r\nx: 100;refresher=uas\r\n");
        call.at(50_000);
        assertThat(since(bench, 1)).containsExactly("50000  *  RefreshDue");
        call.reinviteFromUs();
        assertThat(Bench.header(bench.lastSent(), "Session-Expires"))
                .isEqualTo("100;refresher=uac");
        answer(200, CONTACT + "Session-Expires: 100;refresher=uac\r\n");
        call.at(99_999);
        assertThat(bench.ladder).filteredOn(line -> line.contains("RefreshDue")).hasSize(1);
        call.at(100_000);
        assertThat(bench.ladder).filteredOn(line -> line.contains("RefreshDue")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {405, 501})
    void whereUpdateIsNotServedAfterAllAReinviteFollowsAtOnce(int status) {
        established("Supported: timer\r\nAllow: UPDATE\r\nx: 100;refresher=uas\r\n");
        call.at(50_000);
        answer(status, "");
        call.at(50_001);
        assertThat(since(bench, 50_000))
                .containsExactly(
                        "50000  <- UPDATE us1",
                        "50000  -> " + status + " UPDATE us1",
                        "50000  *  RefreshDue");
    }

    @Test
    @Tag("RFC3261§14.1")
    void aGlareIsWaitedOutForUpToTwoSecondsByWhoWasCalled() {
        established("Supported: timer\r\nAllow: UPDATE\r\nx: 100;refresher=uas\r\n");
        call.at(50_000);
        answer(491, "");
        call.at(52_000);
        assertThat(bench.ladder).anyMatch(line -> line.contains("<- UPDATE us2"));
        answer(200, "Session-Expires: 100;refresher=uac\r\n");
    }

    @Test
    @Tag("RFC4028§7.3")
    void aRefreshThatIsTooBriefGoesAgainWithWhatThe422Wants() {
        established("Supported: timer\r\nAllow: UPDATE\r\nx: 100;refresher=uas\r\n");
        call.at(50_000);
        answer(422, "Min-SE: 300\r\n");
        String again = bench.lastSent();
        assertThat(again).startsWith("UPDATE ");
        assertThat(Bench.header(again, "Session-Expires")).isEqualTo("300;refresher=uac");
        assertThat(Bench.header(again, "Min-SE")).isEqualTo("300");
        answer(422, "Min-SE: 300\r\n");
        assertThat(bench.lastSent()).as("not for ever").isEqualTo(again);
    }

    @Test
    @Tag("RFC4028§10")
    void aRefreshThatKeepsFailingIsTriedThreeTimesAndThenTheSessionEnds() {
        established("Supported: timer\r\nAllow: INVITE\r\nx: 200;refresher=uas\r\n");
        bench.atOnce(
                event -> {
                    if (event instanceof SipEvent.RefreshDue) {
                        call.reinviteFromUs();
                    }
                });
        call.at(100_000);
        answer(500, "Retry-After: 20\r\n");
        call.at(120_000);
        answer(488, "");
        call.at(130_000);
        answer(488, "");
        call.at(400_000);
        assertThat(since(bench, 1).stream().filter(line -> line.contains("*")))
                .containsExactly(
                        "100000  *  RefreshDue",
                        "100000  *  ResponseReceived 500",
                        "120000  *  RefreshDue",
                        "120000  *  ResponseReceived 488",
                        "130000  *  RefreshDue",
                        "130000  *  ResponseReceived 488",
                        "200000  *  SessionExpired");
    }

    @Test
    void aRefreshThatNobodyAnswersEndsTheCall() {
        established("Supported: timer\r\nAllow: UPDATE\r\nx: 200;refresher=uas\r\n");
        call.at(133_000);
        assertThat(bench.last(SipEvent.DialogEnded.class).cause())
                .isEqualTo(SipEvent.Cause.PEER_LOST);
        call.at(600_000);
        assertThat(bench.events).noneMatch(SipEvent.SessionExpired.class::isInstance);
        bench.assertNothingLeft();
    }

    @Test
    @Tag("RFC4028§10")
    void aRefreshWhoseAnswersAreLostForAWhileKeepsTheCall() {
        established("Supported: timer\r\nAllow: UPDATE\r\nx: 90;refresher=uas\r\n");
        call.at(75_000);
        assertThat(bench.events).noneMatch(SipEvent.SessionExpired.class::isInstance);
        answer(200, CONTACT + "Require: timer\r\nSession-Expires: 90;refresher=uac\r\n");
        call.at(119_999);
        assertThat(bench.events).noneMatch(SipEvent.SessionExpired.class::isInstance);
        call.at(120_000);
        assertThat(bench.lastSent()).startsWith("UPDATE ");
    }

    @Test
    void whileAReinviteIsUnderWayARefreshWaits() {
        established("Supported: timer\r\nAllow: UPDATE\r\nx: 100;refresher=uas\r\n");
        call.at(49_000);
        call.reinviteFromUs();
        String ours = bench.lastSent();
        call.receive(Phone.answer(ours, 100, ""));
        call.at(51_000);
        assertThat(since(bench, 49_001)).isEmpty();
        call.receive(Phone.answer(ours, 488, ""));
        call.at(60_999);
        assertThat(bench.lastSent()).doesNotStartWith("UPDATE ");
        call.at(61_000);
        assertThat(bench.lastSent()).startsWith("UPDATE ");
    }

    @Test
    void aChangeThatIsRefusedBeforeTheHalfIsNoRefreshThatFailed() {
        established("Supported: timer\r\nAllow: UPDATE\r\nx: 100;refresher=uas\r\n");
        call.at(10_000);
        call.reinviteFromUs();
        answer(488, "");
        call.at(49_999);
        assertThat(since(bench, 10_001)).isEmpty();
        call.at(50_000);
        assertThat(bench.lastSent()).startsWith("UPDATE ");
    }

    @Test
    void anEndedCallHasNoTimerLeft() {
        established("Supported: timer\r\nAllow: UPDATE\r\nx: 100;refresher=uas\r\n");
        call.receive(phone.inDialog("BYE", 2, "b2", call.tag));
        call.at(40_000);
        bench.assertNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"INVITE, 89", "INVITE, 1", "UPDATE, 60"})
    @Tag("RFC4028§9")
    void aSessionBelowNinetySecondsIs422(String method, long seconds) {
        String headers = CONTACT + "Supported: timer\r\nSession-Expires: " + seconds + "\r\n";
        if (method.equals("UPDATE")) {
            established("Supported: 100rel, timer\r\n");
        }
        String to = method.equals("UPDATE") ? Phone.to(call.tag) : Phone.to(null);
        call.receive(phone.request(method, 3, "t3", to, headers, ""));
        assertThat(bench.lastSent()).startsWith("SIP/2.0 422 Session Interval Too Small\r\n");
        assertThat(Bench.header(bench.lastSent(), "Min-SE")).isEqualTo("90");
        assertThat(bench.last(SipEvent.MessageRefused.class).reason())
                .isEqualTo(SipEvent.Refusal.INTERVAL_TOO_SMALL);
        call.receive(
                phone.request(method, 4, "t4", to, headers.replace(": " + seconds, ": 90"), ""));
        assertThat(bench.ladder).filteredOn(line -> line.contains("<- 422")).hasSize(1);
    }

    @Test
    void withoutSessionTimersNothingIsSaidOfThem() {
        Bench plain =
                new Bench(EndpointSettings.of("Roomline/0.1.0", Flow::local).withSessionExpires(0));
        phone.extra = "Supported: timer\r\nSession-Expires: 30\r\n";
        plain.receive(phone.invite(1, "i1"));
        plain.respond(plain.last(SipEvent.InviteReceived.class).request(), 200);
        assertThat(plain.sent("SIP/2.0 200")).doesNotContain("Session-Expires");
    }

    // ---- calls of ours

    private void placed(String answer) {
        carrier.place(Carrier.FIRST);
        carrier.answer(carrier.invite(), 200, "a", Carrier.contact("a") + answer, "v=0\r\n");
    }

    @Test
    @Tag("RFC4028§7.1")
    void ourInviteAsksForHalfAnHour() {
        carrier.place(Carrier.FIRST);
        assertThat(Bench.header(carrier.invite(), "Session-Expires")).isEqualTo("1800");
        assertThat(Bench.header(carrier.invite(), "Supported")).isEqualTo("100rel, timer");
        assertThat(carrier.invite()).doesNotContain("Min-SE");
    }

    @ParameterizedTest
    @CsvSource({
        "'Session-Expires: 100;refresher=uac\r\nAllow: UPDATE\r\n', 50000  <- UPDATE",
        "'Session-Expires: 100;refresher=uac\r\n', 50000  *  RefreshDue",
        "'Session-Expires: 100;refresher=uas\r\n', 68000  *  SessionExpired",
        "'x: 100;refresher=uas\r\n', 68000  *  SessionExpired",
    })
    @Tag("RFC4028§7.2")
    void whoRefreshesACallOfOursIsForTheCalleeToSay(String answer, String first) {
        placed(answer);
        carrier.bench.advanceToMillis(68_000);
        assertThat(since(carrier.bench, 1).getFirst()).startsWith(first);
    }

    @Test
    void aCalleeThatDoesNotKnowTimersIsLeftInPeace() {
        placed("");
        carrier.bench.advanceToMillis(7_200_000);
        assertThat(since(carrier.bench, 1)).isEmpty();
    }

    @Test
    @Tag("RFC4028§7.3")
    void a422IsAnsweredByAnInviteWithWhatItWants() {
        carrier.place(Carrier.FIRST);
        String first = carrier.invite();
        carrier.answer(first, 422, "x", "Min-SE: 3600\r\n", "");
        String second = carrier.invite();
        assertThat(Bench.header(second, "Session-Expires")).isEqualTo("3600");
        assertThat(Bench.header(second, "Min-SE")).isEqualTo("3600");
        assertThat(Bench.header(second, "Call-ID")).isEqualTo(Bench.header(first, "Call-ID"));
        assertThat(Long.parseLong(Bench.header(second, "CSeq").split(" ", -1)[0]))
                .isEqualTo(Long.parseLong(Bench.header(first, "CSeq").split(" ", -1)[0]) + 1);
        carrier.answer(second, 200, "a", Carrier.contact("a"), "v=0\r\n");
        assertThat(carrier.bench.last(ClientEvent.Answered.class).tag()).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Min-SE: 90\r\n", "Min-SE: 999999\r\n", "Min-SE: x\r\n"})
    void a422ThatWantsNothingThatWeCouldDoIsARefusal(String more) {
        carrier.place(Carrier.FIRST);
        carrier.answer(carrier.invite(), 422, "x", more, "");
        assertThat(carrier.bench.last(ClientEvent.Refused.class).response().status())
                .isEqualTo(422);
    }

    @Test
    void the422sWishIsKeptInTheRefreshes() {
        carrier.place(Carrier.FIRST);
        carrier.answer(carrier.invite(), 422, "x", "Min-SE: 3600\r\n", "");
        String more = "Session-Expires: 3600;refresher=uac\r\nAllow: UPDATE\r\n";
        carrier.answer(carrier.invite(), 200, "a", Carrier.contact("a") + more, "v=0\r\n");
        carrier.bench.advanceToMillis(1_800_000);
        assertThat(Bench.header(carrier.bench.sent("UPDATE"), "Min-SE")).isEqualTo("3600");
    }

    @Test
    @Tag("RFC3261§14.1")
    void aGlareIsWaitedOutForTwoToFourSecondsByWhoCalled() {
        placed("Session-Expires: 100;refresher=uac\r\nAllow: UPDATE\r\n");
        carrier.bench.advanceToMillis(50_000);
        String first = Bench.header(carrier.bench.sent("UPDATE"), "CSeq");
        carrier.answer(carrier.bench.sent("UPDATE"), 491, "a");
        carrier.bench.advanceToMillis(52_099);
        assertThat(carrier.allSent("UPDATE")).hasSize(1);
        carrier.bench.advanceToMillis(54_000);
        assertThat(carrier.allSent("UPDATE"))
                .extracting(update -> Bench.header(update, "CSeq"))
                .as("a new one")
                .anyMatch(cseq -> !cseq.equals(first));
    }
}

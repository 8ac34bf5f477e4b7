package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.DialPlan.Plan;
import dev.roomline.bridge.call.LiveCalls.Placing;
import dev.roomline.bridge.call.Way.Redirects;
import dev.roomline.bridge.call.Way.Turnstile;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.bridge.room.FakeRooms;
import dev.roomline.bridge.room.ParticipantView;
import dev.roomline.bridge.signal.Signal.Later;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.StoreException;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.CallHandle;
import dev.roomline.sip.endpoint.ClientCommand;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.Envelope;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent;
import dev.roomline.sip.endpoint.Target;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.endpoint.Tried;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.SipParser;
import dev.roomline.sip.message.SipResponse;
import dev.roomline.sip.message.SipUri;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A call that we place, between a carrier, a store and a media loop that do what a test says. */
final class PlacedCallTest {
    private static final Duration RING = Duration.ofSeconds(30);
    private static final Road ROAD =
            new Road(
                    new InetSocketAddress(InetAddress.ofLiteral("192.0.2.9"), 5060),
                    InetAddress.ofLiteral("192.0.2.1"));
    private static final SipUri HOP = new SipUri("sip", null, "carrier.test", -1, Map.of());

    private final CallBench bench = new CallBench();
    private final List<Way> ways = new ArrayList<>(List.of(way("one")));
    private Roads roads = (_, found) -> found.accept(Optional.of(ROAD));
    private Turnstile turnstile = Turnstile.OPEN;
    private Redirects redirects = Redirects.NONE;
    private long dialogs;

    private Way way(String trunk) {
        return way(trunk, go -> turnstile.await(go));
    }

    private Way way(String trunk, Turnstile pace) {
        return new Way(
                "trunk " + trunk,
                trunk,
                null,
                Envelope.to("sip:+15551234567@carrier.test", "<sip:+15550100000@carrier.test>"),
                HOP,
                List.of(),
                null,
                "+15550100000",
                List.of(),
                List.of("pcmu"),
                pace,
                contact -> redirects.follow(contact));
    }

    private DialPlan plan = order -> new Plan.Go(order.to(), "Grace", ways, List.of());

    private Placing place() {
        bench.switchboard.connect(
                order -> plan.plan(order), (uri, found) -> roads.find(uri, found), _ -> {});
        Placing placing =
                bench.switchboard
                        .live()
                        .place(
                                new CallOrder(
                                        "+15551234567",
                                        FakeRooms.room(
                                                CallBench.ROOM, 10, FakeRooms.code("abc-defg-hij")),
                                        "guest",
                                        "",
                                        "",
                                        "Grace",
                                        "u7",
                                        Map.of(),
                                        RING,
                                        Duration.ZERO,
                                        ""));
        bench.signal.run();
        return placing;
    }

    /** The INVITE that left last. */
    private CallHandle dialled() {
        return bench.sent.stream()
                .filter(ClientCommand.Invite.class::isInstance)
                .map(command -> ((ClientCommand.Invite) command).call())
                .reduce((_, last) -> last)
                .orElseThrow(() -> new AssertionError("no INVITE in " + bench.words()));
    }

    private DialogId named() {
        DialogId dialog = new DialogId(100 + ++dialogs);
        bench.raise(new ClientEvent.Placed(dialled(), dialog, "call-id-" + dialogs));
        return dialog;
    }

    private void rings() {
        bench.raise(progress(180, "a", ""));
    }

    private ClientEvent.Progressed progress(int status, String tag, String sdp) {
        return new ClientEvent.Progressed(
                dialled(),
                status,
                tag,
                response(status, "Ringing", tag, sdp),
                Invites.from("192.0.2.9"),
                false,
                false);
    }

    private void answers(DialogId dialog, String tag, String sdp) {
        bench.raise(
                new ClientEvent.Answered(
                        dialled(),
                        dialog,
                        tag,
                        response(200, "OK", tag, sdp),
                        Invites.from("192.0.2.9"),
                        false,
                        List.of()));
    }

    private void refuses(int status, String phrase) {
        bench.raise(
                new ClientEvent.Refused(dialled(), response(status, phrase, "a", ""), List.of()));
    }

    static SipResponse response(int status, String phrase, String tag, String sdp) {
        return response(status, phrase, tag, sdp, "");
    }

    static SipResponse response(int status, String phrase, String tag, String sdp, String headers) {
        String text =
                "SIP/2.0 %d %s\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
                                .formatted(status, phrase)
                        + "From: <sip:us@test>;tag=f\r\nTo: <sip:them@test>;tag="
                        + tag
                        + "\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n"
                        + headers
                        + (sdp.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                        + "Content-Length: "
                        + sdp.length()
                        + "\r\n\r\n"
                        + sdp;
        return switch (SipParser.parse(text.getBytes(StandardCharsets.UTF_8), false)) {
            case ParsedResponse parsed -> parsed;
            case Object fault -> throw new IllegalArgumentException(fault + "\n" + text);
        };
    }

    private DialogId talking() {
        place();
        DialogId dialog = named();
        rings();
        answers(dialog, "a", "v=0 answer");
        return dialog;
    }

    private CallRow lastRow() {
        return bench.stored.getLast();
    }

    // ---- the ordinary call

    @Test
    void aCallIsRecordedBeforeItsInviteLeaves() {
        List<CompletableFuture<Void>> commits = new ArrayList<>();
        bench.store =
                () -> {
                    CompletableFuture<Void> commit = new CompletableFuture<>();
                    commits.add(commit);
                    return commit;
                };
        Placing placing = place();
        assertThat(bench.words()).isEmpty();
        assertThat(placing.recorded().toCompletableFuture()).isNotDone();
        commits.getFirst().complete(null);
        bench.signal.run();
        assertThat(bench.words()).containsExactly("Invite");
        assertThat(placing.recorded().toCompletableFuture().join()).isEmpty();
        assertThat(bench.stored.getFirst().state()).isEqualTo("dialing");
        assertThat(bench.stored.getFirst().direction()).isEqualTo("outbound");
    }

    @Test
    void whoIsCalledRingsInTheRoomBeforeJoining() {
        Placing placing = place();
        DialogId dialog = named();
        assertThat(bench.media.asked).contains("addPhone without offer").doesNotContain("join");
        assertThat(placing.ringing().toCompletableFuture()).isNotDone();
        rings();
        assertThat(placing.ringing().toCompletableFuture().join()).isEmpty();
        assertThat(placing.answered().toCompletableFuture()).isNotDone();
        answers(dialog, "a", "v=0 answer");
        assertThat(placing.answered().toCompletableFuture().join()).isEmpty();
        assertThat(bench.media.asked)
                .containsSubsequence("called answer v=0 answer", "release", "join");
        assertThat(lastRow().state()).isEqualTo("answered");
        assertThat(lastRow().trunk()).isEqualTo("one");
        assertThat(lastRow().from()).isEqualTo("+15550100000");
        assertThat(lastRow().name()).isEqualTo("Grace");
    }

    @Test
    void theFarEndHangsUp() {
        DialogId dialog = talking();
        bench.raise(new SipEvent.DialogEnded(dialog, SipEvent.Cause.BYE_RECEIVED, null));
        assertThat(bench.ended).containsExactly("hangup_callee");
        assertThat(bench.media.open).isEmpty();
    }

    @Test
    void anApplicationHangsUpByBye() {
        DialogId dialog = talking();
        String id = lastRow().id();
        bench.switchboard.live().hangUp(id);
        bench.signal.run();
        assertThat(bench.words()).endsWith("BYE");
        bench.raise(new SipEvent.DialogEnded(dialog, SipEvent.Cause.BYE_SENT, null));
        assertThat(bench.ended).containsExactly("hangup_api");
        assertThat(bench.switchboard.liveCount()).isZero();
    }

    // ---- early media and forks

    @Test
    void earlyMediaIsHeardAndTheAnswerThatSaysNothingNewIsTaken() {
        place();
        DialogId dialog = named();
        bench.raise(progress(183, "a", "v=0 early"));
        assertThat(bench.media.asked)
                .containsSubsequence("early answer v=0 early", "release", "join");
        answers(dialog, "a", "");
        assertThat(bench.media.asked).contains("called answer v=0 early");
        assertThat(bench.words()).containsExactly("Invite");
    }

    @Test
    void theForkThatAnswersCountsAndNotTheOneThatSoundedFirst() {
        place();
        DialogId dialog = named();
        bench.raise(progress(183, "a", "v=0 first"));
        bench.raise(progress(183, "b", "v=0 second"));
        assertThat(bench.media.asked).doesNotContain("early answer v=0 second");
        answers(dialog, "b", "");
        assertThat(bench.media.asked).contains("called answer v=0 second");
    }

    @Test
    void anAnswerWithoutAnyDescriptionIsHungUp() {
        place();
        DialogId dialog = named();
        answers(dialog, "a", "");
        assertThat(bench.words()).containsExactly("Invite", "BYE");
        assertThat(bench.ended).containsExactly("carrier_nonsense");
    }

    @Test
    void anAnswerThatSharesNoCodecIsHungUp() {
        place();
        DialogId dialog = named();
        bench.media.outcome = () -> FakeMedia.refused(Refusal.NO_COMMON_CODEC);
        answers(dialog, "a", "v=0 answer");
        assertThat(bench.words()).containsExactly("Invite", "BYE");
        assertThat(bench.ended).containsExactly("no_common_codec");
        bench.raise(new SipEvent.DialogEnded(dialog, SipEvent.Cause.BYE_SENT, null));
        assertThat(lastRow().endCulprit()).isEqualTo("callee");
    }

    // ---- how it ends unanswered

    private record Row(int status, String phrase, String reason, String culprit) {}

    @Test
    void eachRefusalIsItsRowOfTheTable() {
        List<Row> rows =
                List.of(
                        new Row(486, "Busy Here", "busy", "callee"),
                        new Row(600, "Busy Everywhere", "busy", "callee"),
                        new Row(603, "Decline", "declined", "callee"),
                        new Row(480, "Temporarily Unavailable", "no_answer", "callee"),
                        new Row(408, "Request Timeout", "no_answer", "callee"),
                        new Row(404, "Not Found", "not_found", "callee"),
                        new Row(410, "Gone", "not_found", "callee"),
                        new Row(484, "Address Incomplete", "not_found", "callee"),
                        new Row(604, "Does Not Exist", "not_found", "callee"),
                        new Row(403, "Forbidden", "forbidden_by_carrier", "carrier"),
                        new Row(402, "Payment Required", "forbidden_by_carrier", "carrier"),
                        new Row(488, "Not Acceptable Here", "no_common_codec", "callee"),
                        new Row(500, "Server Error", "carrier_failed", "carrier"),
                        new Row(503, "Unavailable", "carrier_failed", "carrier"),
                        new Row(683, "What", "carrier_failed", "carrier"),
                        new Row(400, "Bad Request", "carrier_failed", "carrier"));
        for (Row row : rows) {
            PlacedCallTest one = new PlacedCallTest();
            Placing placing = one.place();
            one.named();
            one.refuses(row.status(), row.phrase());
            CallEnd end = placing.answered().toCompletableFuture().join().orElseThrow();
            assertThat(end.reason().label()).as(row.phrase()).isEqualTo(row.reason());
            assertThat(end.culprit().label()).as(row.phrase()).isEqualTo(row.culprit());
            assertThat(end.sipStatus()).isEqualTo(row.status());
            assertThat(one.lastRow().endReason()).isEqualTo(row.reason());
            assertThat(one.lastRow().state()).isEqualTo("ended");
            assertThat(one.bench.media.open).isEmpty();
            assertThat(one.bench.switchboard.liveCount()).isZero();
        }
    }

    @Test
    void aForeignRealmIsTheCarriersFaultAndWrongCredentialsAreOurs() {
        for (ClientEvent.ChallengeFailure why : ClientEvent.ChallengeFailure.values()) {
            PlacedCallTest one = new PlacedCallTest();
            Placing placing = one.place();
            one.named();
            one.bench.raise(
                    new ClientEvent.NotAuthorized(
                            one.dialled(), response(407, "Who", "a", ""), why, "evil.example"));
            String reason =
                    placing.answered().toCompletableFuture().join().orElseThrow().reason().label();
            assertThat(reason)
                    .isEqualTo(
                            switch (why) {
                                case NO_IDENTITY, WRONG_CREDENTIALS -> "bad_credentials";
                                case FOREIGN_REALM, UNSUPPORTED -> "carrier_nonsense";
                            });
        }
    }

    @Test
    void nobodyAnswersInTimeAndTheCallIsCancelled() {
        Placing placing = place();
        named();
        rings();
        bench.signal.pass(RING.minusMillis(1));
        assertThat(bench.words()).containsExactly("Invite");
        bench.signal.pass(Duration.ofMillis(1));
        assertThat(bench.words()).containsExactly("Invite", "Cancel");
        assertThat(bench.ended).containsExactly("no_answer");
        assertThat(placing.answered().toCompletableFuture().join()).isPresent();
        bench.raise(new ClientEvent.Cancelled(dialled(), ClientEvent.CancelEnd.CONFIRMED));
        assertThat(bench.ended).containsExactly("no_answer");
        assertThat(bench.switchboard.liveCount()).isZero();
    }

    @Test
    void whyNobodyIsReachedIsLookedUpAndTheCallEndsByIt() {
        CompletableFuture<CallEnd> why = new CompletableFuture<>();
        plan = _ -> new Plan.Unreached(why);
        Placing placing = place();
        assertThat(bench.ended).isEmpty();
        why.complete(CallEnd.of(EndReason.NOT_FOUND));
        bench.signal.run();
        assertThat(placing.answered().toCompletableFuture().join().orElseThrow().reason())
                .isEqualTo(EndReason.NOT_FOUND);
        assertThat(bench.words()).isEmpty();
        assertThat(bench.switchboard.liveCount()).isZero();
    }

    @Test
    void whyNobodyIsReachedIsNotFoundOutWhereTheStoreIsAway() {
        plan =
                _ ->
                        new Plan.Unreached(
                                CompletableFuture.failedStage(
                                        new StoreException("away", new IOException())));
        assertThat(place().answered().toCompletableFuture().join().orElseThrow().reason())
                .isEqualTo(EndReason.OVERLOADED);
    }

    @Test
    void aServerThatStopsWhileItIsLookedUpEndsTheCallOnce() {
        CompletableFuture<CallEnd> why = new CompletableFuture<>();
        plan = _ -> new Plan.Unreached(why);
        Placing placing = place();
        bench.switchboard.hangUpAll();
        bench.signal.run();
        why.complete(CallEnd.of(EndReason.NOT_FOUND));
        bench.signal.run();
        assertThat(placing.answered().toCompletableFuture().join().orElseThrow().reason())
                .isEqualTo(EndReason.SERVER_STOPPED);
        assertThat(bench.switchboard.liveCount()).isZero();
    }

    @Test
    void aStoreThatDoesNotAnswerIsNoFaultOfTheCallee() {
        plan = _ -> new Plan.Unreached(new CompletableFuture<>());
        Placing placing = place();
        bench.signal.pass(RING);
        assertThat(bench.ended).containsExactly("overloaded");
        assertThat(placing.answered().toCompletableFuture()).isDone();
    }

    @Test
    void aCarrierThatSaidNothingAtAllIsUnreachableAndTheCalleeIsNotBlamed() {
        place();
        named();
        bench.signal.pass(RING);
        assertThat(bench.words()).containsExactly("Invite", "Cancel");
        assertThat(bench.ended).containsExactly("carrier_unreachable");
    }

    @Test
    void aNameThatIsLookedUpForTooLongIsNoLimitOfOurs() {
        roads = (_, _) -> {};
        place();
        bench.signal.pass(RING);
        assertThat(bench.words()).isEmpty();
        assertThat(bench.ended).containsExactly("carrier_unreachable");
    }

    @Test
    void aTurnThatDoesNotComeIsALimitOfOurs() {
        turnstile = _ -> () -> {};
        place();
        bench.signal.pass(RING);
        assertThat(bench.ended).containsExactly("limit");
    }

    @Test
    void anApplicationGivesTheCallUp() {
        place();
        named();
        rings();
        bench.switchboard.live().hangUp(lastRow().id());
        bench.signal.run();
        assertThat(bench.words()).containsExactly("Invite", "Cancel");
        assertThat(bench.ended).containsExactly("cancelled");
    }

    @Test
    void anAnswerThatWasOnItsWayWhenWeGaveUpIsHungUp() {
        place();
        DialogId dialog = named();
        bench.switchboard.live().hangUp(lastRow().id());
        bench.signal.run();
        answers(dialog, "a", "v=0 answer");
        assertThat(bench.words()).containsExactly("Invite", "Cancel", "BYE");
        bench.raise(new SipEvent.DialogEnded(dialog, SipEvent.Cause.BYE_SENT, null));
        assertThat(bench.ended).containsExactly("cancelled");
        assertThat(bench.switchboard.liveCount()).isZero();
    }

    @Test
    void aRoomThatIsFullIsToldAtOnce() {
        for (int i = 0; i < 10; i++) {
            place();
        }
        Placing eleventh = place();
        assertThat(eleventh.recorded().toCompletableFuture().join().orElseThrow().reason())
                .isEqualTo(EndReason.ROOM_FULL);
        assertThat(lastRow().state()).isEqualTo("refused");
        assertThat(bench.words()).hasSize(10);
    }

    @Test
    void whatCannotBeRecordedIsNotPlaced() {
        bench.store = () -> CompletableFuture.failedStage(new IllegalStateException("disk"));
        Placing placing = place();
        assertThat(bench.words()).isEmpty();
        assertThat(placing.recorded().toCompletableFuture().join().orElseThrow().reason())
                .isEqualTo(EndReason.OVERLOADED);
        assertThat(bench.media.open).isEmpty();
    }

    // ---- one way after another

    @Test
    void theSecondTrunkIsCalledWhereTheFirstFails() {
        ways.add(way("two"));
        Placing placing = place();
        named();
        refuses(503, "Unavailable");
        assertThat(bench.words()).containsExactly("Invite", "Invite");
        assertThat(bench.media.asked)
                .containsSubsequence("addPhone without offer", "remove", "addPhone without offer");
        DialogId dialog = named();
        answers(dialog, "a", "v=0 answer");
        assertThat(placing.answered().toCompletableFuture().join()).isEmpty();
        assertThat(lastRow().trunk()).isEqualTo("two");
    }

    @Test
    void noOtherTrunkIsCalledOnceTheFarEndRang() {
        ways.add(way("two"));
        place();
        named();
        rings();
        refuses(503, "Unavailable");
        assertThat(bench.words()).containsExactly("Invite");
        assertThat(bench.ended).containsExactly("carrier_failed");
    }

    @Test
    void aTrunkThatIsFullByNowIsPassedOverForTheNext() {
        List<String> full = new ArrayList<>();
        for (String trunk : List.of("two", "three")) {
            ways.add(way(trunk, limited(() -> full.contains(trunk))));
        }
        place();
        named();
        full.add("two");
        refuses(503, "Unavailable");
        assertThat(bench.words()).containsExactly("Invite", "Invite");
        named();
        refuses(486, "Busy Here");
        assertThat(lastRow().trunk()).isEqualTo("three");
    }

    @Test
    void theCarriersFailureIsToldWhereNoTrunkIsLeftThatIsNotFull() {
        ways.add(way("two", limited(() -> true)));
        place();
        named();
        refuses(503, "Unavailable");
        assertThat(bench.words()).containsExactly("Invite");
        assertThat(bench.ended).containsExactly("carrier_failed");
        assertThat(lastRow().trunk()).isEqualTo("one");
    }

    private static Turnstile limited(BooleanSupplier full) {
        return new Turnstile() {
            @Override
            public Later await(Runnable go) {
                return Turnstile.OPEN.await(go);
            }

            @Override
            public Optional<CallEnd> closed() {
                return full.getAsBoolean()
                        ? Optional.of(CallEnd.of(EndReason.LIMIT, "It is full."))
                        : Optional.empty();
            }
        };
    }

    @Test
    void aBusyPhoneIsNotCalledByAnotherTrunk() {
        ways.add(way("two"));
        place();
        named();
        refuses(486, "Busy Here");
        assertThat(bench.words()).containsExactly("Invite");
        assertThat(bench.ended).containsExactly("busy");
    }

    @Test
    void aCarrierThatSaysNothingAndANameWithoutAddressAreFollowedByTheNext() {
        ways.add(way("two"));
        ways.add(way("three"));
        Deque<Optional<Road>> found =
                new ArrayDeque<>(List.of(Optional.of(ROAD), Optional.empty(), Optional.of(ROAD)));
        roads = (_, answer) -> answer.accept(found.remove());
        place();
        named();
        Target target = new Target(TransportKind.UDP, ROAD.remote());
        bench.raise(
                new ClientEvent.Unreachable(
                        dialled(),
                        List.of(new Tried("carrier.test", target, Tried.Why.NO_ANSWER))));
        assertThat(bench.words()).containsExactly("Invite", "Invite");
        named();
        refuses(500, "Server Error");
        assertThat(bench.ended).containsExactly("carrier_failed");
        assertThat(lastRow().trunk()).isEqualTo("three");
    }

    @Test
    void aNameWithoutAddressEndsTheCallAsUnreachable() {
        roads = (_, answer) -> answer.accept(Optional.empty());
        place();
        assertThat(bench.words()).isEmpty();
        assertThat(bench.ended).containsExactly("carrier_unreachable");
    }

    @Test
    void aRedirectionIsFollowedWhereThePolicySaysSoAndNeverInACircle() {
        redirects =
                contact ->
                        Optional.of(
                                Envelope.to(contact.uriText(), "<sip:+15550100000@carrier.test>"));
        place();
        named();
        redirectTo("sip:other@carrier.test");
        assertThat(bench.words()).containsExactly("Invite", "Invite");
        named();
        redirectTo("sip:other@carrier.test");
        assertThat(bench.words()).containsExactly("Invite", "Invite");
        assertThat(bench.ended).containsExactly("carrier_failed");
    }

    @Test
    void aRedirectionElsewhereIsNotFollowed() {
        place();
        named();
        redirectTo("sip:premium@evil.example");
        assertThat(bench.words()).containsExactly("Invite");
        assertThat(bench.ended).containsExactly("carrier_failed");
        assertThat(lastRow().endText()).contains("evil.example").doesNotContain("premium@");
    }

    private void redirectTo(String uri) {
        SipResponse response = response(302, "Moved", "a", "", "Contact: <" + uri + ">\r\n");
        bench.raise(new ClientEvent.Redirected(dialled(), response, ContactList.of(response)));
    }

    // ---- waiting for a turn

    @Test
    void aCallWhoseTurnDoesNotComeEndsAsALimitAndGivesItsPlaceUp() {
        List<String> told = new ArrayList<>();
        turnstile =
                _ -> {
                    Later place = () -> told.add("given up");
                    return place;
                };
        place();
        bench.signal.pass(RING);
        assertThat(bench.words()).isEmpty();
        assertThat(bench.ended).containsExactly("limit");
        assertThat(told).containsExactly("given up");
    }

    @Test
    void aCallThatWasGivenUpWhileItsOfferWasMadeIsNeverDialled() {
        CompletableFuture<Outcome> slow = new CompletableFuture<>();
        bench.media.outcome = () -> slow;
        place();
        bench.switchboard.live().hangUp(lastRow().id());
        bench.signal.run();
        CompletionStage<Outcome> late = FakeMedia.accepted("our sdp");
        slow.complete(late.toCompletableFuture().join());
        bench.signal.run();
        assertThat(bench.words()).isEmpty();
        assertThat(bench.ended).containsExactly("cancelled");
        assertThat(bench.media.open).isEmpty();
    }

    @Test
    void whoIsRemovedFromTheRoomWhileItRingsIsCancelled() {
        place();
        named();
        rings();
        assertThat(stateOfRoom()).isEqualTo("ringing");
        String participant = lastRow().participant();
        bench.api.remove(CallBench.ROOM, String.valueOf(participant));
        bench.signal.run();
        assertThat(bench.words()).containsExactly("Invite", "Cancel");
        assertThat(bench.ended).containsExactly("removed");
    }

    private String stateOfRoom() {
        CompletionStage<List<ParticipantView>> asked = bench.api.participants(CallBench.ROOM);
        bench.signal.run();
        return asked.toCompletableFuture().join().getFirst().state();
    }

    @Test
    void aSecondAnswerToACommandThatIsNotOursIsLeftAlone() {
        talking();
        bench.raise(new ClientEvent.ForkEnded(dialled(), "c"));
        assertThat(bench.words()).containsExactly("Invite");
        assertThat(bench.sent).noneMatch(SipCommand.Bye.class::isInstance);
        assertThat(bench.faults).isZero();
    }
}

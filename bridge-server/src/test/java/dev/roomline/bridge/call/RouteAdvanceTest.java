package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.LiveCalls.Placing;
import dev.roomline.bridge.call.Way.Turnstile;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.bridge.signal.Signal.Later;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.Envelope;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over which trunk a call goes, and over which next where the first fails or redirects it. */
final class RouteAdvanceTest {
    private static final Road BOTH_FAMILIES =
            CarrierBench.road("2001:db8::9", "2001:db8::10", "192.0.2.9");

    private final CarrierBench carrier = new CarrierBench();

    @Test
    void theSecondTrunkIsCalledWhereTheFirstFails() {
        carrier.ways.add(carrier.way("two"));
        Placing placing = carrier.place();
        carrier.named();
        carrier.refuses(503, "Unavailable");
        assertThat(carrier.bench.words()).containsExactly("Invite", "Invite");
        assertThat(carrier.bench.media.asked)
                .containsSubsequence("addPhone without offer", "remove", "addPhone without offer");
        DialogId dialog = carrier.named();
        carrier.answers(dialog, "a", "v=0 answer");
        assertThat(placing.answered().toCompletableFuture().join()).isEmpty();
        assertThat(carrier.lastRow().trunk()).isEqualTo("two");
    }

    @Test
    void noOtherTrunkIsCalledOnceTheFarEndRang() {
        carrier.ways.add(carrier.way("two"));
        carrier.place();
        carrier.named();
        carrier.rings();
        carrier.refuses(503, "Unavailable");
        assertThat(carrier.bench.words()).containsExactly("Invite");
        assertThat(carrier.bench.ended).containsExactly("carrier_failed");
    }

    @Test
    void aTrunkThatIsFullByNowIsPassedOverForTheNext() {
        List<String> full = new ArrayList<>();
        for (String trunk : List.of("two", "three")) {
            carrier.ways.add(carrier.way(trunk, limited(() -> full.contains(trunk))));
        }
        carrier.place();
        carrier.named();
        full.add("two");
        carrier.refuses(503, "Unavailable");
        assertThat(carrier.bench.words()).containsExactly("Invite", "Invite");
        carrier.named();
        carrier.refuses(486, "Busy Here");
        assertThat(carrier.lastRow().trunk()).isEqualTo("three");
    }

    @Test
    void theCarriersFailureIsToldWhereNoTrunkIsLeftThatIsNotFull() {
        carrier.ways.add(carrier.way("two", limited(() -> true)));
        carrier.place();
        carrier.named();
        carrier.refuses(503, "Unavailable");
        assertThat(carrier.bench.words()).containsExactly("Invite");
        assertThat(carrier.bench.ended).containsExactly("carrier_failed");
        assertThat(carrier.lastRow().trunk()).isEqualTo("one");
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
        carrier.ways.add(carrier.way("two"));
        carrier.place();
        carrier.named();
        carrier.refuses(486, "Busy Here");
        assertThat(carrier.bench.words()).containsExactly("Invite");
        assertThat(carrier.bench.ended).containsExactly("busy");
    }

    @Test
    void aCarrierThatSaysNothingAndANameWithoutAddressAreFollowedByTheNext() {
        carrier.ways.add(carrier.way("two"));
        carrier.ways.add(carrier.way("three"));
        Deque<Roads.Found> found =
                new ArrayDeque<>(
                        List.of(CarrierBench.ROAD, new Roads.NoAddress(), CarrierBench.ROAD));
        carrier.roads = (_, answer) -> answer.accept(found.remove());
        carrier.place();
        carrier.named();
        carrier.saysNothing();
        assertThat(carrier.bench.words()).containsExactly("Invite", "Invite");
        carrier.named();
        carrier.refuses(500, "Server Error");
        assertThat(carrier.bench.ended).containsExactly("carrier_failed");
        assertThat(carrier.lastRow().trunk()).isEqualTo("three");
    }

    @Test
    void aNameWithoutAddressEndsTheCallAsUnreachable() {
        carrier.roads = (_, answer) -> answer.accept(new Roads.NoAddress());
        carrier.place();
        assertThat(carrier.bench.words()).isEmpty();
        assertThat(carrier.bench.ended).containsExactly("carrier_unreachable");
    }

    @ParameterizedTest
    @CsvSource({"2001:db8::7, IPv6", "192.0.2.7, IPv4"})
    void anAddressOfAFamilyThatIsNotBoundEndsTheCallWithItsOwnSentence(
            String address, String family) {
        carrier.roads =
                (_, answer) -> answer.accept(new Roads.NotBound(InetAddress.ofLiteral(address)));
        carrier.place();
        assertThat(carrier.bench.words()).isEmpty();
        assertThat(carrier.bench.ended).containsExactly("carrier_unreachable");
        assertThat(carrier.lastRow().endText())
                .isEqualTo(
                        "%s is called, and network.bind has no %s address to call it from.",
                        address, family);
        assertThat(carrier.lastRow().endCulprit()).isEqualTo("us");
    }

    @Test
    void anAddressOfAFamilyThatIsNotBoundIsFollowedByTheNextTrunk() {
        carrier.ways.add(carrier.way("two"));
        Deque<Roads.Found> found =
                new ArrayDeque<>(
                        List.of(
                                new Roads.NotBound(InetAddress.ofLiteral("2001:db8::7")),
                                CarrierBench.ROAD));
        carrier.roads = (_, answer) -> answer.accept(found.remove());
        carrier.place();
        assertThat(carrier.bench.words()).containsExactly("Invite");
        carrier.named();
        carrier.refuses(500, "Server Error");
        assertThat(carrier.lastRow().trunk()).isEqualTo("two");
    }

    @Test
    void aRedirectionIsFollowedWhereThePolicySaysSoAndNeverInACircle() {
        carrier.followsRedirections();
        carrier.place();
        carrier.named();
        carrier.redirects("sip:other@carrier.test");
        assertThat(carrier.bench.words()).containsExactly("Invite", "Invite");
        carrier.named();
        carrier.redirects("sip:other@carrier.test");
        assertThat(carrier.bench.words()).containsExactly("Invite", "Invite");
        assertThat(carrier.bench.ended).containsExactly("carrier_failed");
    }

    @Test
    void whatSoundedBeforeTheCallWasSentElsewhereIsForgotten() {
        carrier.followsRedirections();
        carrier.place();
        DialogId dialog = carrier.named();
        carrier.bench.raise(carrier.progress(183, "f", "v=0 here"));
        carrier.updates(2, dialog, "v=0 moved");
        carrier.redirects("sip:other@carrier.test");
        DialogId there = carrier.named();
        carrier.bench.raise(carrier.progress(183, "f", "v=0 there"));
        carrier.answers(there, "f", "v=0 there");
        assertThat(carrier.bench.media.asked)
                .containsSubsequence(
                        "early answer v=0 here",
                        "early answer v=0 there",
                        "called answer v=0 there");
    }

    @Test
    @Tag("RFC3263§4.3")
    void aCarriersOtherFamilyIsCalledWithAnOfferOfItsOwn() {
        carrier.ways.add(carrier.way("two"));
        carrier.roads = (_, answer) -> answer.accept(BOTH_FAMILIES);
        Placing placing = carrier.place();
        carrier.named();
        assertDialled("2001:db8::1", true, "2001:db8::9", "2001:db8::10");
        carrier.saysNothing();
        DialogId dialog = carrier.named();
        assertDialled("192.0.2.1", false, "192.0.2.9");
        assertThat(carrier.bench.media.asked)
                .containsSubsequence("addPhone without offer", "remove", "addPhone without offer");
        carrier.answers(dialog, "a", "v=0 answer");
        assertThat(placing.answered().toCompletableFuture().join()).isEmpty();
        assertThat(carrier.lastRow().trunk()).isEqualTo("one");
    }

    @Test
    void theNextTrunkIsCalledOnceBothFamiliesHaveFailed() {
        carrier.ways.add(carrier.way("two"));
        carrier.roads = (_, answer) -> answer.accept(BOTH_FAMILIES);
        carrier.place();
        carrier.named();
        carrier.refuses(503, "Unavailable");
        assertDialled("192.0.2.1", false, "192.0.2.9");
        carrier.named();
        carrier.saysNothing();
        assertDialled("2001:db8::1", true, "2001:db8::9", "2001:db8::10");
        carrier.named();
        carrier.refuses(486, "Busy Here");
        assertThat(carrier.lastRow().trunk()).isEqualTo("two");
    }

    @Test
    void theOtherFamilyIsNotCalledOnceTheFarEndRangOrHasRefused() {
        carrier.roads = (_, answer) -> answer.accept(BOTH_FAMILIES);
        carrier.place();
        carrier.named();
        carrier.rings();
        carrier.saysNothing();
        carrier.place();
        carrier.named();
        carrier.refuses(500, "Server Error");
        assertThat(carrier.bench.words()).containsExactly("Invite", "Invite");
        assertThat(carrier.bench.ended).containsExactly("carrier_unreachable", "carrier_failed");
    }

    @Test
    void givenUpWhileItsSecondOfferIsMadeItIsNotSent() {
        carrier.roads = (_, answer) -> answer.accept(BOTH_FAMILIES);
        carrier.place();
        carrier.named();
        CompletableFuture<Outcome> made = new CompletableFuture<>();
        carrier.bench.media.outcome = () -> made;
        carrier.saysNothing();
        carrier.bench.switchboard.live().hangUp(carrier.lastRow().id());
        made.complete(FakeMedia.accepted("our sdp").toCompletableFuture().join());
        carrier.bench.signal.run();
        assertThat(carrier.bench.words()).containsExactly("Invite");
        assertThat(carrier.bench.ended).containsExactly("cancelled");
        assertThat(carrier.bench.switchboard.liveCount()).isZero();
    }

    @Test
    void itsRingTimeoutHoldsForBothFamiliesTogether() {
        carrier.roads = (_, answer) -> answer.accept(BOTH_FAMILIES);
        carrier.place();
        carrier.named();
        carrier.bench.signal.pass(CarrierBench.RING.minusSeconds(1));
        carrier.saysNothing();
        carrier.named();
        carrier.bench.signal.pass(Duration.ofSeconds(1));
        assertThat(carrier.bench.words()).containsExactly("Invite", "Invite", "Cancel");
    }

    @Test
    void whereARedirectionLeadsIsLookedUpAndOfferedToAnew() {
        carrier.followsRedirections();
        List<String> sought = new ArrayList<>();
        carrier.roads =
                (uri, answer) -> {
                    sought.add(uri.host());
                    answer.accept(sought.size() == 1 ? BOTH_FAMILIES : CarrierBench.ROAD);
                };
        carrier.place();
        carrier.named();
        carrier.redirects("sip:other@media.carrier.test");
        assertThat(sought).containsExactly("carrier.test", "media.carrier.test");
        assertDialled("192.0.2.1", false, "192.0.2.9");
        carrier.named();
        carrier.saysNothing();
        assertThat(carrier.bench.words()).containsExactly("Invite", "Invite");
        assertThat(carrier.bench.ended).containsExactly("carrier_unreachable");
    }

    /** The last INVITE: what its offer names as ours, and to whom it goes. */
    private void assertDialled(String ours, boolean others, String... theirs) {
        Envelope envelope = carrier.invite().envelope();
        assertThat(carrier.bench.media.phonesAt.getLast()).isEqualTo(InetAddress.ofLiteral(ours));
        assertThat(envelope.targets())
                .extracting(target -> target.address().getAddress())
                .isEqualTo(Arrays.stream(theirs).map(InetAddress::ofLiteral).toList());
        assertThat(envelope.others()).isEqualTo(others);
    }

    @Test
    void aRedirectionElsewhereIsNotFollowed() {
        carrier.place();
        carrier.named();
        carrier.redirects("sip:premium@evil.example");
        assertThat(carrier.bench.words()).containsExactly("Invite");
        assertThat(carrier.bench.ended).containsExactly("carrier_failed");
        assertThat(carrier.lastRow().endText()).contains("evil.example").doesNotContain("premium@");
    }
}

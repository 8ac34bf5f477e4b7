package dev.roomline.sip.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.Flow;
import dev.roomline.sip.endpoint.TransportKind;
import dev.roomline.sip.transport.ArrivalQueue.Entry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Who is served first, and who not at all, while messages come faster than they are served. */
class ArrivalQueueTest {
    private static final long MILLI = 1_000_000L;
    private static final String BYE = "BYE sip:x SIP/2.0\r\nTo: <sip:x>;tag=1\r\n\r\n";

    private final ArrivalQueue queue =
            new ArrivalQueue(
                    (source, nonce, nowNanos) ->
                            nonce.equals("ours") || source.equals(address(250, 1)),
                    new SplittableRandom(3));
    private long nowNanos = 5_000_000_000L;

    @Test
    void aFloodOfStrangersStandsBehindLivingCallsAndThoseWhoAreKnown() {
        for (int i = 0; i < 1_000; i++) {
            enter(1, stranger("s" + i));
        }
        enter(1, known("k"));
        enter(1, BYE);

        assertThat(next(3)).contains(Rank.LIVING, Rank.KNOWN);
    }

    @Test
    void aFloodOfForgedTagsOrOfTheKnownLeavesAnEighthToEachOfTheOthers() {
        for (int i = 0; i < 500; i++) {
            enter(1, BYE);
            enter(1, known("k" + i));
            enter(1, stranger("s" + i));
        }
        Map<Rank, Integer> served = new HashMap<>();
        next(80).forEach(rank -> served.merge(rank, 1, Integer::sum));

        assertThat(served)
                .containsEntry(Rank.STRANGER, 10)
                .containsEntry(Rank.KNOWN, 10)
                .containsEntry(Rank.LIVING, 60);
    }

    @Test
    void aForgedNonceMakesNobodyKnownAndATrunksAddressDoes() {
        enter(1, invite("a", "Proxy-Authorization: Digest nonce=\"forged\"\r\n"));
        enter(1, invite("b", "Proxy-Authorization: Digest nonce=\"ours\"\r\n"));
        queue.enter(flow(250, 1), bytes(stranger("c")), nowNanos);

        assertThat(queue.waiting(Rank.STRANGER)).isEqualTo(1);
        assertThat(queue.waiting(Rank.KNOWN)).isEqualTo(2);
    }

    @Test
    void whoSendsAThousandWaitsBehindHisOwnAndOthersBesideThem() {
        for (int i = 0; i < 1_000; i++) {
            enter(1, stranger("flood" + i));
        }
        for (int source = 2; source < 12; source++) {
            enter(source, stranger("call"));
        }
        long others =
                nextArrivals(24).stream().filter(a -> !a.flow.remote().equals(remote(1))).count();

        // a line is shared by a hash: at most one or two of the ten stand in the flood's own
        assertThat(others).isGreaterThanOrEqualTo(8);
    }

    @Test
    void aFloodFromManyForgedSourcesDoesNotKeepOutWhoHoldsANonceOfOurs() {
        for (int i = 0; i < 20_000; i++) {
            queue.enter(flow(i / 250 % 200, i % 250), bytes(stranger("f" + i)), nowNanos);
        }
        enter(7, known("honest"));

        assertThat(next(2)).contains(Rank.KNOWN);
    }

    @Test
    void inTheOrderOfComingUntilTheFirstHasWaitedATenthOfASecondThenTheNewestFirst() {
        enter(1, stranger("a"));
        enter(1, stranger("b"));
        enter(1, stranger("c"));
        assertThat(nextBranch()).isEqualTo("a");

        nowNanos += 101 * MILLI;
        enter(1, stranger("d"));

        assertThat(nextBranch()).isEqualTo("d");
        assertThat(nextBranch()).isEqualTo("c");
    }

    @Test
    void livingCallsAndTheKnownKeepTheOrderOfComingHoweverLongTheyWait() {
        for (String each : List.of("a", "b", "c")) {
            enter(1, known(each));
        }
        nowNanos += 900 * MILLI;
        assertThat(nextBranch() + nextBranch() + nextBranch()).isEqualTo("abc");
    }

    @Test
    void aStrangerIsLateAfterFourTenthsOfASecondTheKnownAfterOneAndALivingCallNever() {
        enter(1, stranger("s"));
        enter(1, known("k"));
        enter(1, BYE);
        nowNanos += 400 * MILLI;
        List<Arrival> all = nextArrivals(3);

        assertThat(all).noneMatch(each -> each.isOverdue(nowNanos));
        nowNanos += 1;
        assertThat(late(all)).containsExactly(Rank.STRANGER);
        nowNanos += 600 * MILLI;
        assertThat(late(all)).containsExactlyInAnyOrder(Rank.STRANGER, Rank.KNOWN);
        nowNanos += 3_600_000 * MILLI;
        assertThat(late(all)).doesNotContain(Rank.LIVING);
    }

    @Test
    void thoseWhoAreLateAndThoseWhoAreNotTakeTurns() {
        for (int i = 0; i < 100; i++) {
            enter(1, stranger("old" + i));
        }
        nowNanos += 500 * MILLI;
        for (int i = 0; i < 100; i++) {
            enter(1, stranger("new" + i));
        }
        long late = nextArrivals(40).stream().filter(each -> each.isOverdue(nowNanos)).count();

        assertThat(late).isEqualTo(20);
    }

    @Test
    void whoIsLateIsToldSoThoughItsLineHasNoTurn() {
        for (int source = 1; source < 200; source++) {
            enter(source, stranger("s"));
        }
        nowNanos += 401 * MILLI;
        for (int i = 0; i < 199; i++) {
            assertThat(nextArrivals(1)).allMatch(each -> each.isOverdue(nowNanos));
        }
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aRepetitionOfWhoWaitsIsAbsorbedAndOfWhoHasBeenServedIsNot() {
        assertThat(enter(1, stranger("a"))).isEqualTo(Entry.WAITS);
        assertThat(enter(1, stranger("a"))).isEqualTo(Entry.ABSORBED);
        assertThat(enter(2, stranger("a"))).as("another's").isEqualTo(Entry.WAITS);
        assertThat(enter(1, stranger("a").replace("INVITE", "OPTIONS"))).isEqualTo(Entry.WAITS);
        assertThat(queue.waiting()).isEqualTo(3);

        nextArrivals(3);
        assertThat(enter(1, stranger("a"))).isEqualTo(Entry.WAITS);
    }

    @Test
    void aCancelOfAWaitingInviteStandsBehindItAndOvertakesNothing() {
        enter(1, stranger("a"));
        enter(1, stranger("b"));
        assertThat(enter(1, cancel("b"))).isEqualTo(Entry.WAITS);
        assertThat(enter(1, cancel("b"))).isEqualTo(Entry.ABSORBED);
        enter(1, stranger("c"));

        assertThat(methods(4)).containsExactly("INVITE a", "INVITE b", "CANCEL b", "INVITE c");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void theCancelOfALateInviteFollowsItToo() {
        enter(1, stranger("a"));
        enter(1, cancel("a"));
        nowNanos += 500 * MILLI;
        enter(1, BYE);

        List<Arrival> all = nextArrivals(3);
        Arrival invite = all.stream().filter(each -> each.key != null).findFirst().orElseThrow();
        assertThat(invite.isOverdue(nowNanos)).isTrue();
        Arrival after = all.get(all.indexOf(invite) + 1);
        assertThat(new String(after.bytes, US_ASCII)).startsWith("CANCEL");
        assertThat(after.isOverdue(nowNanos)).isFalse();
    }

    @Test
    void aCancelOfAnotherSourceOrOfWhoHasBeenServedGoesItsOwnWay() {
        enter(1, stranger("a"));
        enter(2, cancel("a"));
        enter(1, cancel("gone"));

        assertThat(methods(2)).containsExactly("CANCEL a", "CANCEL gone");
    }

    @Test
    void anAckAndAnAnswerStandWithLivingCalls() {
        enter(1, "ACK sip:x SIP/2.0\r\nTo: <sip:x>\r\n\r\n");
        enter(1, "SIP/2.0 200 OK\r\n\r\n");
        enter(1, "garbage");
        assertThat(queue.waiting(Rank.LIVING)).isEqualTo(2);
        assertThat(queue.waiting(Rank.STRANGER)).isEqualTo(1);
    }

    @Test
    void memoryIsBoundedAndWhoHoldsMostLosesHisOldest() {
        enter(9, stranger("modest"));
        for (int i = 0; i < 50_000; i++) {
            enter(1, stranger("flood" + i));
        }
        assertThat(queue.octets()).isLessThanOrEqualTo(FairLine.MOST_OCTETS);
        assertThat(queue.dropped() + queue.waiting()).isEqualTo(50_001);

        List<String> left = methods(queue.waiting());
        assertThat(left).contains("INVITE modest", "INVITE flood49999");
        assertThat(left).doesNotContain("INVITE flood0");
        assertThat(queue.octets()).isZero();
        assertThat(enter(1, stranger("flood0"))).as("forgotten").isEqualTo(Entry.WAITS);
    }

    @Test
    void afterAnyTrafficNothingIsLeftAndEverythingIsCounted() {
        SplittableRandom random = new SplittableRandom(11);
        long entered = 0;
        long absorbed = 0;
        long served = 0;
        for (int i = 0; i < 100_000; i++) {
            nowNanos += random.nextLong(400_000);
            String branch = "b" + random.nextInt(300);
            String message =
                    switch (random.nextInt(5)) {
                        case 0 -> BYE;
                        case 1 -> cancel(branch);
                        case 2 -> known(branch);
                        default -> stranger(branch) + "x".repeat(random.nextInt(9_000));
                    };
            entered++;
            absorbed += enter(random.nextInt(1, 40), message) == Entry.ABSORBED ? 1 : 0;
            served += random.nextInt(3) == 0 ? nextArrivals(1).size() : 0;
            assertThat(queue.octets()).isLessThanOrEqualTo(3 * FairLine.MOST_OCTETS);
        }
        while (!queue.isEmpty()) {
            served += nextArrivals(1).size();
        }
        assertThat(served + absorbed + queue.dropped()).isEqualTo(entered);
        assertThat(queue.dropped()).isPositive();
        assertThat(queue.octets()).isZero();
    }

    @Test
    void theLongestWaitIsOfWhoWasServedOrWaitsStill() {
        assertThat(queue.takeLongestNanos(Rank.KNOWN, nowNanos)).isZero();
        enter(1, known("a"));
        nowNanos += 70 * MILLI;
        nextArrivals(1);
        enter(1, known("b"));
        nowNanos += 30 * MILLI;

        assertThat(queue.takeLongestNanos(Rank.KNOWN, nowNanos)).isEqualTo(70 * MILLI);
        assertThat(queue.takeLongestNanos(Rank.KNOWN, nowNanos)).isEqualTo(30 * MILLI);
        assertThat(queue.takeLongestNanos(Rank.STRANGER, nowNanos)).isZero();
    }

    private List<Rank> late(List<Arrival> of) {
        return of.stream().filter(each -> each.isOverdue(nowNanos)).map(each -> each.rank).toList();
    }

    private Entry enter(int source, String message) {
        return queue.enter(flow(0, source), bytes(message), nowNanos);
    }

    private List<Arrival> nextArrivals(int count) {
        List<Arrival> next = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Arrival arrival = queue.next(nowNanos);
            if (arrival != null) {
                next.add(arrival);
            }
        }
        return next;
    }

    private List<Rank> next(int count) {
        return nextArrivals(count).stream().map(each -> each.rank).toList();
    }

    private String nextBranch() {
        return Glance.at(nextArrivals(1).getFirst().bytes).branch();
    }

    private List<String> methods(int count) {
        return nextArrivals(count).stream()
                .map(each -> Glance.at(each.bytes))
                .map(glance -> glance.method() + ' ' + glance.branch())
                .toList();
    }

    private static String stranger(String branch) {
        return invite(branch, "");
    }

    private static String known(String branch) {
        return invite(branch, "Proxy-Authorization: Digest nonce=\"ours\"\r\n");
    }

    private static String invite(String branch, String more) {
        return "INVITE sip:room@x SIP/2.0\r\nVia: SIP/2.0/UDP h;branch="
                + branch
                + "\r\nTo: <sip:room@x>\r\n"
                + more
                + "\r\n";
    }

    private static String cancel(String branch) {
        return stranger(branch).replace("INVITE", "CANCEL");
    }

    private static byte[] bytes(String message) {
        return message.getBytes(US_ASCII);
    }

    private static InetSocketAddress remote(int source) {
        return new InetSocketAddress(address(0, source), 5062);
    }

    private static Flow flow(int network, int source) {
        return new Flow(
                TransportKind.UDP,
                new InetSocketAddress(address(0, 0), 5060),
                new InetSocketAddress(address(network, source), 5062),
                0);
    }

    private static InetAddress address(int third, int fourth) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) 198, 51, (byte) third, (byte) fourth});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}

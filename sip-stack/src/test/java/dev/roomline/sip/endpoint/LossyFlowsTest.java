package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.refer.Referral;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two endpoints over a seeded wire that loses, doubles and reorders, with all that a call may know:
 * reliable ringing, session timers by UPDATE and by INVITE, changes of the session that cross,
 * REFER with its NOTIFYs. No call is lost but where nothing came through for half a minute, each
 * end is told once, and nothing is left in any table of either.
 */
class LossyFlowsTest {
    private static final int CALLS = 360;
    private static final List<String> WITH_UPDATE =
            List.of(
                    "INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "INFO", "UPDATE", "PRACK", "REFER",
                    "NOTIFY");

    private static List<String> served(boolean update) {
        List<String> served = new ArrayList<>(WITH_UPDATE);
        if (!update) {
            served.remove("UPDATE");
        }
        return served;
    }

    @ParameterizedTest(name = "{0} % lost, seed {1}, refreshed by UPDATE: {2}")
    @CsvSource({
        "0, 1, true",
        "0, 2, false",
        "20, 3, true",
        "20, 4, false",
        "20, 5, true",
        "20, 6, false",
        "40, 7, true"
    })
    @Tag("RFC3262§3")
    @Tag("RFC3262§4")
    @Tag("RFC3311§5.1")
    @Tag("RFC3311§5.2")
    @Tag("RFC3515§2.4.4")
    @Tag("RFC4028§10")
    void no_call_is_lost_and_none_stuck(int percent, long seed, boolean update) {
        LossyWire wire = new LossyWire(seed, percent / 100.0);
        LossyParty caller = new LossyParty("192.0.2.1", seed, wire, served(true));
        LossyParty callee = new LossyParty("192.0.2.9", seed + 100, wire, served(update));
        caller.opposite(callee);
        callee.opposite(caller);
        for (long number = 0; number < CALLS; number++) {
            long next = number;
            wire.in(number * 40, () -> caller.place(next));
        }
        run(wire, caller, callee);

        System.out.printf(
                "lossy flows: calls=%d loss_each_way=%d%% gave_up=%s/%s reliable=%d refreshes=%d glares=%d agreed=%d referrals=%d%n",
                CALLS,
                percent,
                caller.whyGivenUp,
                callee.whyGivenUp,
                caller.rangReliably,
                caller.refreshes + callee.refreshes,
                caller.glares + callee.glares,
                caller.changesAgreed + callee.changesAgreed,
                caller.referrals.size());
        assertThat(caller.unexplained).isEmpty();
        assertThat(callee.unexplained).isEmpty();
        assertThat(caller.endings).hasSize(CALLS);
        assertThat(caller.endpoint.tables().values())
                .as("%s", caller.endpoint.tables())
                .containsOnly(0);
        assertThat(callee.endpoint.tables().values())
                .as("%s", callee.endpoint.tables())
                .containsOnly(0);
        int each = CALLS / LossyPlan.values().length;
        if (percent <= 20) {
            assertThat(caller.gaveUp + callee.gaveUp).isLessThanOrEqualTo(percent == 0 ? 0 : 4);
            assertThat(caller.referrals.values())
                    .hasSizeGreaterThanOrEqualTo(each - 2)
                    .allMatch(referral -> referral.phase() == Referral.Phase.TRANSFERRED);
            // each of the four long plans is refreshed five times and more
            assertThat(caller.refreshes + callee.refreshes).isGreaterThan(each * 5);
            assertThat(caller.changesAgreed + callee.changesAgreed)
                    .isGreaterThanOrEqualTo(2 * each * (update ? 2 : 1) - 4);
            assertThat(caller.glares + callee.glares).isPositive();
        }
    }

    private static void run(LossyWire wire, LossyParty caller, LossyParty callee) {
        boolean more = true;
        while (more) {
            boolean callerFirst =
                    caller.endpoint.nextDeadlineNanos() <= callee.endpoint.nextDeadlineNanos();
            LossyParty first = callerFirst ? caller : callee;
            more = wire.step(first.endpoint, first::deadline);
            assertThat(wire.nowMillis()).as("it comes to an end").isLessThan(2_000_000);
        }
    }
}

package dev.roomline.bridge.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** When the server says that it has enough, and what it lets in meanwhile; in virtual time. */
final class OverloadControlTest {
    private static final Duration STEP = Duration.ofMillis(250);

    private final OverloadControl control = new OverloadControl();
    private long nowNanos = 1_000_000_000L;
    private Overload now = Overload.NONE;

    private Overload after(Duration time, Vitals vitals) {
        long until = nowNanos + time.toNanos();
        while (nowNanos < until) {
            nowNanos += STEP.toNanos();
            now = control.sample(vitals, nowNanos);
        }
        return now;
    }

    private static Vitals media(double utilisation) {
        return new Vitals(utilisation, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static Vitals late(double share) {
        return new Vitals(0, share, 0, 0, 0, 0, 0, 0, 0);
    }

    private static Vitals signal(double utilisation) {
        return new Vitals(0, 0, utilisation, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void aShortPeakIsNoOverload() {
        assertThat(after(Duration.ofSeconds(1), media(1)).active()).isFalse();
        assertThat(after(Duration.ofSeconds(1), media(0.5)).active()).isFalse();
        assertThat(after(Duration.ofSeconds(2), media(1)).active()).isFalse();
        assertThat(after(Duration.ofMillis(500), media(1)).active()).isTrue();
    }

    @Test
    void whatCallsInProgressCostLetsNobodyIn() {
        Overload overload = after(Duration.ofSeconds(4), late(0.5));

        assertThat(overload.active()).isTrue();
        assertThat(overload.admittedShare()).isZero();
        assertThat(overload.because())
                .containsExactly("media ticks begin late (0.50 of them, limit 0.25)");
        assertThat(overload.strains().get(Strain.LATE_TICKS))
                .isEqualTo(2, org.assertj.core.api.Assertions.within(1e-9));
    }

    @Test
    void betweenReliefAndLimitItStaysAsItIs() {
        assertThat(after(Duration.ofMinutes(1), media(0.85)).active()).isFalse();
        after(Duration.ofSeconds(3), media(0.95));

        assertThat(after(Duration.ofMinutes(1), media(0.85)).active()).isTrue();
        assertThat(now.admittedShare()).isZero();
    }

    /** Media at 0.80 is healthy: a flood of a second must not refuse all calls for hours. */
    @Test
    void aBurstOfSignallingWhileMediaIsBusyButBearsItIsOverWithTheBurst() {
        after(Duration.ofMinutes(1), media(0.80));

        after(Duration.ofMillis(1_250), new Vitals(0.80, 0.1, 1, 0, 0, 0, 0, 0, 0.9));

        assertThat(now.active()).isTrue();
        assertThat(now.admittedShare()).isBetween(0.3, 0.6);
        assertThat(now.because()).hasSize(1).first().asString().startsWith("signalling is busy");
        assertThat(after(Duration.ofMillis(5_250), media(0.80)).active()).isFalse();
        assertThat(now.admittedShare()).isEqualTo(1);
    }

    @Test
    void whoNeedsNewCallsToStayAwayIsHeardWhileABurstGoesOn() {
        after(Duration.ofSeconds(3), new Vitals(0.95, 0, 1, 0, 0, 0, 0, 0, 0));
        assertThat(now.admittedShare()).isZero();

        after(Duration.ofMillis(5_500), new Vitals(0.5, 0, 1, 0, 0, 0, 0, 0, 0));

        assertThat(now.active()).isTrue();
        assertThat(now.admittedShare()).isPositive();
    }

    @Test
    void itEndsFiveSecondsAfterEverythingIsRelievedAndNotBefore() {
        after(Duration.ofSeconds(3), media(0.95));

        assertThat(after(Duration.ofSeconds(5), media(0.5)).active()).isTrue();
        assertThat(now.because())
                .as("there is a reason as long as calls are shed")
                .containsExactly("what was too much has been relieved for less than 5 s");
        assertThat(after(STEP, media(0.5)).active()).isFalse();
        assertThat(now.admittedShare()).isEqualTo(1);
        assertThat(now.because()).isEmpty();
        assertThat(now.times()).isEqualTo(1);
        assertThat(now.seconds()).isBetween(5.0, 7.0);
    }

    @Test
    void aRelapseStartsTheFiveSecondsAnew() {
        after(Duration.ofSeconds(3), media(0.95));
        after(Duration.ofSeconds(4), media(0.5));
        after(STEP, media(0.8));

        assertThat(after(Duration.ofSeconds(5), media(0.5)).active()).isTrue();
        assertThat(after(STEP, media(0.5)).active()).isFalse();
    }

    @Test
    void callsThatWaitToBeLookedAtAreOverloadAfterTwoSeconds() {
        Vitals waiting = new Vitals(0, 0, 0, 0, 0.3, 0, 0, 0, 0);
        after(Duration.ofSeconds(2), waiting);

        assertThat(now.active()).isFalse();
        assertThat(after(STEP, waiting).because())
                .containsExactly("calls wait to be looked at (0.300 s, limit 0.250)");
    }

    /** A flood from forged addresses must not shut out who has shown where he is. */
    @Test
    void thoseWhoAreKnownAreLetInUntilStrangersCanBeLetInNoLess() {
        after(Duration.ofMinutes(1), new Vitals(0, 0, 1, 0, 0.4, 0, 0, 0, 0));

        assertThat(now.admittedShare()).isEqualTo(0.01);
        assertThat(now.admittedKnown()).isEqualTo(1);
    }

    @Test
    void thoseWhoAreKnownArePaidForByStrangersFirstAndRegulatedByTheirOwnCallsThen() {
        Vitals known = new Vitals(0, 0, 1, 0, 0.4, 0.5, 0, 0, 0);
        after(Duration.ofMillis(1_500), known);
        assertThat(now.admittedShare()).isLessThan(0.5);
        assertThat(now.admittedKnown()).isEqualTo(1);

        after(Duration.ofSeconds(60), known);
        assertThat(now.admittedKnown()).isEqualTo(0.01);

        after(Duration.ofSeconds(4), new Vitals(0, 0, 1, 0, 0.4, 0.1, 0, 0, 0));
        assertThat(now.admittedShare()).isEqualTo(0.01);
        assertThat(now.admittedKnown()).isGreaterThan(0.03);
    }

    @Test
    void aQueueThatRefusesIsOverloadAtOnce() {
        Vitals refusing = new Vitals(0, 0, 0, 0, 0, 0, 1.5, 0, 0);
        after(STEP, refusing);

        assertThat(after(STEP, refusing).active()).isTrue();
    }

    @Test
    void theHeapMustBeFullForLongerThanACollection() {
        Vitals full = new Vitals(0, 0, 0, 0, 0, 0, 0, 0, 0.97);

        assertThat(after(Duration.ofSeconds(10), full).active()).isFalse();
        assertThat(after(Duration.ofSeconds(1), full).active()).isTrue();
        assertThat(now.admittedShare()).isZero();
    }

    /**
     * Callers offer so many times what signalling bears; refusing costs a twentieth of serving. The
     * share let in settles where the loop is busy but not drowned, and it stays overloaded: it does
     * not swing between all and nothing.
     */
    @Test
    void underThreeTimesTheCapacityTheLoopWorksAtItsLimit() {
        double offered = 3;
        UnaryOperator<Overload> step =
                before -> {
                    double share = before.admittedShare();
                    double busy = Math.min(1, offered * (share + (1 - share) / 20));
                    nowNanos += STEP.toNanos();
                    return control.sample(signal(busy), nowNanos);
                };
        for (int i = 0; i < 40; i++) {
            now = step.apply(now);
        }
        assertThat(now.active()).isTrue();

        double least = 1;
        double most = 0;
        for (int i = 0; i < 400; i++) {
            now = step.apply(now);
            assertThat(now.active()).isTrue();
            least = Math.min(least, now.admittedShare());
            most = Math.max(most, now.admittedShare());
        }
        // what it bears is near a third, less what refusing costs
        assertThat(least).isGreaterThan(0.20);
        assertThat(most).isLessThan(0.32);
    }

    @Test
    void whenTheFloodEndsEverythingIsLetInAgain() {
        after(Duration.ofSeconds(30), signal(1));
        assertThat(now.admittedShare()).isLessThan(0.05);

        after(Duration.ofSeconds(6), signal(0.1));

        assertThat(now.active()).isFalse();
        assertThat(now.admittedShare()).isEqualTo(1);
    }

    @Test
    void lagCutsTheShareFasterThanBusyness() {
        Vitals lagging = new Vitals(0, 0, 0.5, 1.0, 0, 0, 0, 0, 0);
        after(Duration.ofMillis(1_250), lagging);
        assertThat(now.active()).isTrue();
        double first = now.admittedShare();

        after(STEP, lagging);

        assertThat(now.admittedShare()).isEqualTo(first / 2);
    }
}

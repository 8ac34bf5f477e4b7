package dev.roomline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bench.Aim.Verdict;
import dev.roomline.bench.WatchedSeconds.Count;
import dev.roomline.bench.WatchedSeconds.Judgement;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WatchedSecondsTest {
    private static Judgement judgement(Count ours, Count all) {
        return new Judgement(40, 22, ours, all, List.of());
    }

    @Test
    void whatWasJudgedAndWhatItIsOverAllStandBesideTheFigure() {
        Aim aim =
                judgement(new Count(2_000, 1, 0, 0, 0), new Count(4_000, 80, 0, 0, 0))
                        .ticksInTime("300 rooms");
        assertThat(aim.verdict()).isEqualTo(Verdict.REACHED);
        assertThat(aim.found())
                .isEqualTo(
                        "0.050 % of 2000 ticks in the 22 of 40 s in which the machine was the server's;"
                                + " over all 40 s 2.000 % of 4000");
        assertThat(Objects.requireNonNull(Aim.read(aim.line()))).isEqualTo(aim);
    }

    @Test
    void whereNothingTickedNoTickIsSaidToBeInTime() {
        Count nothing = new Count(0, 0, 1_000, 1_000, 0);
        Aim aim = judgement(nothing, nothing).ticksInTime("300 rooms");
        assertThat(aim.verdict()).isEqualTo(Verdict.NONE);
        assertThat(aim.found()).isEqualTo("nothing ticked");
        Aim unwatched = judgement(nothing, new Count(4_000, 80, 0, 0, 0)).ticksInTime("300 rooms");
        assertThat(unwatched.verdict()).isEqualTo(Verdict.NONE);
        assertThat(unwatched.found()).startsWith("none of 0 ticks").contains("2.000 % of 4000;");
    }

    @Test
    void secondsThatWereNotTheServersAreAnExcuseAndNothingMore() {
        Count few = new Count(300, 0, 0, 0, 0);
        Judgement held = new Judgement(40, 3, few, new Count(4_000, 4, 0, 0, 0), List.of());
        assertThat(held.ticksInTime("300 rooms").verdict()).isEqualTo(Verdict.REACHED);
        Judgement late = new Judgement(40, 3, few, new Count(4_000, 5, 0, 0, 0), List.of());
        assertThat(late.ticksInTime("300 rooms").verdict()).isEqualTo(Verdict.NONE);
        Count bad = new Count(300, 1, 0, 0, 0);
        Judgement missed = new Judgement(40, 3, bad, new Count(4_000, 5, 0, 0, 0), List.of());
        assertThat(missed.ticksInTime("300 rooms").verdict()).isEqualTo(Verdict.NOT_REACHED);
    }

    @Test
    void packetsThatAreHandedOnCountWhenTheyComeLateOrNotAtAll() {
        Count ours = new Count(0, 0, 10_000, 9_996, 4);
        Aim aim = judgement(ours, ours.and(ours)).packetsInTime("300 rooms");
        assertThat(aim.verdict()).isEqualTo(Verdict.REACHED);
        assertThat(aim.found()).startsWith("0.080 % of 10000 packets in the 22 of 40 s");
        assertThat(judgement(new Count(0, 0, 10_000, 9_989, 0), ours).packetsInTime("").verdict())
                .isEqualTo(Verdict.NOT_REACHED);
        assertThat(judgement(new Count(0, 0, 10_000, 10_000, 11), ours).packetsInTime("").verdict())
                .isEqualTo(Verdict.NOT_REACHED);
    }
}

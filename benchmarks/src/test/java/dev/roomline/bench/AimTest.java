package dev.roomline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bench.Aim.Verdict;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AimTest {
    private static final Spread FIGURES = Spread.of(0.4, 0.45, 0.52);

    @Test
    void theMedianDecidesAndStandsBesideTheBound() {
        assertThat(Aim.ratio("CPU of theirs", FIGURES, 0.45))
                .isEqualTo(new Aim("CPU of theirs", "≤ 0.45", "0.45 (0.40–0.52)", Verdict.REACHED));
        assertThat(Aim.ratio("CPU of theirs", FIGURES, 0.44).verdict())
                .isEqualTo(Verdict.NOT_REACHED);
    }

    @Test
    void nothingMeasuredIsNotReached() {
        assertThat(Aim.ratio("CPU", Spread.of(List.of()), 1).verdict())
                .isEqualTo(Verdict.NOT_REACHED);
    }

    @Test
    void aCheaperServerThatDidNotDoTheWorkHasNoVerdict() {
        Aim cheap = Aim.ratio("CPU", FIGURES, 1).providedThat(false, "all is carried");
        assertThat(cheap.verdict()).isEqualTo(Verdict.NONE);
        assertThat(cheap.found()).contains("it does not hold that all is carried");
        assertThat(Aim.ratio("CPU", FIGURES, 0.1).providedThat(false, "all is carried").verdict())
                .isEqualTo(Verdict.NOT_REACHED);
    }

    @Test
    void itsLineInTheDocumentIsReadAsItWasWritten() {
        List<Aim> aims =
                List.of(
                        Aim.ratio("PCMU ↔ Opus, CPU of Janus': a (b) – c", FIGURES, 0.5),
                        Aim.atMost("late ticks", Spread.of(0.2), 3, 0.1, " %"),
                        Aim.ratio("CPU", FIGURES, 1).providedThat(false, "both (all) hold: yes"));
        for (Aim aim : aims) {
            Aim read = Objects.requireNonNull(Aim.read(aim.line()));
            assertThat(read.line()).isEqualTo(aim.line());
            assertThat(read.verdict()).isEqualTo(aim.verdict());
        }
        assertThat(Aim.read("- rtpengine joins the two phones of a call")).isNull();
    }
}

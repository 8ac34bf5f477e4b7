package dev.roomline.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Each stage alone by JMH, with what it allocates: {@code scripts/bench stages}. Options: {@code
 * only=} a regular expression of names, {@code forks=2}. It fails where a stage of the media path
 * allocates; a SIP message and a connectivity check may. AES-GCM by way of {@code javax.crypto}
 * cannot but allocate: each packet's initialization vector is copied into a parameter object, and
 * from there into the cipher. More than these copies fails too. So does much more than what Netty
 * makes of a datagram that a quiet loop takes.
 */
final class StagesBench {
    /** Less than the smallest object. */
    private static final double MOST_OCTETS = 4;

    /** JMH itself allocates some kilobytes an iteration, which slow stages share out among few. */
    private static final double MOST_OCTETS_PER_MICRO = 0.03;

    private static final List<String> MAY_ALLOCATE = List.of("sipParse", "stunParse");

    /** Netty makes a message, an address and a view of memory of each datagram that it reads. */
    private static final String BY_NETTY = "datagramByQuietLoop";

    private static final double MOST_OCTETS_BY_NETTY = 1_024;

    private static final List<String> BY_THE_JCA = List.of("srtpProtect", "srtpUnprotect");

    /** Two objects and two vectors of 12 octets. */
    private static final double MOST_OCTETS_BY_THE_JCA = 128;

    private final Options options;
    private final PerformancePage page = new PerformancePage("stages");

    StagesBench(Options options) {
        this.options = options;
    }

    boolean run() {
        page.print("Machine: " + Machine.description() + "; load " + Machine.load());
        page.print("");
        page.print("| stage | µs each | allocated each, octets |");
        page.print("|---|---|---|");
        List<String> allocating = new ArrayList<>();
        List<String> byTheJca = new ArrayList<>();
        double byNetty = Double.NaN;
        for (RunResult result : measured()) {
            String name = result.getParams().getBenchmark();
            String stage = name.substring(name.lastIndexOf('.') + 1);
            Result<?> micros = result.getPrimaryResult();
            double octets = allocated(result);
            page.print(
                    String.format(
                            Locale.ROOT,
                            "| %s | %.3f ± %.3f | %.1f |",
                            stage,
                            micros.getScore(),
                            micros.getScoreError(),
                            octets));
            if (octets <= MOST_OCTETS + MOST_OCTETS_PER_MICRO * micros.getScore()
                    || MAY_ALLOCATE.contains(stage)) {
                continue;
            }
            if (stage.equals(BY_NETTY) && octets <= MOST_OCTETS_BY_NETTY) {
                byNetty = octets;
                continue;
            }
            boolean vectors = BY_THE_JCA.contains(stage) && octets <= MOST_OCTETS_BY_THE_JCA;
            (vectors ? byTheJca : allocating).add(stage);
        }
        page.print("");
        page.print(
                allocating.isEmpty()
                        ? "No stage of the media path allocates" + but(byTheJca) + "."
                        : "**Stages of the media path that allocate: %s**"
                                .formatted(String.join(", ", allocating)));
        if (byNetty > 0) {
            page.print("");
            page.print(
                    String.format(
                            Locale.ROOT,
                            "What Netty makes of a datagram that a quiet loop takes: %.0f octets.",
                            byNetty));
        }
        if (options.recorded()) {
            page.write();
        }
        return allocating.isEmpty();
    }

    private static String but(List<String> byTheJca) {
        return byTheJca.isEmpty()
                ? ""
                : ", but for the copies of its vector that `javax.crypto` makes of each packet of AES-GCM ("
                        + String.join(", ", byTheJca)
                        + ")";
    }

    private Collection<RunResult> measured() {
        boolean quick = options.quick();
        try {
            return new Runner(
                            new OptionsBuilder()
                                    .include(options.text("only", "Stage"))
                                    .mode(Mode.AverageTime)
                                    .timeUnit(TimeUnit.MICROSECONDS)
                                    .forks(options.number("forks", 1))
                                    .warmupIterations(quick ? 1 : 3)
                                    .warmupTime(TimeValue.milliseconds(quick ? 200 : 1_000))
                                    .measurementIterations(quick ? 2 : 5)
                                    .measurementTime(TimeValue.milliseconds(quick ? 200 : 1_000))
                                    .jvmArgs(System.getProperty("bench.java_flags", "").split(" "))
                                    .addProfiler(GCProfiler.class)
                                    .build())
                    .run();
        } catch (RunnerException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("rawtypes") // JMH's own face
    private static double allocated(RunResult result) {
        return result.getSecondaryResults().entrySet().stream()
                .filter(each -> each.getKey().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(each -> each.getValue().getScore())
                .findFirst()
                .orElse(Double.NaN);
    }
}

package dev.roomline.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where a server's CPU goes, by Linux' {@code perf}: shares of what its media loops run on, and of
 * all its other threads together. Slows down what it looks at, so nothing is measured meanwhile.
 */
final class CpuProfile {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final double LEAST_PERCENT = 0.5;
    private static final int METHODS = 10;
    private static final String SAMPLES_PER_SECOND = "1999";

    private final Path folder = Workspace.folder("profile");
    private final String pid;

    CpuProfile(long pid) {
        this.pid = Long.toString(pid);
    }

    /** Lines of a table; one line that says so where there is no {@code perf}. */
    List<String> take(int seconds) throws InterruptedException {
        Path data = folder.resolve("perf.data");
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        boolean taken =
                run(List.of("sh", "-c", "command -v perf"))
                        && run(
                                List.of(
                                        "perf",
                                        "record",
                                        "-q",
                                        "-F",
                                        SAMPLES_PER_SECOND,
                                        "-o",
                                        data.toString(),
                                        "-p",
                                        pid,
                                        "--",
                                        "sleep",
                                        Integer.toString(seconds)))
                        && run(List.of(jcmd, pid, "Compiler.perfmap"));
        if (!taken) {
            return List.of("No profile: `perf` (of linux-perf) is not here, or may not look.");
        }
        try (Child report =
                Child.start(
                        "report",
                        folder,
                        List.of(
                                "perf",
                                "report",
                                "-i",
                                data.toString(),
                                "--sort",
                                "comm,dso,sym",
                                "--stdio",
                                "-t",
                                "|"))) {
            report.await(LIMIT);
            return table(report.output());
        }
    }

    private boolean run(List<String> command) throws InterruptedException {
        try (Child child = Child.start("profile", folder, command)) {
            return child.await(LIMIT) == 0;
        }
    }

    private static List<String> table(String report) {
        Map<String, Double> parts = new TreeMap<>();
        Map<String, Double> methods = new TreeMap<>();
        report.lines()
                .filter(line -> line.strip().matches("[\\d.]+%.*"))
                .map(line -> line.split("\\|", 4))
                .filter(fields -> fields.length == 4)
                .forEach(
                        fields -> {
                            double share = Double.parseDouble(fields[0].strip().replace("%", ""));
                            String thread = fields[1].strip();
                            String object = fields[2].strip();
                            parts.merge(part(thread, object, fields[3]), share, Double::sum);
                            if (thread.startsWith("media-") && object.startsWith("[JIT]")) {
                                methods.merge(method(fields[3]), share, Double::sum);
                            }
                        });
        List<String> lines = new ArrayList<>();
        lines.add("| of the server's CPU, by `perf` | % |");
        lines.add("|---|---|");
        rows(parts, Integer.MAX_VALUE).forEach(lines::add);
        lines.add("");
        lines.add("| the dearest methods in Java, with what is inlined there | % |");
        lines.add("|---|---|");
        rows(methods, METHODS).forEach(lines::add);
        return lines;
    }

    private static Stream<String> rows(Map<String, Double> shares, int most) {
        return shares.entrySet().stream()
                .filter(share -> share.getValue() >= LEAST_PERCENT)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(most)
                .map(
                        each ->
                                String.format(
                                        Locale.ROOT,
                                        "| %s | %.1f |",
                                        each.getKey(),
                                        each.getValue()));
    }

    private static String part(String thread, String object, String symbol) {
        if (!thread.startsWith("media-")) {
            return thread.contains("Compiler") || thread.startsWith("C1") || thread.startsWith("C2")
                    ? "compiling"
                    : "other threads";
        }
        if (object.startsWith("[JIT]")) {
            return compiled(symbol);
        }
        if (object.startsWith("libopus") || object.startsWith("libm.")) {
            return "libopus";
        }
        if (object.startsWith("libcrypto")) {
            return "OpenSSL";
        }
        return object.startsWith("[kernel")
                ? "kernel"
                : "the virtual machine, its calls of C, libc";
    }

    /** {@code [.] void dev.roomline.media.room.Tick.play(long, long)} without all but the name. */
    private static String method(String symbol) {
        String head = symbol.split("\\(")[0].strip();
        String name = head.substring(head.lastIndexOf(' ') + 1);
        return "`" + name.replaceFirst("^dev\\.roomline\\.", "") + "`";
    }

    private static String compiled(String symbol) {
        String method = method(symbol).replace("`", "");
        if (method.startsWith("io.netty.")) {
            return "Netty";
        }
        if (method.startsWith("media.")) {
            return "`media." + method.split("\\.")[1] + "`, with what is inlined there";
        }
        return "the rest of Java";
    }
}

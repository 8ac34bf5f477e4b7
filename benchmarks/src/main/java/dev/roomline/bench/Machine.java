package dev.roomline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine that the figures are of. */
final class Machine {
    private Machine() {}

    /** One line. */
    static String description() {
        return "%d × %s, Linux %s, %s %s, %.0f GB of memory"
                .formatted(
                        cores(),
                        field("/proc/cpuinfo", "model name"),
                        System.getProperty("os.version"),
                        System.getProperty("java.vendor.version", "JDK"),
                        Runtime.version(),
                        Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", ""))
                                / 1024.0
                                / 1024.0);
    }

    /** As {@code taskset} wants them: a child has else those that its parent is held to. */
    static String allCores() {
        return "0-" + (cores() - 1);
    }

    /** Of the machine, whatever this process is held to. */
    private static int cores() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return (int) Math.max(1, lines.filter(line -> line.startsWith("processor")).count());
        } catch (IOException unknown) {
            return Runtime.getRuntime().availableProcessors();
        }
    }

    /** What else the machine does: other processes' load moves every figure in time. */
    static String load() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
        } catch (IOException unknown) {
            return "unknown";
        }
    }

    private static String field(String file, String name) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("0");
        } catch (IOException unknown) {
            return "0";
        }
    }
}

package dev.roomline.sip.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams that the kernel dropped since our receive buffer was full: what no counter of ours can
 * see. Linux tells it for each socket in the last column of {@code /proc/net/udp}; elsewhere it is
 * 0. Any thread.
 */
final class KernelDrops {
    private static final long KEEP_NANOS = 1_000_000_000L;
    private static final List<Path> TABLES =
            List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));

    private record Reading(long drops, long atNanos) {}

    private volatile @Nullable Reading last;

    /** As {@link #ofPort}, read at most once a second. */
    long now(int port, long nowNanos) {
        Reading known = last;
        if (known == null || nowNanos - known.atNanos() > KEEP_NANOS) {
            known = new Reading(ofPort(port), nowNanos);
            last = known;
        }
        return known.drops();
    }

    /** For all UDP sockets of this network namespace bound to the port. */
    static long ofPort(int port) {
        long drops = 0;
        for (Path table : TABLES) {
            try {
                drops += ofPort(port, Files.readAllLines(table));
            } catch (IOException notLinux) {
                // nothing is known
            }
        }
        return drops;
    }

    /**
     * @param lines {@code sl local_address rem_address st … drops}, addresses and ports in hex
     */
    static long ofPort(int port, List<String> lines) {
        String suffix = ":%04X".formatted(port);
        long drops = 0;
        for (String line : lines) {
            String[] columns = line.strip().split("\\s+");
            if (columns.length > 12 && columns[1].endsWith(suffix)) {
                drops += number(columns[columns.length - 1]);
            }
        }
        return drops;
    }

    private static long number(String digits) {
        return digits.chars().allMatch(c -> c >= '0' && c <= '9') && digits.length() < 19
                ? Long.parseLong(digits)
                : 0;
    }
}

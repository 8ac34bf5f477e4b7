package dev.roomline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * CPU time of a process: {@code /proc/PID/task/TID/schedstat} summed over its threads, in
 * nanoseconds. A thread that has ended takes its file with it, so what was last read of it is kept:
 * {@link #nanos} is to be called every second or so. Owner: one thread.
 */
final class CpuTime {
    private final Path tasks;
    private final Map<String, Long> byThread = new HashMap<>();

    CpuTime(long pid) {
        tasks = Path.of("/proc", Long.toString(pid), "task");
    }

    /** All that its threads, past and present, have used. */
    long nanos() {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                read(thread);
            }
        } catch (NoSuchFileException | DirectoryIteratorException ended) {
            // the process is over: what was read last stands
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return byThread.values().stream().mapToLong(Long::longValue).sum();
    }

    private void read(Path thread) {
        try {
            String text = Files.readString(thread.resolve("schedstat"));
            byThread.put(
                    String.valueOf(thread.getFileName()),
                    Long.parseLong(text.substring(0, text.indexOf(' '))));
        } catch (IOException ended) {
            // this thread is over
        }
    }

    /** Share of one core that the process uses over so long, with nothing asked of it. */
    double idleShare(long millis) throws InterruptedException {
        long before = nanos();
        long began = System.nanoTime();
        Thread.sleep(millis);
        return (double) (nanos() - before) / (System.nanoTime() - began);
    }
}

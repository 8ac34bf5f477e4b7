package dev.roomline.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells the machine's own pauses from the server's: on every core a process of the real-time class
 * (SCHED_FIFO), which no ordinary thread can delay, sleeps a millisecond again and again and writes
 * down when it woke late. Where it was late, the hypervisor or the kernel had taken the core from
 * everybody. Times are {@link System#nanoTime}, which all processes of a Linux machine share.
 */
final class Witness implements AutoCloseable {
    private static final long TURN_NANOS = 1_000_000;
    private static final long LATE_NANOS = 5_000_000;
    private static final List<String> REAL_TIME = List.of("chrt", "-f", "50");

    private final List<Child> watchers = new ArrayList<>();

    /** A core was away from all for so long, until then. */
    record Pause(long untilNanos, long nanos) {
        boolean within(long fromNanos, long toNanos) {
            return untilNanos >= fromNanos && untilNanos - nanos <= toNanos;
        }
    }

    /** Needs the right to the real-time class (CAP_SYS_NICE). */
    Witness() throws InterruptedException {
        Path folder = Workspace.folder("witness");
        for (int core = 0; core < Runtime.getRuntime().availableProcessors(); core++) {
            List<String> command = new ArrayList<>(REAL_TIME);
            command.addAll(
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-Xmx16m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Witness.class.getName()));
            watchers.add(
                    Child.start("core-" + core, folder, Child.on(Integer.toString(core), command)));
        }
        for (Child watcher : watchers) {
            if (watcher.await(Duration.ofMillis(500)) >= 0) {
                close();
                throw new IllegalStateException(
                        "no witness of the machine's pauses: " + watcher.output());
            }
        }
    }

    /** All of that length at least, since then, on any core. */
    List<Pause> pauses(long sinceNanos, long leastNanos) {
        return watchers.stream()
                .flatMap(watcher -> watcher.output().lines())
                .map(line -> line.split(" ", 2))
                .filter(parts -> parts.length == 2)
                .map(parts -> new Pause(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
                .filter(pause -> pause.untilNanos >= sinceNanos && pause.nanos >= leastNanos)
                .toList();
    }

    @Override
    public void close() {
        watchers.forEach(Child::close);
    }

    /** One core's. */
    public static void main(String[] none) {
        long due = System.nanoTime() + TURN_NANOS;
        while (true) {
            LockSupport.parkNanos(due - System.nanoTime());
            long now = System.nanoTime();
            if (now - due > LATE_NANOS) {
                System.out.println(now + " " + (now - due));
            }
            due = now + TURN_NANOS;
        }
    }
}

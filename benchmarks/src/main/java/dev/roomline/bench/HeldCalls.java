package dev.roomline.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What a call that stays costs in memory: a server that has been in use, before and while calls
 * stay, garbage collected.
 */
final class HeldCalls {
    private static final double MOST_HEAP_KB = 100;

    /** Timers H and J end 32 s after a transaction's last message (RFC 3261 §17.2). */
    static final Duration TRANSACTIONS_OVER = Duration.ofSeconds(36);

    private static final Duration STAY = Duration.ofSeconds(90);
    private static final int RATE = 100;
    private static final int MOST_ROUNDS = 5;

    private final Server server;
    private final int rooms;
    private final Consumer<String> print;

    HeldCalls(Server server, int rooms, Consumer<String> print) {
        this.server = server;
        this.rooms = rooms;
        this.print = print;
    }

    private record Memory(long heap, long direct, long resident) {}

    /** Prints it; whether the heap's share is what it may be. */
    boolean cost(int calls) throws InterruptedException {
        Thread.sleep(TRANSACTIONS_OVER);
        Memory before = memory();
        List<Sipp.Callers> callers = new ArrayList<>();
        try {
            int putOff = hold(calls, callers);
            Thread.sleep(1_000);
            Memory during = memory();
            double heap = (double) (during.heap() - before.heap()) / calls / 1024;
            print.accept(
                    String.format(
                            Locale.ROOT,
                            "Memory per established call, %d held (%d more were put off): heap %.1f"
                                    + " KB, direct buffers %.1f KB, resident %.1f KB",
                            calls,
                            putOff,
                            heap,
                            (double) (during.direct() - before.direct()) / calls / 1024,
                            (double) (during.resident() - before.resident()) / calls / 1024));
            return heap < MOST_HEAP_KB;
        } finally {
            callers.forEach(Sipp.Callers::close);
        }
    }

    /** Callers who stay, until so many are there; those put off by a 503 are called for again. */
    private int hold(int calls, List<Sipp.Callers> callers) throws InterruptedException {
        int asked = 0;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            int missing = calls - active();
            if (missing <= 0) {
                return asked - calls;
            }
            asked += missing;
            callers.add(
                    Sipp.call(
                            new Sipp.Calls(
                                    "holding-caller.xml",
                                    server.sipPort,
                                    RATE,
                                    missing,
                                    STAY,
                                    rooms)));
            long limit = System.nanoTime() + Duration.ofSeconds(missing / RATE + 8).toNanos();
            while (active() < calls && System.nanoTime() < limit) {
                Thread.sleep(200);
            }
        }
        if (active() < calls) {
            throw new IllegalStateException("not all calls came: " + active() + " of " + calls);
        }
        return asked - calls;
    }

    private int active() {
        return (int) server.metrics().sum("roomline_calls_active");
    }

    private Memory memory() throws InterruptedException {
        server.collectGarbage();
        Scrape now = server.metrics();
        return new Memory(
                (long) now.sum("jvm_memory_used_bytes", "area=\"heap\""),
                (long) now.sum("jvm_buffer_memory_used_bytes"),
                server.residentBytes());
    }
}

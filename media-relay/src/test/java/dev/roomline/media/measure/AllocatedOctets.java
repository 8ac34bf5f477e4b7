package dev.roomline.media.measure;

import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;

/** What code allocates that is to allocate nothing. */
public final class AllocatedOctets {
    private AllocatedOctets() {}

    /** Octets allocated per turn once warm: a fifth as many turns go before those that count. */
    public static double perTurn(int turns, IntConsumer turn) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int warm = turns / 5;
        for (int i = 0; i < warm; i++) {
            turn.accept(i);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = warm; i < warm + turns; i++) {
            turn.accept(i);
        }
        return (double) (threads.getCurrentThreadAllocatedBytes() - before) / turns;
    }
}

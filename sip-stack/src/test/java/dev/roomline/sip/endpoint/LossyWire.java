package dev.roomline.sip.endpoint;

import java.util.PriorityQueue;
import java.util.Random;

/** A clock of things to come and a seeded wire on it that loses, doubles and reorders. */
final class LossyWire {
    private static final double DOUBLED = 0.1;
    private static final int SLOWEST_MILLIS = 200;

    private record Planned(long atMillis, long order, Runnable what)
            implements Comparable<Planned> {
        @Override
        public int compareTo(Planned other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Planned> planned = new PriorityQueue<>();
    private final Random random;
    private final double loss;
    private long nowMillis = 1;
    private long order;

    LossyWire(long seed, double loss) {
        this.random = new Random(seed);
        this.loss = loss;
    }

    long nowMillis() {
        return nowMillis;
    }

    void in(long millis, Runnable what) {
        planned.add(new Planned(nowMillis + millis, order++, what));
    }

    /** Sends it off: it arrives never, once or twice, 5 to 200 ms later. */
    void carry(Runnable arrival) {
        if (random.nextDouble() < loss) {
            return;
        }
        in(5 + random.nextInt(SLOWEST_MILLIS), arrival);
        if (random.nextDouble() < DOUBLED) {
            in(5 + random.nextInt(SLOWEST_MILLIS), arrival);
        }
    }

    /** Jumps to the next thing that is due, ours or the endpoint's; false when there is none. */
    boolean step(SipEndpoint endpoint, Runnable deadline) {
        Planned next = planned.peek();
        long due = endpoint.nextDeadlineNanos();
        long dueMillis = due == Long.MAX_VALUE ? due : (due + 999_999) / 1_000_000;
        if (next == null && due == Long.MAX_VALUE) {
            return false;
        }
        if (next == null || dueMillis < next.atMillis()) {
            nowMillis = Math.max(nowMillis, dueMillis);
            deadline.run();
        } else {
            nowMillis = next.atMillis();
            planned.remove();
            next.what().run();
        }
        return true;
    }
}

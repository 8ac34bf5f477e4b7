package dev.roomline.sip.resolve;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An SRV record (RFC 2782).
 *
 * @param host without the last dot; {@code .} says that there is no such service
 */
record ServiceRecord(int priority, int weight, int port, String host) {

    static final String NOT_HERE = ".";

    /**
     * The order in which to try them: by priority, and among equals at random, so that each comes
     * first as often as its weight says.
     */
    static List<ServiceRecord> ordered(List<ServiceRecord> records, RandomGenerator random) {
        List<ServiceRecord> left = new ArrayList<>(records);
        // those of weight 0 first, where the random number 0 finds them
        left.sort(
                Comparator.comparingInt(ServiceRecord::priority)
                        .thenComparingInt(ServiceRecord::weight));
        List<ServiceRecord> ordered = new ArrayList<>(left.size());
        while (!left.isEmpty()) {
            ServiceRecord next = pick(left, random);
            left.remove(next);
            ordered.add(next);
        }
        return ordered;
    }

    private static ServiceRecord pick(List<ServiceRecord> left, RandomGenerator random) {
        int priority = left.getFirst().priority();
        int sum = 0;
        for (ServiceRecord record : left) {
            sum += record.priority() == priority ? record.weight() : 0;
        }
        int wanted = random.nextInt(sum + 1);
        int running = 0;
        for (ServiceRecord record : left) {
            running += record.weight();
            if (running >= wanted) {
                return record;
            }
        }
        return left.getFirst();
    }
}

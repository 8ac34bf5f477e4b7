package dev.roomline.bridge.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The first entries and the last ones of a row that may be long; those between are counted. How a
 * call began and how it ended says more than the hours between. Bounded by number and by octets.
 * Owner: the signalling loop.
 */
final class HeadAndTail<T> {
    private final int mostOfEach;
    private final int octetsOfEach;
    private final ToIntFunction<T> octets;
    private final List<T> head = new ArrayList<>();
    private final Deque<T> tail = new ArrayDeque<>();
    private int headOctets;
    private int tailOctets;
    private int leftOut;

    /**
     * @param mostOfEach entries in the head, and as many in the tail
     * @param octetsOfEach weight of the head, and as much of the tail; one entry may always stand
     */
    HeadAndTail(int mostOfEach, int octetsOfEach, ToIntFunction<T> octets) {
        this.mostOfEach = mostOfEach;
        this.octetsOfEach = octetsOfEach;
        this.octets = octets;
    }

    void add(T entry) {
        int weight = octets.applyAsInt(entry);
        boolean fits = head.isEmpty() || headOctets + weight <= octetsOfEach;
        if (tail.isEmpty() && head.size() < mostOfEach && fits) {
            head.add(entry);
            headOctets += weight;
            return;
        }
        tail.addLast(entry);
        tailOctets += weight;
        while (tail.size() > 1 && (tail.size() > mostOfEach || tailOctets > octetsOfEach)) {
            tailOctets -= octets.applyAsInt(tail.removeFirst());
            leftOut++;
        }
    }

    List<T> entries() {
        List<T> all = new ArrayList<>(head.size() + tail.size());
        all.addAll(head);
        all.addAll(tail);
        return all;
    }

    Iterable<T> first() {
        return head;
    }

    Iterable<T> last() {
        return tail;
    }

    /** Weight of the entries that are kept. */
    int octets() {
        return headOctets + tailOctets;
    }

    int size() {
        return head.size() + tail.size();
    }

    int leftOut() {
        return leftOut;
    }
}

package dev.roomline.sip.transport;

import dev.roomline.sip.auth.SourceNetwork;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * How many handshakes that peers began are under way: so many and no more of all, and of each
 * source. Sans-IO; owner: the signalling loop.
 */
final class Handshakes {
    private final int most;
    private final int mostPerSource;
    private final Map<Long, Integer> perSource = new HashMap<>();
    private int all;

    Handshakes(int most, int mostPerSource) {
        this.most = most;
        this.mostPerSource = mostPerSource;
    }

    boolean full() {
        return all >= most;
    }

    boolean fullFor(InetAddress source) {
        return perSource.getOrDefault(SourceNetwork.of(source), 0) >= mostPerSource;
    }

    void begun(InetAddress source) {
        all++;
        perSource.merge(SourceNetwork.of(source), 1, Integer::sum);
    }

    /** Done or given up. */
    void over(InetAddress source) {
        all--;
        perSource.computeIfPresent(
                SourceNetwork.of(source), (any, count) -> count > 1 ? count - 1 : null);
    }
}

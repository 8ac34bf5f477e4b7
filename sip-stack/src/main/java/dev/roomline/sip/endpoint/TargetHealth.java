package dev.roomline.sip.endpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which targets gave no answer lately: they are tried last, for a time that doubles with each
 * failure, and never left out, so that no call fails for what was true a minute ago. Bounded.
 * Owner: the signalling loop.
 */
final class TargetHealth {
    private static final long FIRST_NANOS = 30_000_000_000L;
    private static final long LONGEST_NANOS = 600_000_000_000L;
    private static final int MOST = 1024;

    private record Ailing(long untilNanos, long lengthNanos) {}

    private final Map<Target, Ailing> ailing =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Target, Ailing> eldest) {
                    return size() > MOST;
                }
            };

    /** It did not answer, or could not be sent to. */
    void failed(Target target, long nowNanos) {
        Ailing before = ailing.get(target);
        long length =
                before == null ? FIRST_NANOS : Math.min(LONGEST_NANOS, 2 * before.lengthNanos());
        ailing.put(target, new Ailing(nowNanos + length, length));
    }

    /** It said for how long it takes nothing (§21.5.4), within reason. */
    void unavailable(Target target, long forNanos, long nowNanos) {
        long length = Math.clamp(forNanos, 1, LONGEST_NANOS);
        ailing.put(target, new Ailing(nowNanos + length, FIRST_NANOS));
    }

    void answered(Target target) {
        ailing.remove(target);
    }

    /** The same targets, those that ail last. */
    List<Target> ordered(List<Target> targets, long nowNanos) {
        List<Target> first = new ArrayList<>(targets.size());
        List<Target> last = new ArrayList<>(0);
        for (Target target : targets) {
            Ailing found = ailing.get(target);
            (found == null || found.untilNanos() - nowNanos <= 0 ? first : last).add(target);
        }
        first.addAll(last);
        return first;
    }
}

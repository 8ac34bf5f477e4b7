package dev.roomline.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A loaded server, second by second: which ticks of its media loops came late, what did not come to
 * its phones, and whether the machine left it its cores. Only seconds in which it did are judged.
 * Owner: one thread.
 */
final class WatchedSeconds {
    /** Less than this was stolen, or a tick may be late by no fault of the server. */
    private static final double STOLEN_MILLIS = 20;

    private static final long PAUSE_NANOS = 10_000_000;

    /** Of all seconds, that a judgement may rest on. */
    private static final double LEAST_JUDGED = 0.5;

    /** Lets time pass while calls are attended to. */
    interface Rest {
        void pass(long millis) throws InterruptedException;
    }

    /** All of it since the server began. */
    private record Count(double ticks, double lateTicks, long sent, long received) {
        Count since(Count before) {
            return new Count(
                    ticks - before.ticks,
                    lateTicks - before.lateTicks,
                    sent - before.sent,
                    received - before.received);
        }
    }

    /**
     * @param stolenMillis in it and the one before
     */
    private record Second(long fromNanos, long toNanos, Count count, double stolenMillis) {
        boolean isOurs(List<Witness.Pause> pauses) {
            return stolenMillis < STOLEN_MILLIS
                    && pauses.stream().noneMatch(pause -> pause.within(fromNanos, toNanos));
        }
    }

    /**
     * What may be said of them.
     *
     * @param seconds that were watched
     * @param judged those in which the machine was the server's; ticks, sent and missing are theirs
     * @param lateElsewhere ticks over 20 ms late in the others
     * @param pauses of a whole core, 10 ms and longer
     */
    record Judgement(
            int seconds,
            int judged,
            double ticks,
            double lateTicks,
            long sent,
            long missing,
            double lateElsewhere,
            List<Witness.Pause> pauses) {
        boolean isEnough() {
            return judged >= LEAST_JUDGED * seconds;
        }

        /** Of packets that were due. */
        double missingShare() {
            return (double) missing / Math.max(1, sent);
        }

        double latePercent() {
            return 100 * lateTicks / Math.max(1, ticks);
        }

        String words() {
            return String.format(
                    Locale.ROOT,
                    "Pauses of a whole core of 10 ms or more, seen by a real-time process on each: %d,"
                            + " the longest %.1f ms. Of %d seconds %d were the machine's own: such a"
                            + " pause, or 20 ms and more stolen by the hypervisor; ticks over 20 ms"
                            + " late in them: %.0f",
                    pauses.size(),
                    pauses.stream().mapToLong(Witness.Pause::nanos).max().orElse(0) / 1e6,
                    seconds,
                    seconds - judged,
                    lateElsewhere);
        }
    }

    private final Server server;
    private final List<PhoneStream> phones;
    private final List<Second> seconds = new ArrayList<>();
    private final long beganNanos = System.nanoTime();

    WatchedSeconds(Server server, List<PhoneStream> phones) {
        this.server = server;
        this.phones = phones;
    }

    /** Watches for so long. */
    void watch(int howMany, Rest rest) throws InterruptedException {
        Count before = count();
        double stolen = Neighbours.stolenMillis();
        double stolenBefore = 0;
        for (int i = 0; i < howMany; i++) {
            long from = System.nanoTime();
            rest.pass(1_000);
            Count now = count();
            double stolenNow = Neighbours.stolenMillis();
            double inThis = stolenNow - stolen;
            seconds.add(
                    new Second(from, System.nanoTime(), now.since(before), inThis + stolenBefore));
            before = now;
            stolen = stolenNow;
            stolenBefore = inThis;
        }
    }

    private Count count() {
        Scrape metrics = server.metrics();
        return new Count(
                metrics.sum("roomline_media_ticks_total"),
                lateTicks(metrics, "20"),
                phones.stream().mapToLong(phone -> phone.sent).sum(),
                phones.stream().mapToLong(phone -> phone.received).sum());
    }

    static double lateTicks(Scrape scrape, String overMillis) {
        return scrape.sum("roomline_media_late_ticks_total", "over_ms=\"" + overMillis + "\"");
    }

    Judgement judge(Witness witness) {
        List<Witness.Pause> pauses = witness.pauses(beganNanos, PAUSE_NANOS);
        List<Second> ours = seconds.stream().filter(second -> second.isOurs(pauses)).toList();
        double late = ours.stream().mapToDouble(second -> second.count.lateTicks).sum();
        double all = seconds.stream().mapToDouble(second -> second.count.lateTicks).sum();
        // what is under way at a second's end is missing in it and too much in the next
        long missing =
                Math.max(
                        0,
                        ours.stream()
                                .mapToLong(second -> second.count.sent - second.count.received)
                                .sum());
        return new Judgement(
                seconds.size(),
                ours.size(),
                ours.stream().mapToDouble(second -> second.count.ticks).sum(),
                late,
                ours.stream().mapToLong(second -> second.count.sent).sum(),
                missing,
                all - late,
                pauses);
    }
}

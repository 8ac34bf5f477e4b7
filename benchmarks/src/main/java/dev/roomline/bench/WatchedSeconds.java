package dev.roomline.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A loaded server, second by second: which ticks of its media loops came late, what did not come to
 * its phones or came late, and whether the machine left it its cores. Only seconds in which it did
 * are judged. Owner: one thread.
 */
final class WatchedSeconds {
    /** Less than this was stolen, or a tick may be late by no fault of the server. */
    private static final double STOLEN_MILLIS = 20;

    private static final long PAUSE_NANOS = 10_000_000;

    /** Of ticks, or of packets where nothing ticks. */
    static final double MOST_LATE_PERCENT = 0.1;

    private static final String IN_TIME = "≤ 0.1 %";

    /** Of all seconds, that a judgement may rest on. */
    private static final double LEAST_JUDGED = 0.5;

    /** Lets time pass while calls are attended to. */
    interface Rest {
        void pass(long millis) throws InterruptedException;
    }

    /** All of it since the server began, or between two looks. */
    record Count(double ticks, double lateTicks, long sent, long received, long receivedLate) {
        static final Count NONE = new Count(0, 0, 0, 0, 0);

        Count since(Count before) {
            return new Count(
                    ticks - before.ticks,
                    lateTicks - before.lateTicks,
                    sent - before.sent,
                    received - before.received,
                    receivedLate - before.receivedLate);
        }

        Count and(Count more) {
            return new Count(
                    ticks + more.ticks,
                    lateTicks + more.lateTicks,
                    sent + more.sent,
                    received + more.received,
                    receivedLate + more.receivedLate);
        }

        /** What is under way at a second's end is missing in it and too much in the next. */
        long missing() {
            return Math.max(0, sent - received);
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
     * @param judged those in which the machine was the server's
     * @param ours what was counted in these
     * @param all the same in all of them
     * @param pauses of a whole core, 10 ms and longer
     */
    record Judgement(int seconds, int judged, Count ours, Count all, List<Witness.Pause> pauses) {
        boolean isEnough() {
            return judged >= LEAST_JUDGED * seconds;
        }

        /** In the seconds judged, as is what follows. */
        double ticks() {
            return ours.ticks;
        }

        double lateTicks() {
            return ours.lateTicks;
        }

        long sent() {
            return ours.sent;
        }

        long missing() {
            return ours.missing();
        }

        long receivedLate() {
            return ours.receivedLate;
        }

        /** Of packets that were due. */
        double missingShare() {
            return (double) missing() / Math.max(1, sent());
        }

        /** Whether anything ticked: where nothing does, no tick is late, and that says nothing. */
        boolean hasTicked() {
            return all.ticks > 0;
        }

        /** Ticks over 20 ms late; of some. */
        double latePercent() {
            return latePercent(ours);
        }

        private static double latePercent(Count count) {
            return 100 * count.lateTicks / count.ticks;
        }

        /** Packets that came over 20 ms late to the phones, or not at all. */
        double lateOrMissingPercent() {
            return lateOrMissingPercent(ours);
        }

        private static double lateOrMissingPercent(Count count) {
            return 100.0 * (count.receivedLate + count.missing()) / count.sent;
        }

        /** Of rooms that tick. */
        Aim ticksInTime(String rooms) {
            String work = "ticks later than 20 ms, " + rooms;
            return hasTicked()
                    ? inTime(work, latePercent(ours), latePercent(all), ticksJudged())
                    : new Aim(work, IN_TIME, "nothing ticked", Aim.Verdict.NONE);
        }

        /** Of rooms that hand packets on, where nothing ticks. */
        Aim packetsInTime(String rooms) {
            return inTime(
                    "packets handed on later than 20 ms or lost (nothing ticks), " + rooms,
                    lateOrMissingPercent(ours),
                    lateOrMissingPercent(all),
                    packetsJudged());
        }

        /**
         * Seconds in which the machine was not the server's are an excuse: where the bound holds
         * with them, none is needed.
         *
         * @param percent of the seconds judged; no number where there is none
         */
        private Aim inTime(String work, double percent, double ofAll, String judgedBy) {
            String figure =
                    Double.isNaN(percent) ? "none" : String.format(Locale.ROOT, "%.3f %%", percent);
            return new Aim(
                            work,
                            IN_TIME,
                            figure + " " + judgedBy,
                            Aim.Verdict.of(!(percent > MOST_LATE_PERCENT)))
                    .providedThat(
                            (isEnough() && percent >= 0) || ofAll <= MOST_LATE_PERCENT,
                            "the machine left the server its cores");
        }

        /** What {@link #latePercent} rests on, and what it were of all seconds. */
        String ticksJudged() {
            return String.format(
                    Locale.ROOT,
                    "of %.0f ticks in the %d of %d s in which the machine was the server's; over all %d s %.3f %% of %.0f",
                    ours.ticks,
                    judged,
                    seconds,
                    seconds,
                    latePercent(all),
                    all.ticks);
        }

        /** The same for {@link #lateOrMissingPercent}. */
        String packetsJudged() {
            return String.format(
                    Locale.ROOT,
                    "of %d packets in the %d of %d s in which the machine was the server's; over all %d s %.3f %% of %d",
                    ours.sent,
                    judged,
                    seconds,
                    seconds,
                    lateOrMissingPercent(all),
                    all.sent);
        }

        String words() {
            return String.format(
                    Locale.ROOT,
                    "Pauses of a whole core of 10 ms or more, seen by a real-time process on each: %d,"
                            + " the longest %.1f ms. Of %d seconds %d were the machine's own: such a"
                            + " pause, or 20 ms and more stolen by the hypervisor; over 20 ms late in"
                            + " them: %.0f of %.0f ticks, %d of %d packets at the phones",
                    pauses.size(),
                    pauses.stream().mapToLong(Witness.Pause::nanos).max().orElse(0) / 1e6,
                    seconds,
                    seconds - judged,
                    all.lateTicks - ours.lateTicks,
                    all.ticks - ours.ticks,
                    all.receivedLate - ours.receivedLate,
                    all.sent - ours.sent);
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
                phones.stream().mapToLong(phone -> phone.received).sum(),
                phones.stream().mapToLong(phone -> phone.receivedLate).sum());
    }

    static double lateTicks(Scrape scrape, String overMillis) {
        return scrape.sum("roomline_media_late_ticks_total", "over_ms=\"" + overMillis + "\"");
    }

    /** Those that came between two readings. */
    static double lateTicks(Scrape now, Scrape before, String overMillis) {
        return lateTicks(now, overMillis) - lateTicks(before, overMillis);
    }

    Judgement judge(Witness witness) {
        List<Witness.Pause> pauses = witness.pauses(beganNanos, PAUSE_NANOS);
        List<Second> ours = seconds.stream().filter(second -> second.isOurs(pauses)).toList();
        return new Judgement(seconds.size(), ours.size(), sum(ours), sum(seconds), pauses);
    }

    private static Count sum(List<Second> some) {
        return some.stream().map(Second::count).reduce(Count.NONE, Count::and);
    }
}

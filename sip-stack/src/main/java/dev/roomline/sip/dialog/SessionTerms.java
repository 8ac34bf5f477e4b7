package dev.roomline.sip.dialog;

import dev.roomline.sip.dialog.SessionHeaders.Refresher;
import org.jspecify.annotations.Nullable;

/**
 * What two peers agreed on: how long their session lives unless it is refreshed, and who does that
 * (RFC 4028 §7.2, §9).
 *
 * <pre>
 *  as UAS, table 2:  the UAC knows timers?  its refresher   ours
 *                    no                     –               uas, where a proxy asked for a timer
 *                    yes                    –               who does it now; at first uac
 *                    yes                    uac             uac
 *                    yes                    uas             uas
 * </pre>
 */
public record SessionTerms(long seconds, boolean weRefresh) {
    private static final long NANOS = 1_000_000_000L;

    /**
     * An answer that names less is taken for this: a peer must not make us refresh all the time.
     */
    private static final long LEAST_AGREED_SECONDS = 20;

    /** §10: a BYE so long before the end still finds the proxies' state. */
    private static final long BEFORE_END_SECONDS = 32;

    /**
     * Our answer to a request that may refresh.
     *
     * @param ourSeconds what we want; 0: nothing of our own accord
     * @param running what holds now
     * @return null: the session has no end
     */
    public static @Nullable SessionTerms answering(
            SessionHeaders request, long ourSeconds, @Nullable SessionTerms running) {
        long asked = request.expiresSeconds();
        if (!request.supported()) {
            boolean proxyAsks = asked >= SessionHeaders.LEAST_SECONDS;
            boolean goesOn = running != null && running.weRefresh;
            if (!proxyAsks) {
                return goesOn ? running : null;
            }
        }
        long wanted = running != null ? running.seconds : ourSeconds;
        if (asked == 0 && wanted == 0) {
            return null;
        }
        // §9: never above what is asked for, never below Min-SE
        long capped = asked == 0 ? wanted : wanted == 0 ? asked : Math.min(asked, wanted);
        long seconds = Math.max(capped, request.minSeconds());
        boolean we =
                !request.supported()
                        || switch (request.refresher()) {
                            case UAC -> false;
                            case UAS -> true;
                            case UNSAID -> running != null && running.weRefresh;
                        };
        return new SessionTerms(asked == 0 ? seconds : Math.min(seconds, asked), we);
    }

    /**
     * What a 2xx to a request of ours says (§7.2). One that names nobody leaves it to us: then it
     * is done in any case.
     *
     * @return null: the session has no end
     */
    public static @Nullable SessionTerms answered(SessionHeaders response) {
        return response.expiresSeconds() == 0
                ? null
                : new SessionTerms(
                        Math.max(response.expiresSeconds(), LEAST_AGREED_SECONDS),
                        response.refresher() != Refresher.UAS);
    }

    /** The value of Session-Expires in our answer. */
    public String asServer() {
        return seconds + (weRefresh ? ";refresher=uas" : ";refresher=uac");
    }

    /** The value of Session-Expires in a request of ours (§7.4): who does it now goes on. */
    public String asClient(long leastSeconds) {
        return Math.max(seconds, leastSeconds) + (weRefresh ? ";refresher=uac" : ";refresher=uas");
    }

    /** From the 2xx to our next refresh: half of it (§10). */
    long refreshNanos() {
        return seconds * NANOS / 2;
    }

    /**
     * From the 2xx to our BYE where no refresh has been answered (§10). Who waits for a refresh
     * hangs up before the end. Who refreshes has the whole time: the refresh may have come through
     * and its answer be lost, and there is time left to repeat it.
     */
    long endNanos() {
        long before = weRefresh ? 0 : Math.min(BEFORE_END_SECONDS, seconds / 3);
        return (seconds - before) * NANOS;
    }
}

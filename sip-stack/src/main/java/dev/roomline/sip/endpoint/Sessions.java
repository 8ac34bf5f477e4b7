package dev.roomline.sip.endpoint;

import dev.roomline.sip.dialog.Glare;
import dev.roomline.sip.dialog.SessionHeaders;
import dev.roomline.sip.dialog.SessionTerms;
import dev.roomline.sip.dialog.SessionTimer;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.OptionTags;
import dev.roomline.sip.message.ParsedRequest;
import dev.roomline.sip.message.ParsedResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Session timers of the living dialogs (RFC 4028): what stands in our messages, what the peer's
 * say, and the refreshes that are ours. Those go by UPDATE, without a description, where the peer
 * serves it; else the application is told to offer the session again as it is. Owner: the
 * signalling loop.
 */
final class Sessions {
    /** Of a call that we place and of a refresh: a 422 that wants more is a refusal. */
    static final long MOST_SECONDS = 24 * 3600;

    private static final int MOST_FAILURES = 3;
    private static final long BUSY_NANOS = 2_000_000_000L;
    private static final long PAUSE_NANOS = 10_000_000_000L;
    private static final HeaderField REQUIRED = new HeaderField("Require", "timer");

    private final Core core;
    private final UserAgentClient client;

    Sessions(Core core, UserAgentClient client) {
        this.core = core;
        this.client = client;
    }

    // ---- as server

    /**
     * A 2xx to an INVITE or UPDATE is about to leave: what it says of the session, which begins.
     */
    List<HeaderField> accepting(LiveDialog live, ParsedRequest request, long nowNanos) {
        learn(live, request.headers("Allow"));
        long ours = core.settings.sessionExpiresSeconds();
        if (ours == 0) {
            return List.of();
        }
        SessionHeaders asked = SessionHeaders.of(request);
        SessionTimer timer = live.session;
        SessionTerms terms =
                SessionTerms.answering(asked, ours, timer == null ? null : timer.terms());
        start(live, terms, nowNanos, nowNanos);
        if (terms == null) {
            return List.of();
        }
        HeaderField expires = new HeaderField("Session-Expires", terms.asServer());
        // §9: who supports it must know that it is to refresh, or to hang up
        return asked.supported() ? List.of(REQUIRED, expires) : List.of(expires);
    }

    private static void learn(LiveDialog live, List<String> allow) {
        if (!allow.isEmpty()) {
            live.takesUpdate = OptionTags.names(allow, "UPDATE");
        }
    }

    private void start(
            LiveDialog live, @Nullable SessionTerms terms, long askedNanos, long nowNanos) {
        live.refreshFailures = 0;
        if (live.session != null || terms != null) {
            timer(live).start(terms, askedNanos, nowNanos);
        }
    }

    private SessionTimer timer(LiveDialog live) {
        SessionTimer known = live.session;
        if (known != null) {
            return known;
        }
        SessionTimer made =
                new SessionTimer(
                        core.timers,
                        new SessionTimer.Listener() {
                            @Override
                            public void refreshDue(long now) {
                                refresh(live, now);
                            }

                            @Override
                            public void expired(long now) {
                                if (!live.byeSent) {
                                    core.raise(new SipEvent.SessionExpired(live.id));
                                }
                            }
                        });
        live.session = made;
        return made;
    }

    // ---- as client

    /**
     * Of an INVITE that makes a dialog.
     *
     * @param leastSeconds what a 422 to it said; 90 before one did
     */
    List<HeaderField> inviting(long leastSeconds) {
        long ours = core.settings.sessionExpiresSeconds();
        if (ours == 0) {
            return List.of();
        }
        HeaderField expires =
                new HeaderField("Session-Expires", Long.toString(Math.max(ours, leastSeconds)));
        return leastSeconds > SessionHeaders.LEAST_SECONDS
                ? List.of(expires, least(leastSeconds))
                : List.of(expires);
    }

    private static HeaderField least(long seconds) {
        return new HeaderField("Min-SE", Long.toString(seconds));
    }

    /** Of an INVITE or UPDATE in a dialog. */
    List<HeaderField> refreshing(LiveDialog live) {
        if (core.settings.sessionExpiresSeconds() == 0) {
            return List.of();
        }
        List<HeaderField> headers = new ArrayList<>(2);
        SessionTimer timer = live.session;
        SessionTerms terms = timer == null ? null : timer.terms();
        if (timer != null && terms != null && live.confirmed()) {
            long least = timer.leastSeconds();
            headers.add(new HeaderField("Session-Expires", terms.asClient(least)));
            if (least > SessionHeaders.LEAST_SECONDS) {
                headers.add(least(least));
            }
        }
        return headers;
    }

    /**
     * The 2xx to the INVITE that made the dialog.
     *
     * @param leastSeconds what a 422 before it said
     */
    void answered(LiveDialog live, ParsedResponse response, long leastSeconds, long nowNanos) {
        accepted(live, response, nowNanos, nowNanos);
        if (live.session != null) {
            live.session.atLeast(leastSeconds);
        }
    }

    /**
     * A 2xx to an INVITE or UPDATE of ours.
     *
     * @param askedNanos when that left
     */
    void accepted(LiveDialog live, ParsedResponse response, long askedNanos, long nowNanos) {
        learn(live, response.headers("Allow"));
        if (live.confirmed() && core.settings.sessionExpiresSeconds() > 0) {
            start(live, SessionTerms.answered(SessionHeaders.of(response)), askedNanos, nowNanos);
        }
    }

    /** Whether a refresh that was answered 422 may go out again with what that asks for (§7.3). */
    boolean mayAskForMore(LiveDialog live, ParsedResponse response) {
        long least = SessionHeaders.of(response).minSeconds();
        SessionTimer timer = live.session;
        SessionTerms terms = timer == null ? null : timer.terms();
        if (timer == null || terms == null || least > MOST_SECONDS) {
            return false;
        }
        if (least <= Math.max(terms.seconds(), timer.leastSeconds())) {
            // it is not what we asked for that is too brief
            return false;
        }
        timer.atLeast(least);
        return true;
    }

    /**
     * An INVITE or UPDATE of ours failed for good, and the refresh with it where that is due; 408
     * and 481 end the dialog elsewhere.
     */
    void failed(
            LiveDialog live,
            OutboundRequest request,
            int status,
            @Nullable ParsedResponse response,
            long nowNanos) {
        SessionTimer timer = live.session;
        if (timer == null || !timer.isDue() || live.byeSent) {
            // a change that the peer does not want: the session has time yet
            return;
        }
        if (status == 491) {
            long wait = Glare.waitMillis(live.dialog.madeCallId(), core.random) * 1_000_000L;
            timer.retry(nowNanos + wait);
            return;
        }
        boolean update = request.plan.method().equals("UPDATE");
        boolean notServed = status == 405 || status == 501;
        if (update) {
            // some peers name UPDATE in Allow and mean another kind: an INVITE they all know
            live.takesUpdate = false;
        }
        if (++live.refreshFailures < MOST_FAILURES) {
            long pause = update && notServed ? 0 : Math.max(retryAfterNanos(response), PAUSE_NANOS);
            timer.retry(nowNanos + pause);
        }
    }

    private static long retryAfterNanos(@Nullable ParsedResponse response) {
        return response == null ? 0 : RetryAfter.seconds(response, 0) * 1_000_000_000L;
    }

    private void refresh(LiveDialog live, long nowNanos) {
        SessionTimer timer = live.session;
        if (timer == null || live.byeSent || !live.confirmed()) {
            return;
        }
        if (live.isExchanging()) {
            // what is under way may be a refresh itself
            timer.retry(nowNanos + BUSY_NANOS);
        } else if (live.takesUpdate) {
            client.update(live, nowNanos);
        } else {
            core.raise(new SipEvent.RefreshDue(live.id));
        }
    }
}

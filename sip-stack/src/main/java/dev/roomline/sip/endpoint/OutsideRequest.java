package dev.roomline.sip.endpoint;

import dev.roomline.sip.auth.DigestSession;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.ParsedResponse;
import dev.roomline.sip.message.SipUri;
import dev.roomline.sip.transaction.TimerQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request of ours outside any dialog, over one target after another (RFC 3263 §4.3) and with the
 * credentials that are asked for (RFC 3261 §22.2), until one says something final. Owner: the
 * signalling loop.
 *
 * <pre>
 *  next hop ─ resolve ─▶ target ─┬─ silence, not sent, 503 ──▶ next target, next hop, the end
 *                                ├─ 401, 407 ──▶ the same target, CSeq + 1
 *                                └─ anything else ──▶ its owner
 * </pre>
 */
final class OutsideRequest implements Attempt.Owner {
    /** How long a target may say nothing while there are others. */
    static final long SILENCE_NANOS = 4_000_000_000L;

    private static final int MOST_TARGETS = 16;
    static final long USUAL_RETRY_AFTER_SECONDS = 30;

    /** Who is told what it comes to. */
    interface Owner {
        void provisional(Attempt attempt, ParsedResponse response, long nowNanos);

        /** The final response; later ones are stragglers. */
        void concluded(Attempt attempt, ParsedResponse response, long nowNanos);

        /**
         * What a refusal says is wrong may be mended.
         *
         * @return the request to send to the same target instead; null: the refusal is final
         */
        default Attempt.@Nullable Content mended(Attempt.Content refused, ParsedResponse response) {
            return null;
        }

        void notAuthorized(
                ParsedResponse response,
                ClientEvent.ChallengeFailure why,
                String realm,
                long nowNanos);

        /** Nobody said anything final. */
        void unreachable(long nowNanos);

        /** Another answered first; nothing more is sent on this road. */
        void superseded(Attempt attempt, long nowNanos);

        /** A response on a road that was given up, or after the final one. */
        void straggler(Attempt attempt, ParsedResponse response, long nowNanos);

        /** No transaction of it lives any more, and it is over. */
        void gone(long nowNanos);
    }

    final List<Tried> tried = new ArrayList<>(2);

    private final Core core;
    private final Owner owner;
    private final @Nullable DigestSession session;
    private final @Nullable DialogId dialog;
    private final DigestSession.Tries tries = new DigestSession.Tries();
    private final @Nullable Flow over;

    /** Whether there are targets of which only its owner knows. */
    private final boolean others;

    private final ArrayDeque<SipUri> waysLeft;
    private final ArrayDeque<Target> targetsLeft = new ArrayDeque<>(4);
    private final Set<Target> used = new HashSet<>();
    private final Set<Attempt> living = new HashSet<>(2);
    private Attempt.Content content;
    private String host = "";

    /** What the next way leads to; empty: it is to be looked up. */
    private List<Target> known;

    /** Whether the way leaves the transport open, so that a large request may take another. */
    private boolean transportOpen;

    /** What the current attempt goes by TCP instead of; null if it is as it was resolved. */
    private @Nullable Target insteadOf;

    private @Nullable Attempt current;
    private @Nullable ParsedResponse unavailable;
    private @Nullable Attempt unavailableAt;
    private TimerQueue.@Nullable Timer silence;
    private boolean rang;
    private boolean noMore;
    private boolean ended;

    OutsideRequest(
            Core core,
            Owner owner,
            Attempt.Content content,
            Envelope envelope,
            @Nullable DigestSession session,
            @Nullable DialogId dialog) {
        this.core = core;
        this.owner = owner;
        this.content = content;
        this.over = envelope.over();
        this.waysLeft = new ArrayDeque<>(over == null ? envelope.ways() : List.of());
        this.known = envelope.targets();
        this.others = envelope.others();
        this.session = session;
        this.dialog = dialog;
    }

    void start(long nowNanos) {
        if (over != null) {
            targetsLeft.add(new Target(over.transport(), over.remote()));
        }
        tryNext(nowNanos);
    }

    long cseq() {
        return content.cseq();
    }

    /** The attempt that runs now; null before the first and between two. */
    @Nullable Attempt current() {
        return current;
    }

    /** Tries no other target and answers no challenge: what runs may still end. */
    void noMore() {
        noMore = true;
        stopSilence();
    }

    /** Nothing of it matters any more; living transactions end by themselves. */
    void end(long nowNanos) {
        ended = true;
        stopSilence();
        tellIfGone(nowNanos);
    }

    private void tryNext(long nowNanos) {
        current = null;
        stopSilence();
        while (!ended) {
            Target target = noMore ? null : targetsLeft.poll();
            if (target != null) {
                if (used.size() < MOST_TARGETS && used.add(target)) {
                    send(target, nowNanos);
                    return;
                }
            } else if (noMore || waysLeft.isEmpty()) {
                exhausted(nowNanos);
                return;
            } else {
                SipUri way = waysLeft.remove();
                host = way.host();
                transportOpen = !way.parameters().containsKey("transport");
                find(way, nowNanos);
                return;
            }
        }
    }

    private void find(SipUri way, long nowNanos) {
        List<Target> found = known;
        known = List.of();
        if (found.isEmpty()) {
            core.resolutions.ask(way, this::resolved, nowNanos);
        } else {
            resolved(found, nowNanos);
        }
    }

    private void resolved(List<Target> targets, long nowNanos) {
        if (ended) {
            return;
        }
        if (targets.isEmpty()) {
            tried.add(new Tried(host, null, Tried.Why.NAME_UNKNOWN));
        } else if (session != null) {
            session.leads(host, targets.stream().map(it -> it.address().getAddress()).toList());
        }
        targetsLeft.addAll(core.targetHealth.ordered(targets, nowNanos));
        if (current == null) {
            tryNext(nowNanos);
        }
    }

    private void exhausted(long nowNanos) {
        ParsedResponse refusal = unavailable;
        Attempt from = unavailableAt;
        ended = true;
        if (refusal != null && from != null) {
            owner.concluded(from, refusal, nowNanos);
        } else {
            owner.unreachable(nowNanos);
        }
        tellIfGone(nowNanos);
    }

    private void send(Target target, long nowNanos) {
        List<HeaderField> credentials =
                session == null
                        ? List.of()
                        : session.authorize(content.method(), content.requestUri());
        Hop hop =
                over == null
                        ? new Hop(target.transport(), null, target.address(), 0, host)
                        : NextHop.back(over);
        Attempt attempt = new Attempt(core, this, content, credentials, target, dialog, hop);
        insteadOf = null;
        if (over == null
                && transportOpen
                && target.transport() == TransportKind.UDP
                && core.largeRequests.needsStream(attempt.octets(), target.address(), nowNanos)) {
            insteadOf = target;
            attempt = byStream(attempt, credentials);
        }
        begin(attempt, nowNanos);
    }

    /** §18.1.1: the same to the same address, and its Via says TCP. */
    private Attempt byStream(Attempt large, List<HeaderField> credentials) {
        Target stream = new Target(TransportKind.TCP, large.target.address());
        Hop hop = new Hop(stream.transport(), null, stream.address(), 0, host);
        return new Attempt(core, this, content, credentials, stream, dialog, hop);
    }

    private void begin(Attempt attempt, long nowNanos) {
        current = attempt;
        living.add(attempt);
        if (hasOthers()) {
            silence = core.timers.schedule(nowNanos + SILENCE_NANOS, now -> silent(attempt, now));
        }
        attempt.start(nowNanos);
    }

    private boolean hasOthers() {
        return !noMore
                && (others
                        || !waysLeft.isEmpty()
                        || targetsLeft.stream().anyMatch(t -> !used.contains(t)));
    }

    private void stopSilence() {
        if (silence != null) {
            silence.cancel();
            silence = null;
        }
    }

    private void silent(Attempt attempt, long nowNanos) {
        if (attempt == current && !attempt.proceeding) {
            attempt.giveUp();
            failed(attempt, Tried.Why.NO_ANSWER, nowNanos);
        }
    }

    private void failed(Attempt attempt, Tried.Why why, long nowNanos) {
        if (over == null) {
            core.targetHealth.failed(attempt.target, nowNanos);
        }
        tried.add(new Tried(host, attempt.target, why, attempt.failureDetail()));
        Target datagrams = insteadOf;
        if (datagrams != null && why == Tried.Why.NOT_SENT && !noMore) {
            core.largeRequests.noStream(datagrams.address(), nowNanos);
            send(datagrams, nowNanos);
            return;
        }
        tryNext(nowNanos);
    }

    @Override
    public void received(Attempt attempt, ParsedResponse response, long nowNanos) {
        if (!ended && attempt != current && isTakenBack(attempt, response)) {
            takeBack(attempt, nowNanos);
        }
        if (ended || attempt != current) {
            owner.straggler(attempt, response, nowNanos);
            return;
        }
        stopSilence();
        int status = response.status();
        if (status != 503) {
            core.targetHealth.answered(attempt.target);
        }
        if (status < 200) {
            rang |= status > 100;
            owner.provisional(attempt, response, nowNanos);
        } else if (status == 401 || status == 407) {
            challenged(attempt, response, nowNanos);
        } else if (status == 503 && !rang) {
            unavailable(attempt, response, nowNanos);
        } else {
            Attempt.Content better = noMore ? null : owner.mended(content, response);
            if (better != null) {
                content = better.withCseq(content.cseq() + 1);
                send(attempt.target, nowNanos);
                return;
            }
            ended = true;
            owner.concluded(attempt, response, nowNanos);
        }
    }

    /**
     * A target that was given up speaks after all: the call is its own again if no other has spoken
     * since, or if it answers before any other.
     */
    private boolean isTakenBack(Attempt attempt, ParsedResponse response) {
        Attempt other = current;
        boolean first = other == null || !other.proceeding || response.status() >= 200;
        return attempt.givenUp && !noMore && response.status() < 300 && first;
    }

    private void takeBack(Attempt attempt, long nowNanos) {
        Attempt other = current;
        if (other != null) {
            other.giveUp();
            owner.superseded(other, nowNanos);
        }
        attempt.givenUp = false;
        tried.removeIf(one -> attempt.target.equals(one.target()));
        current = attempt;
    }

    private void challenged(Attempt attempt, ParsedResponse response, long nowNanos) {
        if (session == null || noMore) {
            ended = true;
            owner.notAuthorized(response, ClientEvent.ChallengeFailure.NO_IDENTITY, "", nowNanos);
            return;
        }
        switch (session.challenged(response, attempt.isFrom(attempt.flow), tries)) {
            case DigestSession.Outcome.Answerable answerable -> {
                // §22.2: as a new request, with CSeq one higher
                content = content.withCseq(content.cseq() + 1);
                send(attempt.target, nowNanos);
            }
            case DigestSession.Outcome.ForeignRealm(String realm) ->
                    fail(response, ClientEvent.ChallengeFailure.FOREIGN_REALM, realm, nowNanos);
            case DigestSession.Outcome.Rejected(String realm) ->
                    fail(response, ClientEvent.ChallengeFailure.WRONG_CREDENTIALS, realm, nowNanos);
            case DigestSession.Outcome.NotSupported unsupported ->
                    fail(response, ClientEvent.ChallengeFailure.UNSUPPORTED, "", nowNanos);
        }
    }

    private void fail(
            ParsedResponse response,
            ClientEvent.ChallengeFailure why,
            String realm,
            long nowNanos) {
        ended = true;
        owner.notAuthorized(response, why, realm, nowNanos);
    }

    private void unavailable(Attempt attempt, ParsedResponse response, long nowNanos) {
        long seconds = RetryAfter.seconds(response, USUAL_RETRY_AFTER_SECONDS);
        if (over == null) {
            core.targetHealth.unavailable(attempt.target, seconds * 1_000_000_000L, nowNanos);
        }
        tried.add(new Tried(host, attempt.target, Tried.Why.UNAVAILABLE));
        unavailable = response;
        unavailableAt = attempt;
        tryNext(nowNanos);
    }

    @Override
    public void lost(Attempt attempt, Tried.Why why, long nowNanos) {
        if (!ended && attempt == current && !attempt.concluded) {
            failed(attempt, why, nowNanos);
        }
    }

    @Override
    public void gone(Attempt attempt, long nowNanos) {
        living.remove(attempt);
        tellIfGone(nowNanos);
    }

    private void tellIfGone(long nowNanos) {
        if (ended && living.isEmpty()) {
            owner.gone(nowNanos);
        }
    }
}

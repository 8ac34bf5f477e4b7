package dev.roomline.sip.endpoint;

import dev.roomline.sip.auth.DigestSession;
import dev.roomline.sip.dialog.InDialogRequest;
import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.transaction.TimerQueue;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request of ours inside a dialog: over one target after the other (RFC 3263 §4.3), one {@link
 * InDialogAttempt} each, until one says something final. Owner: the signalling loop.
 */
final class OutboundRequest {
    final LiveDialog live;
    final InDialogRequest plan;

    /** Null for a BYE of the core's own. */
    final @Nullable Long applicationTag;

    final List<HeaderField> headers;
    final @Nullable Body body;
    final ArrayDeque<Hop> hopsLeft = new ArrayDeque<>(2);

    /** What may still be answered: the current attempt, and those that were silent. */
    final Set<InDialogAttempt> living = new LinkedHashSet<>(2);

    /** The one that left last; null before. */
    @Nullable InDialogAttempt current;

    /** Its targets are those of a name, and what becomes of them is worth remembering. */
    boolean resolved;

    /** Ends a re-INVITE that never gets a final answer; null for others. */
    TimerQueue.@Nullable Timer patience;

    /** Ends the wait for the addresses of a name; null for what needs none. */
    TimerQueue.@Nullable Timer resolution;

    /** Ends the wait for a target while there are others; null if there are none. */
    TimerQueue.@Nullable Timer silence;

    /** Who is told the outcome, and does what follows from it; null: the application. */
    @Nullable Conclusion conclusion;

    /** How often challenges of each realm were answered in it. */
    final DigestSession.Tries tries;

    /** Whether a final outcome has been told; what comes later is absorbed. */
    boolean over;

    /** When it left first. */
    long begunNanos;

    /** Told once. */
    interface Conclusion {
        void concluded(int status, long nowNanos);
    }

    OutboundRequest(
            LiveDialog live,
            InDialogRequest plan,
            @Nullable Long applicationTag,
            List<HeaderField> headers,
            @Nullable Body body) {
        this(live, plan, applicationTag, headers, body, new DigestSession.Tries());
    }

    private OutboundRequest(
            LiveDialog live,
            InDialogRequest plan,
            @Nullable Long applicationTag,
            List<HeaderField> headers,
            @Nullable Body body,
            DigestSession.Tries tries) {
        this.live = live;
        this.plan = plan;
        this.applicationTag = applicationTag;
        this.headers = headers;
        this.body = body;
        this.tries = tries;
    }

    /** The same once more, with the next CSeq, after a challenge (§22.2): by that road first. */
    OutboundRequest again(Hop first) {
        InDialogRequest next = live.dialog.next(plan.method());
        OutboundRequest again =
                new OutboundRequest(live, next, applicationTag, headers, body, tries);
        again.conclusion = conclusion;
        again.resolved = resolved;
        again.hopsLeft.add(first);
        again.hopsLeft.addAll(hopsLeft);
        return again;
    }

    boolean invite() {
        return plan.method().equals("INVITE");
    }

    /** It may change where requests go, and begins the session anew (RFC 3311, RFC 4028). */
    boolean refreshes() {
        return invite() || plan.method().equals("UPDATE");
    }

    boolean bye() {
        return plan.method().equals("BYE");
    }

    /** Whether no other target may be asked: one answers, or is still being waited for. */
    boolean isHeld() {
        return living.stream().anyMatch(one -> one == current || one.proceeding);
    }

    void stopSilence() {
        if (silence != null) {
            silence.cancel();
            silence = null;
        }
    }

    /** It has its outcome: nothing more of it is sent, and what still comes is absorbed. */
    void finish() {
        over = true;
        stopSilence();
        if (patience != null) {
            patience.cancel();
        }
        living.forEach(InDialogAttempt::stopRepeating);
    }

    /** Ends what is left of it, heard or not. */
    void abandon(long nowNanos) {
        List.copyOf(living).forEach(one -> one.abandon(nowNanos));
    }
}

package dev.roomline.bridge.call;

import dev.roomline.bridge.signal.Signal;
import dev.roomline.bridge.signal.Signal.Later;
import dev.roomline.sip.endpoint.DialogId;
import dev.roomline.sip.endpoint.RequestId;
import dev.roomline.sip.endpoint.SipCommand;
import dev.roomline.sip.endpoint.SipEvent.ResponseReceived;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipRequest;
import dev.roomline.sip.refer.Notice;
import dev.roomline.sip.refer.Referral;
import dev.roomline.sip.refer.Referral.Cause;
import dev.roomline.sip.refer.Referral.Phase;
import dev.roomline.sip.refer.SipFrag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The transfers of one call that an application ordered: one REFER of ours after another, and what
 * becomes of each (RFC 3515, RFC 5589 §6). Owner: the signalling loop.
 */
final class Transfers {
    /** Tags of REFERs: other requests in a dialog have tags near zero. */
    private static final long TAGS = Long.MIN_VALUE;

    private static final long MOST_TAGS = 1L << 32;

    /** Steps that are remembered of one call. */
    private static final int MOST_STEPS = 64;

    private final SipPort sip;
    private final Signal signal;
    private final Consumer<Runnable> guarded;
    private final Consumer<Transfer> told;
    private final List<Transfer> steps = new ArrayList<>(0);

    /** Subscriptions that are over or given up: what comes for them is not for a later one. */
    private final Set<String> spent = new HashSet<>(0);

    private long tag = TAGS;
    private @Nullable Running running;

    /** One that an application ordered. */
    private static final class Running {
        final Referral referral = new Referral();
        final String to;
        final CompletableFuture<Transfer> taken = new CompletableFuture<>();
        final CompletableFuture<Transfer> over = new CompletableFuture<>();
        @Nullable Later deadline;

        Running(String to) {
            this.to = to;
        }
    }

    /**
     * @param guarded runs a step of the call that time alone causes
     * @param told hears each step of a transfer
     */
    Transfers(SipPort sip, Signal signal, Consumer<Runnable> guarded, Consumer<Transfer> told) {
        this.sip = sip;
        this.signal = signal;
        this.guarded = guarded;
        this.told = told;
    }

    /** What happened of all of them, in order. */
    List<Transfer> steps() {
        return List.copyOf(steps);
    }

    boolean isUnderWay() {
        return running != null && !running.referral.phase().isOver();
    }

    /**
     * Asks the far end to call somebody else.
     *
     * @param to as it was ordered
     * @param referTo a URI
     * @param referredBy who asks (RFC 3892), a URI
     */
    LiveCalls.Transferring begin(DialogId dialog, String to, String referTo, String referredBy) {
        HeaderField target = new HeaderField("Refer-To", '<' + referTo + '>');
        return begin(dialog, to, List.of(target, by(referredBy)), null);
    }

    /**
     * Asks the far end to take our place in another call of ours, at whose far end it is awaited
     * (attended).
     *
     * @param to the other call, as it was ordered
     */
    LiveCalls.Transferring connect(DialogId dialog, String to, DialogId other, String referredBy) {
        return begin(dialog, to, List.of(by(referredBy)), other);
    }

    private static HeaderField by(String uri) {
        return new HeaderField("Referred-By", '<' + uri + '>');
    }

    private LiveCalls.Transferring begin(
            DialogId dialog, String to, List<HeaderField> headers, @Nullable DialogId other) {
        if (running != null) {
            spent.add(running.referral.id());
        }
        Running next = new Running(to);
        running = next;
        told(next, Phase.SENT, Cause.NONE, null);
        sip.command(new SipCommand.SendInDialog(dialog, ++tag, "REFER", headers, null, other));
        return new LiveCalls.Transferring.Begun(next.taken, next.over);
    }

    /**
     * The far end's answer to a request in the dialog.
     *
     * @return false if that is none of ours
     */
    boolean responded(ResponseReceived response) {
        if (response.tag() > TAGS + MOST_TAGS) {
            return false;
        }
        if (response.tag() == tag && running != null) {
            handle(
                    running,
                    new Referral.Input.Answered(response.status(), response.reasonPhrase()),
                    null);
        }
        return true;
    }

    /** A NOTIFY came. */
    void notified(RequestId request, SipRequest notify) {
        switch (Notice.read(notify)) {
            case Notice.Reading.Bad(int status, List<HeaderField> headers) ->
                    reply(request, status, headers);
            case Notice.Reading.Good(Notice notice) -> {
                Running current = running;
                boolean late = !notice.id().isEmpty() && spent.contains(notice.id());
                if (current == null || late) {
                    // RFC 6665 §4.1.3: there is no such subscription
                    reply(request, 481, List.of());
                } else {
                    handle(current, new Referral.Input.Notified(notice), request);
                }
            }
        }
    }

    /** The call has ended. */
    void end() {
        if (running != null) {
            handle(running, new Referral.Input.HungUp(), null);
        }
    }

    private void handle(Running one, Referral.Input input, @Nullable RequestId notify) {
        one.referral.handle(
                input,
                signal.nanoTime(),
                new Referral.Outbox() {
                    @Override
                    public void reply(int status) {
                        if (notify != null) {
                            Transfers.this.reply(notify, status, List.of());
                        }
                    }

                    @Override
                    public void became(Phase phase, Cause cause, @Nullable SipFrag said) {
                        told(one, phase, cause, said);
                    }
                });
        remind(one);
    }

    private void remind(Running one) {
        if (one.deadline != null) {
            one.deadline.cancel();
            one.deadline = null;
        }
        long due = one.referral.nextDeadlineNanos();
        if (due != Long.MAX_VALUE) {
            one.deadline =
                    signal.after(
                            Duration.ofNanos(Math.max(0, due - signal.nanoTime())),
                            () ->
                                    guarded.accept(
                                            () ->
                                                    handle(
                                                            one,
                                                            new Referral.Input.DeadlineReached(),
                                                            null)));
        }
    }

    private void told(Running one, Phase phase, Cause cause, @Nullable SipFrag said) {
        Transfer step =
                new Transfer(
                        one.to,
                        phase,
                        cause,
                        said == null ? 0 : said.status(),
                        TransferWords.of(phase, cause, said),
                        signal.now());
        if (steps.size() >= MOST_STEPS) {
            steps.removeFirst();
        }
        steps.add(step);
        told.accept(step);
        if (phase != Phase.SENT) {
            one.taken.complete(step);
        }
        if (phase.isOver()) {
            one.over.complete(step);
        }
    }

    private void reply(RequestId to, int status, List<HeaderField> headers) {
        sip.command(new SipCommand.Respond(to, status, null, headers, null));
    }
}

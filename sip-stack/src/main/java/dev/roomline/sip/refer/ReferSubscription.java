package dev.roomline.sip.refer;

import dev.roomline.sip.message.Body;
import dev.roomline.sip.message.HeaderField;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a peer is told of the call that its REFER asked for: the subscription that a REFER makes
 * (RFC 3515 §2.4.4), from its first NOTIFY, which says 100, to the one that tells the end. One
 * NOTIFY at a time; what happens meanwhile is told by the next, so that none overtakes another.
 * Sans-IO. Owner: the signalling loop.
 */
public final class ReferSubscription {
    private static final long SECONDS = 180;

    private final HeaderField event;
    private final long endNanos;
    private SipFrag known = SipFrag.of(100);
    private boolean told;
    private boolean underWay;
    private boolean over;

    /** What happens to it. */
    public sealed interface Input {
        /** The new call has come so far. */
        record Progressed(SipFrag to) implements Input {}

        /** A NOTIFY was answered, or not at all: 408. */
        record Answered(int status) implements Input {}

        /** The dialog is over. */
        record HungUp() implements Input {}

        record DeadlineReached() implements Input {}
    }

    /** What comes of it. */
    public interface Outbox {
        void notify(List<HeaderField> headers, Body body);
    }

    /**
     * @param id the REFER's CSeq; null of the first in its dialog, which needs none (§2.4.6)
     */
    public ReferSubscription(@Nullable Long id, long nowNanos, Outbox outbox) {
        event = new HeaderField("Event", Notice.PACKAGE + (id == null ? "" : ";id=" + id));
        endNanos = nowNanos + TimeUnit.SECONDS.toNanos(SECONDS);
        // RFC 6665 §4.2.1.2: at once, so that the peer knows that it is told
        tell(nowNanos, false, outbox);
    }

    public boolean isOver() {
        return over;
    }

    /** {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineNanos() {
        return over ? Long.MAX_VALUE : endNanos;
    }

    public void handle(Input input, long nowNanos, Outbox outbox) {
        if (over) {
            return;
        }
        switch (input) {
            case Input.Progressed(SipFrag to) -> {
                if (!known.isFinal() && to.status() != known.status()) {
                    known = to;
                    told = false;
                    tellIfFree(nowNanos, outbox);
                }
            }
            case Input.Answered(int status) -> {
                underWay = false;
                // RFC 6665 §4.2.2: who refuses it, or is not there, listens no more
                over = status >= 300;
                tellIfFree(nowNanos, outbox);
            }
            case Input.HungUp _ -> over = true;
            case Input.DeadlineReached _ -> {
                if (endNanos - nowNanos <= 0) {
                    tell(nowNanos, true, outbox);
                }
            }
        }
    }

    private void tellIfFree(long nowNanos, Outbox outbox) {
        if (!underWay && !told && !over) {
            tell(nowNanos, false, outbox);
        }
    }

    private void tell(long nowNanos, boolean late, Outbox outbox) {
        told = true;
        underWay = true;
        over = late || known.isFinal();
        long left = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(endNanos - nowNanos));
        String state =
                !over
                        ? "active;expires=" + left
                        : "terminated;reason=" + (known.isFinal() ? "noresource" : "timeout");
        outbox.notify(List.of(event, new HeaderField("Subscription-State", state)), known.body());
    }
}
